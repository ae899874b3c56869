/** Columns of `omero::grid` as a server sends and takes them, up to the batch that a reader gets. */
import { type ColumnBatch, type ColumnField, type ColumnType, field } from "../../../src/columns/batch.js";
import { decodeParams, decodeResult, encodeResult } from "../../../src/connect/ice/codec/codec.js";
import {
  type ColumnInstance,
  columnFields,
  fromColumnBatch,
  toColumnBatch,
} from "../../../src/connect/ice/codec/columns/columns.js";
import type { Data } from "../../../src/connect/ice/schema/omero.js";
import { getOperation } from "../../../src/connect/ice/schema/schema.js";
import { CsvWriter } from "../../../src/formats/csv/write/csv-writer.js";
import { encodedParams } from "../../connect/ice/encoded-params.js";
import { opaqueProxies } from "../../connect/ice/opaque-proxies.js";
import { RandomValues } from "../../connect/ice/random-values.js";
import { checkBatch } from "../../support/check-batch.js";
import type { Decoder, Seed } from "../decoder.js";

const TYPES: readonly ColumnType[] = [
  "Image",
  "Bool",
  "Double",
  "Long",
  "String",
  "FloatArray",
  "DoubleArray",
  "LongArray",
  "Mask",
];
const operation = (name: string) => getOperation("omero::grid::Table", name);
const addData = operation("addData");
const update = operation("update");
const read = operation("read");
const getHeaders = operation("getHeaders");

export const columns: Decoder = {
  name: "column blocks",
  share: 25,
  seeds: () => [...TYPES.map((type) => [type]), TYPES, ["String", "String"] as const].flatMap(seedsOf),
};

function seedsOf(types: readonly ColumnType[], number: number): Seed[] {
  return [0, 1, 6, 300].flatMap((rowCount) => {
    const batch = randomBatch(types, rowCount, number);
    const data: Data = {
      iceId: "::omero::grid::Data",
      lastModification: 1n,
      rowNumbers: BigInt64Array.from({ length: rowCount }, (_, row) => BigInt(3 * row)),
      columns: fromColumnBatch(batch),
    };
    return [
      { bytes: encodedParams(addData, [data.columns], opaqueProxies), decode: readAdded },
      { bytes: encodedParams(update, [data], opaqueProxies), decode: readUpdate },
      { bytes: encodeResult(read, data, opaqueProxies), decode: readAnswer },
      { bytes: encodeResult(getHeaders, data.columns, opaqueProxies), decode: readHeaders },
    ];
  });
}

function randomBatch(types: readonly ColumnType[], rowCount: number, seed: number): ColumnBatch {
  const random = new RandomValues(seed);
  const fields = types.map((type, index): ColumnField => field(`column ${index}`, type, 3));
  const data = types.map((type) => random.column(type, rowCount, 3));
  return { fields, columns: data, rowCount, rowNumbers: { start: 0, step: 1 } };
}

function readAdded(bytes: Uint8Array): void {
  const [columns] = decodeParams(addData, bytes, opaqueProxies) as [ColumnInstance[]];
  use(toColumnBatch(columns, { start: 0, step: 1 }));
}

function readUpdate(bytes: Uint8Array): void {
  const [data] = decodeParams(update, bytes, opaqueProxies) as [Data | null];
  if (data) use(toColumnBatch(data.columns as ColumnInstance[], data.rowNumbers));
}

function readAnswer(bytes: Uint8Array): void {
  const data = decodeResult(read, bytes, opaqueProxies) as Data | null;
  if (data) use(toColumnBatch(data.columns as ColumnInstance[], data.rowNumbers));
}

function readHeaders(bytes: Uint8Array): void {
  columnFields(decodeResult(getHeaders, bytes, opaqueProxies) as ColumnInstance[]);
}

const writer = new CsvWriter();

function use(batch: ColumnBatch): void {
  checkBatch(batch);
  for (const _ of writer.write(batch));
}
