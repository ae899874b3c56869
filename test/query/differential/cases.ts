/** The form in which conditions and tables go to the reference evaluator and its answers come back. */
import type { ColumnBatch, ColumnData } from "../../../src/columns/batch.js";
import { type RType, rbool, rdouble, rfloat, rint, rlong, rstring } from "../../../src/rtypes.js";

/** Numbers as text: JSON has no NaN, no infinities and no int64. */
export interface WrittenVariable {
  readonly type: string;
  readonly value: string;
}
export type WrittenVariables = Record<string, WrittenVariable>;

/** Rows that meet a condition, or the name of Python's exception; "crash" if the evaluator's process ended. */
export type Outcome = readonly number[] | string;

export interface WrittenCondition {
  readonly condition: string;
  readonly variables: WrittenVariables;
  readonly outcome?: Outcome;
}

export interface DifferentialCase extends WrittenCondition {
  /** What is sent instead, if `checkCondition` accepts the condition and changes it. */
  readonly sent?: WrittenCondition;
}

export interface WrittenColumn {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly values: readonly string[];
}

export interface DifferentialFixture {
  readonly evaluator?: string;
  readonly table: readonly WrittenColumn[];
  readonly cases: readonly DifferentialCase[];
}

export function writeVariables(variables: ReadonlyMap<string, RType>): WrittenVariables {
  const written: WrittenVariables = {};
  for (const [name, { iceId, val }] of variables)
    written[name] = { type: iceId.slice("::omero::R".length), value: numeral(val) };
  return written;
}

export function readVariables(variables: WrittenVariables): Map<string, RType> {
  return new Map(Object.entries(variables).map(([name, written]) => [name, readVariable(written)]));
}

function readVariable({ type, value }: WrittenVariable): RType {
  switch (type) {
    case "Bool":
      return rbool(value === "true");
    case "Int":
      return rint(Number(value));
    case "Long":
      return rlong(BigInt(value));
    case "Float":
      return rfloat(Number(value));
    case "Double":
      return rdouble(Number(value));
    default:
      return rstring(value);
  }
}

function numeral(value: unknown): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Text as hexadecimal bytes, arrays and numbers row by row. */
export function writeTable({ fields, columns }: ColumnBatch): WrittenColumn[] {
  return fields.map(({ name, type, size }, index) => ({ name, type, size, values: writeColumn(columns[index]!) }));
}

function writeColumn(column: ColumnData): string[] {
  switch (column.kind) {
    case "string": {
      const { offsets, bytes } = column;
      const rows = Array.from({ length: offsets.length - 1 }, (_, row) =>
        bytes.subarray(offsets[row], offsets[row + 1]),
      );
      return rows.map((row) => Buffer.from(row).toString("hex"));
    }
    case "mask":
      return [];
    default:
      return Array.from(column.values as ArrayLike<number | bigint>, numeral);
  }
}
