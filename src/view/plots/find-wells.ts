/** Places of wells, asked from the server. */
import { type ConnectionOption, withConnection } from "../../connect/connection-option.js";
import type { OmeroConnection } from "../../connect/index.js";
import { invalidArgument } from "../../errors.js";
import { pagedRows } from "../../gateway/names/paged-rows.js";
import type { RInt, RLong } from "../../rtypes.js";
import type { FindWells, FoundWell } from "./plot-kind.js";

const WELLS = "select w.id, w.row, w.column, w.plate.id from Well w where w.id in (:parents)";
const ALL_GROUPS = -1;

/** Wells of the server that options say; a thousand for each call. */
export function wellsOf(options: ConnectionOption): FindWells {
  return (ids) => {
    if (ids.length === 0) return Promise.resolve(new Map());
    if (options.connection === undefined && options.server === undefined)
      throw invalidArgument("the wells are given by their ids, whose places the server knows: say which server");
    return withConnection(options, (connection) => find(connection, ids, options.signal));
  };
}

async function find(connection: OmeroConnection, ids: readonly bigint[], signal: AbortSignal | undefined) {
  const rows = await pagedRows({ connection, group: ALL_GROUPS, signal }, WELLS, "w", ids);
  return new Map(
    rows.map((row) => {
      const [id, line, column, plateId] = row as [RLong, RInt, RInt, RLong];
      return [id.val, { row: line.val, column: column.val, plateId: plateId.val }] as const;
    }),
  ) satisfies ReadonlyMap<bigint, FoundWell>;
}
