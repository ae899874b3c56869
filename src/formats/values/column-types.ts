/** Which column of OMERO.tables each column of a source becomes. */
import { COLUMN_TYPES, type ColumnField, type ColumnType, field } from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { ArgumentError } from "../../errors.js";
import type { OnWarning } from "../../flow/warnings.js";
import { HDF5_RULES } from "../hdf5/rules/hdf5-rules.js";
import type { TableRules } from "../table-rules.js";
import { type ColumnContent, type ElementKind, isContentOf } from "./column-content.js";

/** Types by column name, in place of those that follow from the data. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/**
 * Integer columns of these names, in any case, hold ids of objects (omero2pandas, `SPECIAL_NAMES`; `file` is added). A
 * field is a well sample, which the server has no column for: the id of its image stands there. Columns named `project`
 * and `screen` stay Long, because it has none for these either.
 */
const ID_TYPES: Readonly<Record<string, ColumnType>> = {
  image: "Image",
  dataset: "Dataset",
  roi: "Roi",
  well: "Well",
  plate: "Plate",
  field: "Image",
  wellsample: "Image",
  file: "File",
};

const ARRAY_TYPES: Record<ElementKind, ColumnType> = {
  float: "FloatArray",
  double: "DoubleArray",
  long: "LongArray",
};

/** The column type for content under a name, if nobody asks for another. */
export function inferredType({ name, kind, element, type }: ColumnContent): ColumnType {
  switch (kind) {
    case "long":
      return type !== undefined && columnKind(type) === "long" ? type : idType(name);
    case "double":
      return "Double";
    case "bool":
      return "Bool";
    case "string":
      return "String";
    case "array":
      return ARRAY_TYPES[element!];
    case "mask":
      return "Mask";
  }
}

function idType(name: string): ColumnType {
  const key = name.toLowerCase();
  return Object.hasOwn(ID_TYPES, key) ? ID_TYPES[key]! : "Long";
}

export function isColumnType(type: unknown): type is ColumnType {
  return (COLUMN_TYPES as readonly unknown[]).includes(type);
}

/** The options' types as a map. @throws ArgumentError `INVALID_ARGUMENT` for what is no column type. */
export function checkColumnTypes(columnTypes: ColumnTypes | undefined): ReadonlyMap<string, ColumnType> {
  const types = new Map(Object.entries(columnTypes ?? {}));
  for (const [column, type] of types) {
    if (isColumnType(type)) continue;
    const message = `columnTypes: "${type}" is no column type, for column "${column}"; there are ${COLUMN_TYPES.join(", ")}`;
    throw new ArgumentError("INVALID_ARGUMENT", message, { column });
  }
  return types;
}

/** @throws ArgumentError `UNKNOWN_COLUMN` for a type given to a column that is not there. */
export function checkTypedColumns(types: ReadonlyMap<string, ColumnType>, names: readonly string[]): void {
  for (const column of types.keys()) {
    if (names.includes(column)) continue;
    const shown = names.slice(0, 20).map((name) => `"${name}"`);
    const rest = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
    const message = `columnTypes: there is no column "${column}"; there are ${shown.join(", ")}${rest}`;
    throw new ArgumentError("UNKNOWN_COLUMN", message, { column });
  }
}

export interface FieldOptions {
  /** Types by column, in place of those that follow from the data. */
  readonly types: ReadonlyMap<string, ColumnType>;
  /** What the table's store allows. Default: HDF5, as OMERO.tables keeps tables. */
  readonly rules?: TableRules;
  readonly onWarning: OnWarning;
}

/**
 * The fields of a new table with this content, whose kinds already are those of the types asked for.
 * @throws DataError `INVALID_SCHEMA` for names or a number of columns that no table can have.
 */
export function tableFields(
  contents: readonly ColumnContent[],
  { types, rules = HDF5_RULES, onWarning }: FieldOptions,
): ColumnField[] {
  const names = rules.columnNames(contents.map(({ name }) => name));
  const fields = contents.map((content, index) => {
    const asked = types.get(content.name);
    const type = asked !== undefined && isContentOf(content, asked) ? asked : inferredType(content);
    return field(names[index]!, type, Math.max(1, content.size ?? 1), content.description ?? "");
  });
  rules.checkFields(fields, onWarning);
  warnOfGaps(contents, onWarning);
  return fields;
}

/** Says once, for all columns, that integers became doubles, and booleans text. */
function warnOfGaps(contents: readonly ColumnContent[], onWarning: OnWarning): void {
  const withGaps = (gaps: ColumnContent["gaps"]) =>
    contents.filter((content) => content.gaps === gaps).map(({ name }) => `"${name}"`);
  const integers = withGaps("integers");
  const booleans = withGaps("booleans");
  if (integers.length > 0) {
    onWarning(`Integers with missing values are stored as Double, NaN where missing: ${integers.join(", ")}`);
  }
  if (booleans.length > 0) {
    onWarning(`Booleans with missing values are stored as String, empty where missing: ${booleans.join(", ")}`);
  }
}
