/**
 * Arrow tables as sources of rows: what is in their buffers is not to be trusted. How large the buffers are is not damaged:
 * Arrow's own reader sees to that.
 */
import * as arrowModule from "apache-arrow";
import { type ColumnBatch, type ColumnType, field } from "../../../src/columns/batch.js";
import { toArrowTable } from "../../../src/formats/arrow/arrow-sink.js";
import type { BatchStreamOptions } from "../../../src/formats/format.js";
import { openSource } from "../../../src/formats/open-source.js";
import { RandomValues } from "../../connect/ice/random-values.js";
import { checkBatch } from "../../support/check-batch.js";
import type { Decoder, Seed } from "../decoder.js";

const { MessageReader, Table, tableFromIPC, tableToIPC, vectorFromArray } = arrowModule;
const { Bool, DateMillisecond, Dictionary, Float64, Int32, Int64, List, Field, TimestampMicrosecond, Utf8 } =
  arrowModule;

const TYPES: readonly ColumnType[] = ["Long", "Double", "Bool", "String", "DoubleArray", "Mask"];
const OPTIONS: BatchStreamOptions = {
  types: new Map(),
  checkNames: () => {},
  csv: {},
  onWarning: () => {},
  signal: undefined,
  onProgress: undefined,
};

export const arrow: Decoder = {
  name: "Arrow tables",
  share: 4,
  memory: { perByte: 512, free: 16 << 20 },
  async seeds() {
    const batches = [1, 20].map(randomBatch);
    const tables = await Promise.all(batches.map((batch) => toArrowTable(once(batch))));
    return [...tables, tableWithGaps()].map((table) => seedOf(tableToIPC(table, "stream")));
  },
};

function randomBatch(rowCount: number): ColumnBatch {
  const random = new RandomValues(rowCount);
  const fields = TYPES.map((type) => field(type, type, 2));
  const columns = TYPES.map((type) => random.column(type, rowCount, 2));
  return { fields, columns, rowCount, rowNumbers: { start: 0, step: 1 } };
}

async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}

/** Nulls, dictionaries, lists and times. */
function tableWithGaps(): arrowModule.Table {
  return new Table({
    integers: vectorFromArray([1n, null, 3n], new Int64()),
    numbers: vectorFromArray([0.5, null, 1], new Float64()),
    texts: vectorFromArray(["é", null, "two words"], new Utf8()),
    bools: vectorFromArray([true, null, false], new Bool()),
    coded: vectorFromArray(["a", "b", null], new Dictionary(new Utf8(), new Int32())),
    lists: vectorFromArray([[1], [2], [3]], new List(new Field("item", new Float64()))),
    dates: vectorFromArray([new Date(0), null, new Date(1)], new DateMillisecond()),
    times: vectorFromArray([1, null, 2], new TimestampMicrosecond()),
  });
}

function seedOf(stream: Uint8Array): Seed {
  const spans = bodies(stream);
  const decode = (bytes: Uint8Array) => readArrow(withBodies(stream, spans, bytes));
  return { bytes: Uint8Array.from(Buffer.concat(spans.map(([start, stop]) => stream.subarray(start, stop)))), decode };
}

/** Where the buffers are among the messages of a stream: each a marker, the size of its description, this and its body. */
function bodies(stream: Uint8Array): [start: number, stop: number][] {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const spans: [number, number][] = [];
  let at = 0;
  for (const message of new MessageReader(stream)) {
    const start = at + 8 + view.getInt32(at + 4, true);
    at = start + message.bodyLength;
    spans.push([start, at]);
  }
  return spans;
}

function withBodies(stream: Uint8Array, spans: readonly [number, number][], bytes: Uint8Array): Uint8Array {
  const copy = stream.slice();
  let taken = 0;
  for (const [start, stop] of spans) {
    copy.set(bytes.subarray(taken, taken + stop - start), start);
    taken += stop - start;
  }
  return copy;
}

async function readArrow(bytes: Uint8Array): Promise<void> {
  const source = await openSource(tableFromIPC(bytes), OPTIONS);
  try {
    for await (const batch of source.batches(8)) checkBatch(batch);
  } finally {
    await source.close();
  }
}
