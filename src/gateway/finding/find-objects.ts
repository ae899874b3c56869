/** Objects by their ids, or by what they are and where they lie. */

import type { GroupRef } from "../../connect/groups.js";
import type { IObject } from "../../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { invalidArgument, TableError } from "../../errors.js";
import { mapInOrder } from "../../flow/map-in-order.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { wrapAll } from "../loading/family.js";
import type { ObjectContext } from "../loading/object-context.js";
import { idOf, loadByIds, type QueryCall, queryObjects, queryRows } from "../loading/query-rows.js";
import { mostAtOnce, selectObjects, typeQuery } from "../loading/type-queries.js";
import { groupIdOf } from "../people/group-id.js";
import { OBJECT_CONDITIONS, type ObjectConditions, type ObjectSearch, objectSearch } from "./conditions.js";
import { checkObjectType, type ObjectType, type ObjectTypes } from "./object-types.js";

/** Where one object is looked for. */
export interface GetObjectOptions {
  /** Group to look in: its name or id, or -1 for all of the user's. Default: that of the connection. */
  readonly group?: GroupRef | undefined;
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
}

const GET_OBJECT_OPTIONS: OptionNames<GetObjectOptions> = { group: true, signal: true };

/** Which objects are meant, in which order, and how many. */
export interface GetObjectsOptions extends ObjectConditions, GetObjectOptions {
  /**
   * A property by which they come, for example "name", or "-id" for the largest id first. Default: the ids' order; objects
   * asked for by `ids` come as these stand.
   */
  readonly orderBy?: string | undefined;
  /** How many at most. Default: all. */
  readonly limit?: number | undefined;
  /** How many to leave out at the beginning. Default 0. */
  readonly offset?: number | undefined;
}

const GET_OBJECTS_OPTIONS: OptionNames<GetObjectsOptions> = {
  ...OBJECT_CONDITIONS,
  ...GET_OBJECT_OPTIONS,
  orderBy: true,
  limit: true,
  offset: true,
};

/** Objects, and ids, that one call brings at most. */
const PAGE_OBJECTS = 1000;
const PAGE_IDS = 10_000;

/** The object of an id, or undefined. */
export async function findOne<Type extends ObjectType>(
  context: ObjectContext,
  type: Type,
  id: ObjectId,
  options: GetObjectOptions = {},
): Promise<ObjectTypes[Type] | undefined> {
  checkOptions(options, GET_OBJECT_OPTIONS, "getObject");
  checkObjectType(type);
  const place = await placeOf(context, options);
  const models = await loadByIds(context, type, [toObjectId(id, `${type} id`)], place);
  return wrapAll<ObjectTypes[Type]>(context, models)[0];
}

/** @throws TableError `NOT_FOUND` */
export async function getOne<Type extends ObjectType>(
  context: ObjectContext,
  type: Type,
  id: ObjectId,
  options: GetObjectOptions = {},
): Promise<ObjectTypes[Type]> {
  const found = await findOne(context, type, id, options);
  if (found) return found;
  const group = options.group ?? context.connection.groupId;
  const where = group === -1 ? "that this user can see" : `in group ${group}; { group: -1 } looks in all groups`;
  throw new TableError("NOT_FOUND", `There is no ${type} ${id} ${where}`);
}

/** All objects that are meant, page by page; the next page is loaded while one is taken. */
export async function* findMany<Type extends ObjectType>(
  context: ObjectContext,
  type: Type,
  options: GetObjectsOptions = {},
): AsyncGenerator<ObjectTypes[Type], void, undefined> {
  checkOptions(options, GET_OBJECTS_OPTIONS, "getObjects");
  checkObjectType(type);
  const search = objectSearch(type, options);
  const { signal, limit, offset } = options;
  checkCount(limit, "limit");
  checkCount(offset, "offset");
  const place = { ...(await placeOf(context, options)), limit, offset };
  const pages = mapInOrder(
    pagesOf(context, type, search, place),
    async (page) => ("ids" in page ? loadByIds(context, type, page.ids, { group: place.group, signal }) : page),
    { concurrency: 1, window: 2, signal, label: `Listing ${type}s` },
  );
  for await (const models of pages) yield* wrapAll<ObjectTypes[Type]>(context, models);
}

/** How many objects are meant, without loading them. */
export async function countMany(
  context: ObjectContext,
  type: ObjectType,
  options: ObjectConditions & GetObjectOptions = {},
): Promise<number> {
  checkOptions(options, { ...OBJECT_CONDITIONS, ...GET_OBJECT_OPTIONS }, "countObjects");
  checkObjectType(type);
  const { from, where, values, onlyIds } = objectSearch(type, options);
  if (onlyIds?.length === 0) return 0;
  const [row] = await queryRows(
    context,
    `select count(distinct obj.id) from ${from}${where}`,
    values,
    await placeOf(context, options),
  );
  return Number(idOf(row?.[0]));
}

async function placeOf({ connection }: ObjectContext, { group, signal }: GetObjectOptions): Promise<QueryCall> {
  return { group: await groupIdOf(connection, group), signal };
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function checkCount(count: number | undefined, name: string): void {
  if (count === undefined || (Number.isInteger(count) && count >= 0 && count < 2 ** 31)) return;
  throw invalidArgument(`${name} ${String(count)} must be a whole number, from 0`);
}

type Page = readonly IObject[] | { readonly ids: readonly bigint[] };

/** Pages of objects where their rows can be counted, else of ids. */
function pagesOf(
  context: ObjectContext,
  type: ObjectType,
  search: ObjectSearch,
  options: QueryCall,
): Iterable<Page> | AsyncIterable<Page> {
  const { limit = Number.POSITIVE_INFINITY, offset = 0 } = options;
  const size = Math.min(PAGE_OBJECTS, mostAtOnce(type));
  if (search.onlyIds !== undefined) return cut([...new Set(search.onlyIds)].slice(offset, offset + limit), size);
  return typeQuery(type).hasCollections || search.joins === undefined
    ? pagesOfIds(context, search, options, size)
    : pagesOfObjects(context, type, search, options, size);
}

async function* pagesOfObjects(
  context: ObjectContext,
  type: string,
  search: ObjectSearch,
  options: QueryCall,
  size: number,
) {
  const { joins, where, order } = search;
  const hql = `${selectObjects(type)}${joins}${where} order by ${order.join(", ")}`;
  yield* paged(options, size, (call) => queryObjects(context, hql, search.values, call));
}

async function* pagesOfIds(context: ObjectContext, search: ObjectSearch, options: QueryCall, size: number) {
  const { from, where, order, values } = search;
  // What distinct rows are ordered by must be among their columns.
  const columns = ["obj.id", ...order.slice(0, -1).map((by) => by.replace(/ desc$/, ""))];
  const hql = `select distinct ${columns.join(", ")} from ${from}${where} order by ${order.join(", ")}`;
  const pages = paged(options, PAGE_IDS, (call) => queryRows(context, hql, values, call));
  for await (const rows of pages)
    yield* cut(
      rows.map(([id]) => idOf(id)),
      size,
    );
}

/** Pages until one is not full. */
async function* paged<T>(
  options: QueryCall,
  most: number,
  load: (call: QueryCall) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[], void, undefined> {
  const { limit = Number.POSITIVE_INFINITY, offset = 0 } = options;
  for (let done = 0; done < limit; done += most) {
    const size = Math.min(most, limit - done);
    const page = await load({ ...options, limit: size, offset: offset + done });
    yield page;
    if (page.length < size) return;
  }
}

function* cut(ids: readonly bigint[], size: number): Generator<Page, void, undefined> {
  for (let start = 0; start < ids.length; start += size) yield { ids: ids.slice(start, start + size) };
}
