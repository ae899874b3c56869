/** Queries of the gateway: objects by their ids, and rows of plain columns. */

import { createInstance } from "../../connect/ice/schema/instance.js";
import type { IObject, SysFilter } from "../../connect/ice/schema/omero.js";
import { ServerError } from "../../errors.js";
import { steps } from "../../flow/map-in-order.js";
import { type RLong, type RType, rint, rlist, rlong } from "../../rtypes.js";
import { inGroup } from "../query-parameters.js";
import type { ObjectContext } from "./object-context.js";
import { mostAtOnce, selectObjects } from "./type-queries.js";

/** Where and how a query goes. */
export interface QueryCall {
  /** Group to look in; -1 for all, undefined for that of the connection. */
  readonly group?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export type QueryRow = readonly (RType | null)[];

export async function queryRows(
  { connection }: ObjectContext,
  hql: string,
  values: Readonly<Record<string, RType>>,
  call: QueryCall,
): Promise<readonly QueryRow[]> {
  const rows = await connection.getQueryService().projection(hql, parameters(values, call), callOptions(call));
  return rows as readonly QueryRow[];
}

/** Ids in one query. */
const MOST_IDS = 1000;

/** The rows of a query for `:ids`, however many there are. */
export async function queryRowsOfIds(
  context: ObjectContext,
  hql: string,
  ids: readonly bigint[],
  values: Readonly<Record<string, RType>>,
  call: QueryCall,
): Promise<QueryRow[]> {
  const rows: QueryRow[] = [];
  for (const start of steps(0, ids.length, MOST_IDS)) {
    const some = idList(ids.slice(start, start + MOST_IDS));
    for (const row of await queryRows(context, hql, { ...values, ids: some }, call)) rows.push(row);
  }
  return rows;
}

export async function queryObjects(
  { connection }: ObjectContext,
  hql: string,
  values: Readonly<Record<string, RType>>,
  call: QueryCall,
): Promise<IObject[]> {
  const found = await connection.getQueryService().findAllByQuery(hql, parameters(values, call), callOptions(call));
  const objects = found.filter((object) => object !== null);
  const nameless = objects.find(({ id }) => typeof id?.val !== "bigint");
  if (nameless) throw new ServerError("SERVER_FAILURE", `the server gave a ${nameless.iceId} without an id`);
  return objects;
}

/** The objects of some ids, in their order and each once; those that are not there are left out. */
export async function loadByIds(
  context: ObjectContext,
  type: string,
  ids: readonly bigint[],
  call: QueryCall,
): Promise<IObject[]> {
  const found: IObject[] = [];
  const most = mostAtOnce(type);
  for (const start of steps(0, ids.length, most)) {
    found.push(...(await loadSome(context, type, ids.slice(start, start + most), call)));
  }
  const byId = new Map(found.map((object) => [object.id!.val, object]));
  return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
}

/** Where the answer is more than the server may send, it is asked for in halves. */
async function loadSome(
  context: ObjectContext,
  type: string,
  ids: readonly bigint[],
  call: QueryCall,
): Promise<IObject[]> {
  try {
    return await queryObjects(context, `${selectObjects(type)} where obj.id in (:ids)`, { ids: idList(ids) }, call);
  } catch (error) {
    if (!(error instanceof ServerError && error.code === "MESSAGE_TOO_LARGE") || ids.length < 2) throw error;
    const half = Math.ceil(ids.length / 2);
    return [
      ...(await loadSome(context, type, ids.slice(0, half), call)),
      ...(await loadSome(context, type, ids.slice(half), call)),
    ];
  }
}

export function idList(ids: readonly bigint[]): RType {
  return rlist(ids.map((id) => rlong(id)));
}

/** @throws ServerError `SERVER_FAILURE` for what is no id */
export function idOf(value: RType | null | undefined): bigint {
  const id = (value as RLong | null | undefined)?.val;
  if (typeof id === "bigint") return id;
  throw new ServerError("SERVER_FAILURE", "the server gave something else where it was asked for an id");
}

function parameters(values: Readonly<Record<string, RType>>, { limit, offset }: QueryCall) {
  const theFilter: SysFilter | null =
    limit === undefined && offset === undefined
      ? null
      : createInstance("::omero::sys::Filter", {
          limit: limit === undefined ? null : rint(limit),
          offset: offset === undefined ? null : rint(offset),
        });
  return createInstance("::omero::sys::Parameters", { map: new Map(Object.entries(values)), theFilter });
}

function callOptions({ group, signal }: QueryCall) {
  return { ...(signal ? { signal } : {}), ...(group === undefined ? {} : { context: inGroup(group) }) };
}
