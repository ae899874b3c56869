/** Booleans, numbers, text and enumerators, checked and written. */
import { fitsInt64 } from "../../../columns/int64.js";
import type { WireError } from "../../../errors.js";
import type { BuiltinType, EnumerationType } from "../schema/schema.js";
import type { OutputBuffer } from "./output-buffer.js";
import { enumerationSize } from "./wire-size.js";

export type ScalarType = BuiltinType | EnumerationType;

/** Makes the errors for values that cannot be written, knowing where in a message they stand. */
export interface Complaints {
  fail(problem: string): WireError;
  mismatch(expected: string, value: unknown): WireError;
}

type NumberKind = Exclude<BuiltinType["kind"], "bool" | "long" | "string">;
const INTEGER_LIMITS = { byte: [-0x80, 0xff], short: [-0x8000, 0x7fff], int: [-0x80000000, 0x7fffffff] } as const;

export function writeScalar(output: OutputBuffer, type: ScalarType, value: unknown, complaints: Complaints): void {
  switch (type.kind) {
    case "bool":
      if (typeof value !== "boolean") throw complaints.mismatch("a boolean", value);
      output.writeBool(value);
      break;
    case "long":
      output.writeLong(toLong(value, complaints));
      break;
    case "string":
      output.writeString(toText(value, complaints));
      break;
    case "enumeration":
      writeEnumerator(output, type, value, complaints);
      break;
    default:
      writeNumber(output, type.kind, value, complaints);
  }
}

/** False, 0, "" or the first enumerator. */
export function defaultScalar(type: ScalarType): unknown {
  switch (type.kind) {
    case "bool":
      return false;
    case "long":
      return 0n;
    case "string":
      return "";
    case "enumeration":
      return type.enumerators[0];
    default:
      return 0;
  }
}

function toLong(value: unknown, complaints: Complaints): bigint {
  if (typeof value === "bigint" && fitsInt64(value)) return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  throw complaints.mismatch("a 64-bit integer (a bigint, or a safe integer)", value);
}

function toText(value: unknown, complaints: Complaints): string {
  if (value === null) return "";
  if (typeof value !== "string") throw complaints.mismatch("text", value);
  if (!isWellFormed(value)) throw complaints.fail("text with half a surrogate pair, which UTF-8 cannot hold");
  return value;
}

function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

function writeEnumerator(output: OutputBuffer, type: EnumerationType, value: unknown, complaints: Complaints): void {
  const index = type.enumerators.indexOf(value as string);
  if (index < 0) throw complaints.mismatch(`one of ${type.enumerators.join(", ")} (${type.id})`, value);
  const size = enumerationSize(type.enumerators.length);
  if (size === 1) output.writeByte(index);
  else if (size === 2) output.writeShort(index);
  else output.writeInt(index);
}

function writeNumber(output: OutputBuffer, kind: NumberKind, value: unknown, complaints: Complaints): void {
  const expected = kind === "int" ? "an int" : `a ${kind}`;
  if (typeof value !== "number") throw complaints.mismatch(expected, value);
  if (kind === "double") {
    output.writeDouble(value);
  } else if (kind === "float") {
    output.writeFloat(value);
  } else {
    const [least, greatest] = INTEGER_LIMITS[kind];
    if (!Number.isInteger(value) || value < least || value > greatest) throw complaints.mismatch(expected, value);
    if (kind === "byte") output.writeByte(value);
    else if (kind === "short") output.writeShort(value);
    else output.writeInt(value);
  }
}

/** Names the kind of a value and shows numbers; texts may be secret and are not shown. */
export function describeValue(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return "text";
  return typeof value === "object" ? `an object (${value.constructor?.name ?? "no class"})` : `a ${typeof value}`;
}
