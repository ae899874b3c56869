/** Which columns tell objects, by their names, their declared types or the types asked for. */
import type { ColumnField, ColumnKind, ColumnType } from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { NAMED_TYPES, type NamedType } from "../../gateway/names/hierarchy.js";

/** Columns of these names hold ids or names of objects, as `omero metadata populate` has it. */
const TYPES_BY_NAME: Readonly<Record<string, NamedType>> = {
  ...Object.fromEntries(NAMED_TYPES.map((type) => [type.toLowerCase(), type])),
  ...spellings("plate name", "Plate"),
  ...spellings("well name", "Well"),
  ...spellings("image id", "Image"),
  ...spellings("roi id", "Roi"),
  ...spellings("dataset id", "Dataset"),
};

/** Names stay in columns of these names, beside those of the ids. */
const KEPT_NAMES: Readonly<Record<string, NamedType>> = {
  "dataset name": "Dataset",
  "image name": "Image",
  "roi name": "Roi",
};

/** A column that tells an object in each row. */
export interface ColumnRole {
  readonly type: NamedType;
  /** Position of the column in its source. */
  readonly position: number;
  readonly given: "names" | "ids";
  /** Whether the names stay under their column's name. */
  readonly kept: boolean;
}

/** Two columns that tell a well by its row and column. */
export interface WellPlaceRole {
  readonly type: "Well";
  readonly given: "place";
  readonly row: number;
  readonly column: number;
}

/** The columns named "row" and "column" (or "col"), in any case, where both are there. */
export function wellPlaceRole(fields: readonly ColumnField[]): WellPlaceRole | undefined {
  const named = (...names: string[]) =>
    fields.findIndex(
      ({ name, type }) => names.includes(name.trim().toLowerCase()) && PLACE_KINDS.has(columnKind(type)),
    );
  const [row, column] = [named("row"), named("column", "col")];
  return row < 0 || column < 0 ? undefined : { type: "Well", given: "place", row, column };
}

const PLACE_KINDS: ReadonlySet<ColumnKind> = new Set(["long", "double", "string"]);

/** @param types declared by the source, or asked for, by column */
export function columnRoles(fields: readonly ColumnField[], types: ReadonlyMap<string, ColumnType>): ColumnRole[] {
  const roles = fields.flatMap((field, position) => roleOf(field, position, types.get(field.name)) ?? []);
  return roles.filter((role, index) => roles.findIndex((other) => isSame(other, role)) === index);
}

/** Objects of one type are told by one column; where several would, by the first. */
function isSame(one: ColumnRole, other: ColumnRole): boolean {
  return one.type === other.type && one.kept === other.kept;
}

function roleOf({ name, type }: ColumnField, position: number, asked: ColumnType | undefined): ColumnRole | undefined {
  const kind = columnKind(type);
  if (kind !== "string" && kind !== "long") return undefined;
  const given = kind === "string" ? "names" : "ids";
  const key = name.trim().toLowerCase();
  const beside = Object.hasOwn(KEPT_NAMES, key) ? KEPT_NAMES[key] : undefined;
  if (beside !== undefined) return given === "names" ? { type: beside, position, given, kept: true } : undefined;
  if (asked !== undefined) return isNamedType(asked) ? { type: asked, position, given, kept: false } : undefined;
  const named = Object.hasOwn(TYPES_BY_NAME, key) ? TYPES_BY_NAME[key] : undefined;
  return named === undefined ? undefined : { type: named, position, given, kept: false };
}

export function isNamedType(type: ColumnType): type is NamedType {
  return (NAMED_TYPES as readonly string[]).includes(type);
}

/** "plate name", "plate_name" and "platename". */
function spellings(name: string, type: NamedType): Record<string, NamedType> {
  return Object.fromEntries([" ", "_", ""].map((gap) => [name.replace(" ", gap), type]));
}
