import { parse } from "csv-parse/sync";
import { bench, describe } from "vitest";
import { openCsv } from "../../src/formats/csv/index.js";
import { CsvWriter, csvBlocks, csvHeader } from "../../src/formats/csv/write/csv-writer.js";
import { sampleBatch } from "./sample.js";

const batch = sampleBatch();
const headed = { ...batch, fields: batch.fields };
const text = Buffer.concat([csvHeader(headed.fields), ...copied(csvBlocks(headed))]);

/** A block may be the writer's own memory. */
function copied(blocks: Iterable<Uint8Array>): Uint8Array[] {
  return Array.from(blocks, (block) => block.slice());
}

describe("CSV of 100,000 x 10 into columns", () => {
  bench("omero2frame", async () => {
    const table = await openCsv([text], { repairNames: true });
    for await (const _ of table.batches(65_536));
    await table.close();
  });
  bench("csv-parse, cells as text", () => {
    parse(text);
  });
  bench("csv-parse, cells as numbers", () => {
    parse(text, { cast: true });
  });
});

describe("100,000 x 10 into CSV", () => {
  bench("omero2frame", () => {
    for (const _ of new CsvWriter().write(batch));
  });
});
