import { bench, describe } from "vitest";
import { takeRows } from "../../src/columns/batch-operations.js";
import { ROWS, sampleBatch } from "./sample.js";

const batch = sampleBatch();
const tenth = Int32Array.from({ length: ROWS / 10 }, (_, index) => index * 10 + (index % 7));
const half = Int32Array.from({ length: ROWS / 2 }, (_, index) => index + (index < ROWS / 4 ? 0 : ROWS / 4));

describe("rows of 100,000 x 10", () => {
  bench("one in ten", () => {
    takeRows(batch, tenth, Float64Array.from(tenth));
  });
  bench("two runs of a quarter", () => {
    takeRows(batch, half, Float64Array.from(half));
  });
});
