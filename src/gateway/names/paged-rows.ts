/** Rows of a query that may be many: page by page, each of some parents. */
import type { OmeroConnection } from "../../connect/connection.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import { type RLong, type RType, rint, rlist, rlong } from "../../rtypes.js";
import { inGroup } from "../query-parameters.js";

/** Ids in one query. */
const MOST_IDS = 1000;
/** Rows of one answer. */
const PAGE_ROWS = 10_000;

export type ProjectedRow = readonly (RType | null)[];

/** Where queries go. */
export interface QueryPlace {
  readonly connection: OmeroConnection;
  readonly group: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * All rows of `select`, whose first column is the id of `alias`, with the parents' ids for `:parents`.
 *
 *     pagedRows(place, "select w.id, w.row, w.column from Well w where w.plate.id in (:parents)", "w", plates)
 */
export async function pagedRows(
  place: QueryPlace,
  select: string,
  alias: string,
  parents: readonly bigint[],
): Promise<ProjectedRow[]> {
  const rows: ProjectedRow[] = [];
  for (let start = 0; start < parents.length; start += MOST_IDS) {
    const ids = rlist(parents.slice(start, start + MOST_IDS).map((id) => rlong(id)));
    await addPages(place, `${select} and ${alias}.id > :after order by ${alias}.id`, ids, rows);
  }
  return rows;
}

async function addPages(
  { connection, group, signal }: QueryPlace,
  query: string,
  parents: RType,
  rows: ProjectedRow[],
): Promise<void> {
  const theFilter = createInstance("::omero::sys::Filter", { limit: rint(PAGE_ROWS) });
  for (let after = -1n; ; ) {
    const map = new Map<string, RType>([
      ["parents", parents],
      ["after", rlong(after)],
    ]);
    const parameters = createInstance("::omero::sys::Parameters", { map, theFilter });
    const page = await connection.getQueryService().projection(query, parameters, { signal, context: inGroup(group) });
    for (const row of page) rows.push(row as ProjectedRow);
    if (page.length < PAGE_ROWS) return;
    after = (page.at(-1)![0] as RLong).val;
  }
}
