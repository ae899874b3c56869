/** Cells as JSON states them exactly: int64 as decimal text, float64 as the hexadecimal digits of its bits. */
import { type ColumnBatch, type ColumnType, field } from "../../src/columns/batch.js";
import { batchOf, type Cell, type MaskCell } from "./cells.js";

type StatedCell = string | boolean | readonly string[] | StatedMask;

interface StatedMask extends Omit<MaskCell, "imageId" | "x" | "y" | "w" | "h"> {
  readonly imageId: string;
  readonly x: string;
  readonly y: string;
  readonly w: string;
  readonly h: string;
}

export interface StatedTable {
  readonly fields: readonly { readonly name: string; readonly type: ColumnType; readonly size?: number }[];
  /** Column by column. */
  readonly cells: readonly (readonly StatedCell[])[];
}

export function restoreCells({ fields, cells }: StatedTable): Cell[][] {
  return cells.map((column, index) => column.map((cell) => restore(fields[index]!.type, cell)));
}

/** A batch of all rows. Arrays are as long as the first one. */
export function restoreBatch(table: StatedTable, rowNumbers?: Float64Array): ColumnBatch {
  const sized = table.fields.map(({ name, type, size }, index) => {
    const [first] = table.cells[index]!;
    return field(name, type, size ?? (Array.isArray(first) ? first.length : 1));
  });
  return batchOf(sized, restoreCells(table), rowNumbers);
}

function restore(type: ColumnType, cell: StatedCell): Cell {
  if (Array.isArray(cell)) return cell.map((element) => restore(type, element)) as Cell;
  if (type === "String" || type === "Bool") return cell as string | boolean;
  if (type === "Double" || type === "DoubleArray" || type === "FloatArray") return restoreDouble(cell as string);
  if (type !== "Mask") return BigInt(cell as string);
  const { imageId, x, y, w, h, ...rest } = cell as StatedMask;
  const [left, top, width, height] = [x, y, w, h].map(restoreDouble);
  return { ...rest, imageId: BigInt(imageId), x: left!, y: top!, w: width!, h: height! };
}

function restoreDouble(bits: string): number {
  return Buffer.from(bits, "hex").readDoubleBE();
}
