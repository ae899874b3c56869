/** The columns of a batch as vectors. */

import type { ColumnData, ColumnField, ColumnKind } from "../../columns/batch.js";
import { wordHalves } from "../../columns/int64.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { ArgumentError } from "../../errors.js";
import { LongBlock } from "./long-block.js";
import type { TextVector, Vector } from "./vectors.js";

export interface BoundColumn {
  readonly vector: Vector;
  /** Gives the vector the data of a batch. */
  bind(data: ColumnData): void;
}

/** @throws ArgumentError `INVALID_ARGUMENT` from `bind` if the data are of another kind than the field says */
export function columnVector(field: ColumnField): BoundColumn {
  const kind = columnKind(field.type);
  if (kind === "array" || kind === "mask") throw new TypeError(`a condition cannot name a ${field.type} column`);
  return BOUND_COLUMNS[kind](field);
}

const BOUND_COLUMNS: Readonly<Record<Exclude<ColumnKind, "array" | "mask">, typeof columnVector>> = {
  long: longColumn,
  double: doubleColumn,
  bool: boolColumn,
  string: textColumn,
};

function mismatch(field: ColumnField, data: ColumnData): Error {
  const message = `Column "${field.name}" is of type ${field.type}, but the batch holds ${data.kind} values for it`;
  return new ArgumentError("INVALID_ARGUMENT", message, { column: field.name });
}

function boolColumn(field: ColumnField): BoundColumn {
  let source = new Uint8Array(0);
  const vector: Vector = {
    kind: "bool",
    values: source,
    load(start, count) {
      this.values = source.subarray(start, start + count);
    },
  };
  return {
    vector,
    bind(data) {
      if (data.kind !== "bool") throw mismatch(field, data);
      source = data.values as Uint8Array<ArrayBuffer>;
    },
  };
}

function doubleColumn(field: ColumnField): BoundColumn {
  let source = new Float64Array(0);
  const vector: Vector = {
    kind: "double",
    values: source,
    load(start, count) {
      this.values = source.subarray(start, start + count);
    },
  };
  return {
    vector,
    bind(data) {
      if (data.kind !== "double") throw mismatch(field, data);
      source = data.values as Float64Array<ArrayBuffer>;
    },
  };
}

/** The vector of a long column keeps what it has converted: a column may stand in several places of a condition. */
function longColumn(field: ColumnField): BoundColumn {
  let source = new BigInt64Array(0);
  let words: Int32Array = new Int32Array(0);
  let loaded = -1;
  const block = new LongBlock();
  const vector: Vector = {
    kind: "long",
    block,
    load(start, count) {
      if (loaded === start) return;
      block.setColumn(source.subarray(start, start + count), words.subarray(2 * start, 2 * (start + count)));
      loaded = start;
    },
  };
  return {
    vector,
    bind(data) {
      if (data.kind !== "long") throw mismatch(field, data);
      source = data.values as BigInt64Array<ArrayBuffer>;
      words = wordHalves(source);
      loaded = -1;
    },
  };
}

function textColumn(field: ColumnField): BoundColumn {
  const vector: TextVector = {
    kind: "text",
    bytes: new Uint8Array(0),
    offsets: new Int32Array(1),
    start: 0,
    hasNuls: false,
    load(start) {
      this.start = start;
    },
  };
  return {
    vector,
    bind(data) {
      if (data.kind !== "string") throw mismatch(field, data);
      vector.bytes = data.bytes;
      vector.offsets = data.offsets;
      const { buffer, byteOffset, byteLength } = data.bytes;
      vector.hasNuls = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).includes(0);
    },
  };
}
