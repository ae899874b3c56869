/** CSV as text, in other encodings and gzipped. */
import { gzipSync } from "node:zlib";
import { type OpenCsvOptions, openCsv } from "../../../src/csv/index.js";
import { checkBatch } from "../../support/check-batch.js";
import type { Decoder, Seed } from "../decoder.js";

const TYPED = `image,name,"mean, area",ok,when
1,"a ""quoted"" cell",1.5e-3,TRUE,2020-01-01
2,"line
break",NaN,False,
9223372036854775807,été 🔬,-inf,TRUE,2021-02-03
`;
const COMMENTED = `# made by hand\n1,'it is ''quoted''',3 # three\n4,five,6\n`;
const MANY_ROWS = `n;x;s\n${Array.from({ length: 400 }, (_, row) => `${row};${row / 7};"text ${row}"`).join("\n")}`;
const MANY_COLUMNS = [0, 1, 2].map(() => Array.from({ length: 300 }, (_, column) => column).join("\t")).join("\r\n");

export const csv: Decoder = {
  name: "CSV",
  share: 3,
  // Blocks and columns of a reader have their size whatever the input.
  memory: { perByte: 256, free: 64 << 20 },
  seeds: () => [...[TYPED, MANY_ROWS, MANY_COLUMNS].flatMap(seedsOf), commented()],
};

function seedsOf(text: string): Seed[] {
  const utf8 = Uint8Array.from(Buffer.from(text));
  const utf16 = Uint8Array.from(Buffer.from(`\ufeff${text}`, "utf16le"));
  return [
    { bytes: utf8, decode: reading({}) },
    // Read twice: nothing is kept of the first reading.
    { bytes: utf8, decode: reading({ keptBytes: 0 }) },
    { bytes: utf16, decode: reading({}) },
    { bytes: Uint8Array.from(gzipSync(utf8)), decode: reading({}) },
    { bytes: Uint8Array.from(gzipSync(utf16)), decode: reading({ repairNames: true }) },
  ];
}

function commented(): Seed {
  return { bytes: Buffer.from(COMMENTED), decode: reading({ quote: "'", comment: "#", header: false }) };
}

const reading = (options: OpenCsvOptions) => async (bytes: Uint8Array) => {
  const table = await openCsv([bytes], options);
  try {
    for await (const batch of table.batches(64)) checkBatch(batch);
  } finally {
    await table.close();
  }
};
