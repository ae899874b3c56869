/** A caller's condition, checked against the table's columns before it is sent. */
import type { ColumnField } from "../batch.js";
import { isRType, type RType, rbool, rdouble, rlong, rstring } from "../rtypes.js";
import type { PreparedCondition } from "./hits.js";

export type PlainValue = string | number | bigint | boolean;
/** Values for the names in a condition that are no columns. */
export type VariablesOption = ReadonlyMap<string, RType | PlainValue> | Readonly<Record<string, RType | PlainValue>>;

export function prepareCondition(
  query: string,
  _fields: readonly ColumnField[],
  variables: VariablesOption | undefined,
): PreparedCondition {
  const entries = variables instanceof Map ? [...variables] : Object.entries(variables ?? {});
  return { condition: query, variables: new Map(entries.map(([name, value]) => [name, toRType(value)])) };
}

function toRType(value: RType | PlainValue): RType {
  if (isRType(value)) return value;
  if (typeof value === "string") return rstring(value);
  if (typeof value === "boolean") return rbool(value);
  return typeof value === "bigint" || Number.isSafeInteger(value) ? rlong(value) : rdouble(value);
}
