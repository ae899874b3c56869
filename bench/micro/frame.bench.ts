import { bench, describe } from "vitest";
import { toArrowTable } from "../../src/formats/arrow/arrow-sink.js";
import { toDataFrame } from "../../src/formats/frame/frame.js";
import { ROWS, sampleBatch } from "./sample.js";

const batch = sampleBatch();

async function* one() {
  yield batch;
}

describe("100,000 x 10 as a table", () => {
  bench("danfojs frame", async () => {
    await toDataFrame(one(), { rowCount: ROWS });
  });
  bench("Arrow", async () => {
    await toArrowTable(one());
  });
});
