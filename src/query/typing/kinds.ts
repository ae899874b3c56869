/** The kinds of value numexpr distinguishes, and what is made of operands of several kinds. */
import type { ColumnField } from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";

/** int is 32 bits wide, long 64, float is float32, double float64. */
export type Kind = "bool" | "int" | "long" | "float" | "double" | "text";

const RANKED: readonly Kind[] = ["bool", "int", "long", "float", "double"];

/** Letter of a kind in numexpr's signatures. */
export const KIND_CODES: Record<Kind, string> = { bool: "b", int: "i", long: "l", float: "f", double: "d", text: "s" };

export const CODE_KINDS: Record<string, Kind> = Object.fromEntries(
  Object.entries(KIND_CODES).map(([kind, code]) => [code, kind as Kind]),
);

export function kindRank(kind: Kind): number {
  return RANKED.indexOf(kind);
}

/** The highest of some kinds of number; undefined where text meets numbers. */
export function commonKind(kinds: readonly Kind[]): Kind | undefined {
  const texts = kinds.filter((kind) => kind === "text").length;
  if (texts > 0) return texts === kinds.length ? "text" : undefined;
  return RANKED[Math.max(...kinds.map(kindRank))];
}

export function isWhole(kind: Kind): boolean {
  return kind === "int" || kind === "long";
}

/** The kind of a column's values; undefined for array and mask columns, which conditions cannot use. */
export function columnValueKind(field: ColumnField): Kind | undefined {
  const kind = columnKind(field.type);
  if (kind === "string") return "text";
  return kind === "array" || kind === "mask" ? undefined : kind;
}

const DESCRIPTIONS: Record<Kind, string> = {
  bool: "true or false",
  int: "a whole number",
  long: "a whole number",
  float: "a number",
  double: "a number",
  text: "text",
};

export function describeKind(kind: Kind): string {
  return DESCRIPTIONS[kind];
}
