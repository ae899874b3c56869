/**
 * How a table of more columns than a server keeps is laid out: several tables of one name, the parts, which have the same
 * rows. Each begins with a column that numbers the rows and says of which group of tables it is a part, and repeats the
 * columns of ids.
 */
import { type ColumnField, field } from "../../columns/batch.js";
import type { TableMetadata } from "../../columns/table.js";

/** Name of the column of row numbers. */
const KEY = "row_key";
/** Metadata of each part: the ids of all parts' files, in order, as JSON. */
export const PART_FILES = "split.files";
/** Metadata that only parts have. */
const METADATA = { group: "split.group", part: "split.part", parts: "split.parts" } as const;
/** Description of a column that another part has as well. */
const REPEATED = JSON.stringify({ repeated: true });

/** Which part of which group of tables. */
export interface TablePart {
  /** Of all parts of one table, and of no other's. */
  readonly group: string;
  /** From 1. */
  readonly part: number;
  readonly parts: number;
}

/** The column of row numbers of a part. @param names those that are taken */
export function keyField(part: TablePart, names: ReadonlySet<string>): ColumnField {
  let name = KEY;
  while (names.has(name)) name += "_";
  return field(name, "Long", 1, JSON.stringify(part));
}

/** Which part a table with these columns is; undefined for a table that is whole. */
export function partOf([first]: readonly ColumnField[]): TablePart | undefined {
  if (first === undefined || first.type !== "Long" || !first.name.startsWith(KEY)) return undefined;
  const told = parsed(first.description);
  const { group, part, parts } = told as Partial<TablePart>;
  if (typeof group !== "string" || !Number.isSafeInteger(part) || !Number.isSafeInteger(parts)) return undefined;
  return { group, part: part!, parts: parts! };
}

export function repeatedField(original: ColumnField): ColumnField {
  return { ...original, description: REPEATED };
}

export function isRepeated({ description }: ColumnField): boolean {
  return description === REPEATED;
}

export function partMetadata({ group, part, parts }: TablePart): [key: string, value: bigint | string][] {
  return [
    [METADATA.group, group],
    [METADATA.part, BigInt(part)],
    [METADATA.parts, BigInt(parts)],
  ];
}

/** Ids of the parts' files, in order, where the metadata tell them. */
export function partFiles(metadata: TableMetadata): number[] | undefined {
  const told = parsed(String(metadata.get(PART_FILES) ?? ""));
  const isList = Array.isArray(told) && told.every((id) => Number.isSafeInteger(id) && id >= 0);
  return isList ? (told as number[]) : undefined;
}

/** What a table's own metadata are, without those of its parts. */
export function metadataOfWhole(metadata: TableMetadata): TableMetadata {
  const own = new Set<string>([PART_FILES, ...Object.values(METADATA)]);
  return new Map([...metadata].filter(([key]) => !own.has(key)));
}

/** Nothing for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
