import { bench, describe } from "vitest";
import { decodeParams } from "../../src/connect/ice/codec/codec.js";
import { type ColumnInstance, fromColumnBatch, toColumnBatch } from "../../src/connect/ice/codec/columns/columns.js";
import { getOperation } from "../../src/connect/ice/schema/schema.js";
import { encodedParams } from "../../test/connect/ice/encoded-params.js";
import { opaqueProxies } from "../../test/connect/ice/opaque-proxies.js";
import { sampleBatch } from "./sample.js";

const batch = sampleBatch();
const addData = getOperation("omero::grid::Table", "addData");
const message = encodedParams(addData, [fromColumnBatch(batch)], opaqueProxies);

describe("column blocks of 100,000 x 10", () => {
  bench("decode", () => {
    const [columns] = decodeParams(addData, message, opaqueProxies);
    toColumnBatch(columns as ColumnInstance[], { start: 0, step: 1 });
  });
  bench("encode", () => {
    encodedParams(addData, [fromColumnBatch(batch)], opaqueProxies);
  });
});
