/** Columns of Parquet as Arrow types, by which a source for OMERO.tables describes its columns. */
import type * as Arrow from "apache-arrow";
import type { SchemaElement, SchemaTree } from "hyparquet";

type ArrowModule = typeof Arrow;

const TEXT_TYPES = ["UTF8", "ENUM", "JSON", "STRING", "UUID"];
/** What is read as ISO 8601 text. */
const TIME_TYPES = ["DATE", "TIME_MILLIS", "TIME_MICROS", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS", "TIME", "TIMESTAMP"];

/** The converted and the logical type, as far as there are such. */
export function annotations({ converted_type, logical_type }: SchemaElement): string[] {
  return [converted_type, logical_type?.type].filter((type) => type !== undefined);
}

/** The type of a column's values as this package reads them: times as text, decimals as doubles. */
export function arrowTypeOf(arrow: ArrowModule, { element, children }: SchemaTree): Arrow.DataType {
  if (children.length === 0) return scalarType(arrow, element);
  const inner = children[0]?.children[0];
  if (annotations(element).includes("LIST") && inner !== undefined && inner.children.length === 0) {
    return new arrow.List(new arrow.Field("item", scalarType(arrow, inner.element)));
  }
  return new arrow.Struct(children.map((child) => new arrow.Field(child.element.name, arrowTypeOf(arrow, child))));
}

function scalarType(arrow: ArrowModule, element: SchemaElement): Arrow.DataType {
  const types = annotations(element);
  const is = (some: readonly string[]) => types.some((type) => some.includes(type));
  if (is(TEXT_TYPES) || is(TIME_TYPES) || element.type === "INT96") return new arrow.Utf8();
  if (is(["DECIMAL", "FLOAT16"])) return new arrow.Float64();
  switch (element.type) {
    case "BOOLEAN":
      return new arrow.Bool();
    case "INT32":
    case "INT64":
      return new arrow.Int64();
    case "FLOAT":
      return new arrow.Float32();
    case "DOUBLE":
      return new arrow.Float64();
    default:
      return new arrow.Binary();
  }
}
