/** HQL with plain values in and out. */
import type { GroupRef } from "../../connect/groups.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { wrapAll } from "../loading/family.js";
import type { ObjectContext } from "../loading/object-context.js";
import { queryRows } from "../loading/query-rows.js";
import { groupIdOf } from "../people/group-id.js";
import { type AnswerValue, type PlainValue, toPlain, toRType } from "../plain-values.js";
import { checkCount } from "./find-objects.js";

/** Where a query looks, and how many rows it gives. */
export interface QueryOptions {
  /** Group to look in: its name or id, or -1 for all of the user's. Default: that of the connection. */
  readonly group?: GroupRef | undefined;
  /** Rows at most. Default: all. */
  readonly limit?: number | undefined;
  /** Rows to leave out at the beginning. Default 0. */
  readonly offset?: number | undefined;
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
}

const QUERY_OPTIONS: OptionNames<QueryOptions> = { group: true, limit: true, offset: true, signal: true };

/** Rows of plain values: numbers, bigints where these cannot hold an id, texts, dates, objects of the gateway's classes. */
export async function plainQuery(
  context: ObjectContext,
  hql: string,
  values: Readonly<Record<string, PlainValue>> = {},
  options: QueryOptions = {},
): Promise<unknown[][]> {
  checkOptions(options, QUERY_OPTIONS, "query");
  checkCount(options.limit, "limit");
  checkCount(options.offset, "offset");
  const wired = Object.entries(values).map(([name, value]) => [name, toRType(value, name)] as const);
  const group = await groupIdOf(context.connection, options.group);
  const rows = await queryRows(context, hql, Object.fromEntries(wired), { ...options, group });
  return rows.map((row) =>
    row.map((value) => toPlain(value as AnswerValue | null, (model) => wrapAll(context, [model])[0])),
  );
}
