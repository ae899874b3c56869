/** What a column of a source holds, whatever the source: all that is needed to choose the type of its column. */
import type { ColumnKind, ColumnType } from "../../columns/batch.js";
import { type ElementKind, elementKind } from "../../columns/kinds/array.js";
import { columnKind } from "../../columns/kinds/kinds.js";

export interface ColumnContent {
  /** As the source names it. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Text: bytes of UTF-8 of the longest value. Arrays: elements in each row. */
  readonly size?: number | undefined;
  /** Of the elements of arrays. */
  readonly element?: ElementKind | undefined;
  /** A kind without place for missing values gave way to another: integers to doubles, booleans to text. */
  readonly gaps?: "integers" | "booleans" | undefined;
  /** The type that the source's own description of the column asks for. */
  readonly type?: ColumnType | undefined;
  readonly description?: string | undefined;
}

/** Whether content can be kept in a column of a type without conversion. */
export function isContentOf({ kind, element }: ColumnContent, type: ColumnType): boolean {
  return columnKind(type) === kind && elementKind(type) === element;
}
