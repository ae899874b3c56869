/** Columns of OMERO.tables as columns of Parquet; none has missing values, so all are required. */
import type { SchemaElement } from "hyparquet";
import type { ColumnField, ColumnType } from "../../columns/batch.js";

const INT64: SchemaElement = { name: "", type: "INT64", repetition_type: "REQUIRED" };
const DOUBLE: SchemaElement = { name: "", type: "DOUBLE", repetition_type: "REQUIRED" };
const INT32: SchemaElement = { name: "", type: "INT32", repetition_type: "REQUIRED" };
const FLOAT: SchemaElement = { name: "", type: "FLOAT", repetition_type: "REQUIRED" };
const BOOLEAN: SchemaElement = { name: "", type: "BOOLEAN", repetition_type: "REQUIRED" };
const BYTES: SchemaElement = { name: "", type: "BYTE_ARRAY", repetition_type: "REQUIRED" };
const TEXT: SchemaElement = { ...BYTES, converted_type: "UTF8", logical_type: { type: "STRING" } };
const MASK: readonly SchemaElement[] = [
  { name: "", repetition_type: "REQUIRED", num_children: 8 },
  { ...INT64, name: "imageId" },
  ...["theZ", "theT"].map((name) => ({ ...INT32, name })),
  ...["x", "y", "w", "h"].map((name) => ({ ...DOUBLE, name })),
  { ...BYTES, name: "bytes" },
];

const ELEMENTS: { readonly [T in ColumnType]: readonly SchemaElement[] } = {
  File: [INT64],
  Image: [INT64],
  Dataset: [INT64],
  Roi: [INT64],
  Well: [INT64],
  Plate: [INT64],
  Long: [INT64],
  Double: [DOUBLE],
  Bool: [BOOLEAN],
  String: [TEXT],
  FloatArray: listOf(FLOAT),
  DoubleArray: listOf(DOUBLE),
  LongArray: listOf(INT64),
  Mask: MASK,
};

/** Three levels, as "Lists" of Parquet's logical types has them. */
function listOf(element: SchemaElement): SchemaElement[] {
  return [
    {
      name: "",
      repetition_type: "REQUIRED",
      num_children: 1,
      converted_type: "LIST",
      logical_type: { type: "LIST" },
    },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { ...element, name: "element" },
  ];
}

/** The elements of a file's schema, the root first. */
export function parquetSchemaOf(fields: readonly ColumnField[]): SchemaElement[] {
  const columns = fields.flatMap(({ name, type }) => {
    const [first, ...rest] = ELEMENTS[type];
    return [{ ...first!, name }, ...rest];
  });
  return [{ name: "schema", num_children: fields.length }, ...columns];
}
