/** The ids in a batch's columns, and the batch with others in their place. */
import type { ColumnBatch, ColumnData, ColumnField, ColumnType } from "../../columns/batch.js";

/** OMERO's id of no object. */
const NO_OBJECT = -1n;

/** Types of objects that columns hold ids of. */
const ID_COLUMNS = ["Image", "Dataset", "Well", "Plate", "Roi", "File"] as const satisfies readonly ColumnType[];
/** Type of the objects that a column holds ids of. */
export type IdColumnType = (typeof ID_COLUMNS)[number];

/** What a column holds ids of; a mask's are those of images. Undefined for columns without ids. */
export function idColumnType({ type }: ColumnField): IdColumnType | undefined {
  if (type === "Mask") return "Image";
  return ID_COLUMNS.find((one) => one === type);
}

/** The ids of a batch, by type. */
export function addIds({ fields, columns }: ColumnBatch, found: Map<IdColumnType, Set<bigint>>): void {
  for (const [index, field] of fields.entries()) {
    const type = idColumnType(field);
    const ids = type && idsOf(columns[index]!);
    if (!type || !ids) continue;
    const known = found.get(type) ?? new Set();
    for (const id of ids) if (id !== NO_OBJECT) known.add(id);
    found.set(type, known);
  }
}

/** The batch with the ids that others have become. */
export function withIds(
  batch: ColumnBatch,
  mapped: ReadonlyMap<IdColumnType, ReadonlyMap<bigint, bigint>>,
): ColumnBatch {
  const columns = batch.columns.map((column, index) => {
    const type = idColumnType(batch.fields[index]!);
    const ids = type && mapped.get(type);
    return ids ? columnWithIds(column, ids) : column;
  });
  return { ...batch, columns };
}

function idsOf(column: ColumnData): BigInt64Array | undefined {
  if (column.kind === "long") return column.values;
  return column.kind === "mask" ? column.imageId : undefined;
}

function columnWithIds(column: ColumnData, ids: ReadonlyMap<bigint, bigint>): ColumnData {
  const others = (before: BigInt64Array) => before.map((id) => ids.get(id) ?? NO_OBJECT);
  if (column.kind === "long") return { ...column, values: others(column.values) };
  return column.kind === "mask" ? { ...column, imageId: others(column.imageId) } : column;
}
