/** Values that folders are named by (`plate=3`), as Hive and Spark do: what they are, and of which type their column is. */
import type { ArrowColumn } from "../arrow/arrow-columns.js";

/** A folder's name: which column has which value; undefined for a missing one. */
export interface FolderValue {
  readonly column: string;
  readonly text: string | undefined;
}

/** A column whose values are in names of folders. */
export interface FolderColumn {
  readonly name: string;
  readonly type: "long" | "double" | "text";
}

/** What folders of missing values, and with Spark of empty text, are called. */
const NO_VALUE = "__HIVE_DEFAULT_PARTITION__";
const FOLDER = /^([^=]+)=(.*)$/s;
const INTEGER = /^[+-]?\d+$/;
const DOUBLE = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;
const ESCAPED = /(?:%[0-9a-f]{2})+/gi;
const [LEAST, GREATEST] = [-(2n ** 63n), 2n ** 63n - 1n];
const EXACT = 2 ** 53;

/** Undefined for a folder of another kind. */
export function folderValue(folder: string): FolderValue | undefined {
  const [, column, value] = FOLDER.exec(folder) ?? [];
  if (column === undefined) return undefined;
  return { column: unescaped(column), text: value === NO_VALUE ? undefined : unescaped(value!) };
}

/** What is escaped by `%` is UTF-8; what is not stays as it is. */
function unescaped(text: string): string {
  return text.replace(ESCAPED, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}

/** The column of all its values: of whole numbers or of numbers where all are such, and none would be rounded; else of text. */
export function folderColumn(name: string, texts: Iterable<string | undefined>): FolderColumn {
  const values = [...texts].filter((text) => text !== undefined);
  if (values.length === 0) return { name, type: "text" };
  if (values.every(isLong)) return { name, type: "long" };
  return { name, type: values.every(isDouble) ? "double" : "text" };
}

function isLong(text: string): boolean {
  return INTEGER.test(text) && BigInt(text) >= LEAST && BigInt(text) <= GREATEST;
}

function isDouble(text: string): boolean {
  return DOUBLE.test(text) && (!INTEGER.test(text) || Math.abs(Number(text)) <= EXACT);
}

/** Orders values: numbers by their size, text by its characters, missing ones last. */
export function compareValues({ type }: FolderColumn, a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (type === "text") return a < b ? -1 : Number(a > b);
  const [one, other] = type === "long" ? [BigInt(a), BigInt(b)] : [Number(a), Number(b)];
  return one < other ? -1 : Number(one > other);
}

/** The value for each of some rows. */
export function repeatedValue({ type }: FolderColumn, text: string | undefined, rowCount: number): ArrowColumn {
  if (text === undefined) return { kind: "values", values: new Array<undefined>(rowCount).fill(undefined) };
  if (type === "long") return { kind: "values", values: new BigInt64Array(rowCount).fill(BigInt(text)) };
  if (type === "double") return { kind: "values", values: new Float64Array(rowCount).fill(Number(text)) };
  return { kind: "values", values: new Array<string>(rowCount).fill(text) };
}
