/** The objects that the rows of a batch speak of, by few calls. */
import { type ColumnBatch, type LongColumn, rowNumberAt } from "../columns/batch.js";
import type { OmeroConnection } from "../connect/connection.js";
import { type ObjectType, type ObjectTypes, objectContext } from "../gateway/finding/object-types.js";
import { wrapAll } from "../gateway/loading/family.js";
import type { ObjectContext } from "../gateway/loading/object-context.js";
import { loadByIds } from "../gateway/loading/query-rows.js";

interface ObjectOfRow<Type extends ObjectType> {
  readonly row: number;
  readonly object: ObjectTypes[Type];
}

const ALL_GROUPS = -1;
/** Rows for which objects are asked by one call, and held, at most. */
const MOST_ROWS = 1000;

/** Objects by the ids in the batch's first column, in the rows' order. */
export async function* objectsOfBatch<Type extends ObjectType>(
  connection: OmeroConnection,
  type: Type,
  batch: ColumnBatch,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectOfRow<Type>, void, undefined> {
  const context = objectContext(connection);
  for (let start = 0; start < batch.rowCount; start += MOST_ROWS)
    yield* objectsOfRows(context, type, batch, start, signal);
}

async function* objectsOfRows<Type extends ObjectType>(
  context: ObjectContext,
  type: Type,
  { columns, rowNumbers }: ColumnBatch,
  start: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectOfRow<Type>, void, undefined> {
  const ids = (columns[0] as LongColumn).values.subarray(start, start + MOST_ROWS);
  const wanted = [...new Set(ids)].filter((id) => id >= 0n);
  const models = await loadByIds(context, type, wanted, { group: ALL_GROUPS, signal });
  const objects = wrapAll<ObjectTypes[Type]>(context, models);
  const byId = new Map(models.map(({ id }, index) => [id!.val, objects[index]!]));
  for (const [index, id] of ids.entries()) {
    const object = byId.get(id);
    if (object !== undefined) yield { row: rowNumberAt(rowNumbers, start + index), object } as ObjectOfRow<Type>;
  }
}
