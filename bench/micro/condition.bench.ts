import { bench, describe } from "vitest";
import { compileCondition } from "../../src/query/index.js";
import { sampleBatch } from "./sample.js";

const batch = sampleBatch();

describe("condition over 100,000 rows", () => {
  for (const text of ["label<100", "(f0>1)&(cls=='Nucleus')", "sqrt(f0**2+f1**2)<f2*image"]) {
    const condition = compileCondition(text, batch.fields);
    bench(text, () => {
      condition.evaluate(batch);
    });
  }
});
