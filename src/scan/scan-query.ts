/** A condition and its variables as JSON, in which numbers keep their kinds. */
import { ArgumentError } from "../errors.js";
import type { ConditionVariables, Query } from "../query/index.js";
import { isRType } from "../rtypes.js";

/** What JSON cannot tell apart is in an object with the name of its kind. */
export type ScanValue =
  | string
  | boolean
  | { readonly double: number | "NaN" | "Infinity" | "-Infinity" | "-0" }
  | { readonly long: string }
  | { readonly rtype: string; readonly val: ScanValue };

/** A condition of a job. */
export interface ScanQuery {
  /** The condition, in several parts where it is too long for one search: rows meet it that meet any of them. */
  readonly parts: readonly string[];
  /** Values of the names in it that are no columns. */
  readonly variables: Readonly<Record<string, ScanValue>>;
}

type Value = string | boolean | number | bigint;

/** @throws ArgumentError `INVALID_ARGUMENT` for variables that are lists */
export function scanQuery(query: Query, variables: ConditionVariables = {}): ScanQuery {
  const parts = typeof query === "string" ? [query] : (query.parts ?? [query.query]);
  const own = typeof query === "string" ? {} : (query.variables ?? {});
  const all = [...entriesOf(own), ...entriesOf(variables)];
  return { parts, variables: Object.fromEntries(all.map(([name, value]) => [name, scanValue(name, value)])) };
}

/** The same as the reading functions take it. */
export function queryOf({ parts, variables }: ScanQuery): Query {
  const values = new Map(Object.entries(variables).map(([name, value]) => [name, plainValueOf(value)]));
  return { query: parts[0]!, parts, variables: values as ConditionVariables };
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function checkScanQuery(query: unknown): void {
  if (query === undefined) return;
  const { parts, variables } = (query ?? {}) as { parts?: unknown; variables?: unknown };
  const areParts = Array.isArray(parts) && parts.length > 0 && parts.every((part) => typeof part === "string");
  const areValues = typeof variables === "object" && variables !== null && Object.values(variables).every(isScanValue);
  if (areParts && areValues) return;
  throw new ArgumentError(
    "INVALID_ARGUMENT",
    "This is no job of a scan: its query is wrong. Plan the scan with planScan",
  );
}

function entriesOf(variables: ConditionVariables): [string, unknown][] {
  return variables instanceof Map ? [...variables] : Object.entries(variables);
}

function scanValue(name: string, value: unknown): ScanValue {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return { long: String(value) };
  if (typeof value === "number") return { double: isPlainNumber(value) ? value : (textOf(value) as "NaN") };
  if (isRType(value) && "val" in value) return { rtype: value.iceId, val: scanValue(name, value.val) };
  throw new ArgumentError("INVALID_ARGUMENT", `The variable ${name} is of a kind that a job of a scan cannot hold`);
}

function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function textOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function plainValueOf(value: ScanValue): Value | { iceId: string; val: unknown } {
  if (typeof value !== "object") return value;
  if ("long" in value) return BigInt(value.long);
  if ("double" in value) return Number(value.double);
  return { iceId: value.rtype, val: plainValueOf(value.val) };
}

function isScanValue(value: unknown): boolean {
  if (typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value !== "object" || value === null) return false;
  const { long, double, rtype, val } = value as Record<string, unknown>;
  if (typeof long === "string") return /^-?\d{1,40}$/.test(long);
  if (rtype !== undefined) return typeof rtype === "string" && !isNested(val) && isScanValue(val);
  return typeof double === "number" || ["NaN", "Infinity", "-Infinity", "-0"].includes(String(double));
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null && "rtype" in value;
}
