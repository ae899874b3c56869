/** Which column of OMERO.tables each column of a source becomes. */
import { COLUMN_TYPES, type ColumnField, type ColumnKind, type ColumnType, field } from "../../columns/batch.js";
import type { ElementKind } from "../../columns/kinds/array.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { ArgumentError, DataError } from "../../errors.js";
import type { OnWarning } from "../../flow/warnings.js";
import { HDF5_RULES } from "../hdf5/rules/hdf5-rules.js";
import type { TableRules } from "../table-rules.js";
import { type ColumnContent, isContentOf } from "./column-content.js";

/** A type of column, or text with room for so many bytes of UTF-8. */
export type ColumnTypeOption = ColumnType | { readonly type: ColumnType; readonly size?: number | undefined };

/** Types by column name, in place of those that follow from the data. */
export type ColumnTypes = Readonly<Record<string, ColumnTypeOption>>;

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

const INFERRED_TYPES: Readonly<Record<ColumnKind, (content: ColumnContent) => ColumnType>> = {
  long: ({ name, type }) => (type !== undefined && columnKind(type) === "long" ? type : idType(name)),
  double: () => "Double",
  bool: () => "Bool",
  string: () => "String",
  array: ({ element }) => ARRAY_TYPES[element!],
  mask: () => "Mask",
};

/** The column type for content under a name, if nobody asks for another. */
function inferredType(content: ColumnContent): ColumnType {
  return INFERRED_TYPES[content.kind](content);
}

function idType(name: string): ColumnType {
  const key = name.toLowerCase();
  return Object.hasOwn(ID_TYPES, key) ? ID_TYPES[key]! : "Long";
}

export function isColumnType(type: unknown): type is ColumnType {
  return (COLUMN_TYPES as readonly unknown[]).includes(type);
}

/** Whether columns of a type hold ids of objects, or -1 for none. */
export function isIdType(type: ColumnType): boolean {
  return columnKind(type) === "long" && type !== "Long";
}

/** Whether integers under this name are ids of objects. */
export function isIdName(name: string): boolean {
  return Object.hasOwn(ID_TYPES, name.toLowerCase());
}

/** Says that columns named as those of ids hold text, so that their rows belong to no object. */
export function warnOfNames(
  { fields, rowCount }: { readonly fields: readonly ColumnField[]; readonly rowCount: number | undefined },
  { types, onWarning }: Pick<FieldOptions, "types" | "onWarning">,
): void {
  const isText = ({ name, type }: ColumnField) => type === "String" && isIdName(name) && !types.has(name);
  const named = rowCount === 0 ? [] : fields.filter(isText).map(({ name }) => `"${name}"`);
  if (named.length === 0) return;
  onWarning(
    `Stored as text, as they hold names and not ids, so that OMERO ties no object to the rows: ${named.join(", ")}`,
  );
}

/** The options' types as a map. @throws ArgumentError `INVALID_ARGUMENT` for what is no column type. */
export function checkColumnTypes(columnTypes: ColumnTypes | undefined): ReadonlyMap<string, ColumnType> {
  const types = new Map<string, ColumnType>();
  for (const [column, option] of Object.entries(columnTypes ?? {})) {
    const type = typeof option === "object" && option !== null ? option.type : option;
    if (!isColumnType(type)) {
      const message = `columnTypes: "${String(type)}" is no column type, for column "${column}"; there are ${COLUMN_TYPES.join(", ")}`;
      throw new ArgumentError("INVALID_ARGUMENT", message, { column });
    }
    types.set(column, type);
  }
  return types;
}

/** The sizes that the options ask for. @throws ArgumentError `INVALID_ARGUMENT` for one that no column of text has. */
export function columnSizes(columnTypes: ColumnTypes | undefined): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const [column, option] of Object.entries(columnTypes ?? {})) {
    if (typeof option !== "object" || option === null || option.size === undefined) continue;
    const { type, size } = option;
    if (type !== "String" || !Number.isSafeInteger(size) || size < 1) {
      const message = `columnTypes: a size is a whole number of bytes, from 1, of a String column; found ${String(size)} for the ${type} column "${column}"`;
      throw new ArgumentError("INVALID_ARGUMENT", message, { column });
    }
    sizes.set(column, size);
  }
  return sizes;
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
  /** Room for text in bytes, by column; default that of the longest text. */
  readonly sizes?: ReadonlyMap<string, number> | undefined;
  /** Whose types they are, as errors say. Default: "the String column that columnTypes asks for". */
  readonly typesOf?: "columnTypes" | "table" | undefined;
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
  { types, sizes, rules = HDF5_RULES, onWarning }: FieldOptions,
): ColumnField[] {
  const names = rules.columnNames(contents.map(({ name }) => name));
  const fields = contents.map((content, index) => {
    const asked = types.get(content.name);
    const type = asked !== undefined && isContentOf(content, asked) ? asked : inferredType(content);
    return field(names[index]!, type, sizeOf(content, sizes?.get(content.name)), content.description ?? "");
  });
  rules.checkFields(fields, onWarning);
  warnOfGaps(contents, onWarning);
  return fields;
}

/** @throws DataError `VALUE_DOES_NOT_FIT` for text longer than there shall be room for. */
function sizeOf({ name, size = 1 }: ColumnContent, asked = 1): number {
  if (asked === 1 || size <= asked) return Math.max(1, size, asked);
  const message = `Column "${name}" holds a text of ${size} bytes in UTF-8, and columnTypes gives it room for ${asked}`;
  throw new DataError("VALUE_DOES_NOT_FIT", message, { column: name });
}

/** Says once, for all columns, what stands for missing integers, booleans and ids. */
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
