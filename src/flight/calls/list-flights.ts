/** The tables there are: those of an object, or all that the user can see. */
import { idNumber } from "../../columns/int64.js";
import { TABLE_MIMETYPE } from "../../columns/table.js";
import { TableError } from "../../errors.js";
import { mapInOrder } from "../../flow/map-in-order.js";
import { listTables } from "../../gateway/files/attached-file.js";
import { inGroup, queryParameters } from "../../gateway/query-parameters.js";
import { type RLong, rstring } from "../../rtypes.js";
import { planScan } from "../../scan/index.js";
import { command, idGiven, PARENT_KEYS } from "../descriptors.js";
import type { FlightInfo } from "../protocol/messages.js";
import type { CallContext } from "./call-work.js";
import { fileDescriptor, flightInfo } from "./flight-info.js";

const FORMS = 'nothing, or {"parentType": "Plate", "parentId": 7}';
const ALL_GROUPS = -1n;
/** Tables that are opened at a time. */
const CONCURRENCY = 2;

/** Tables are opened while the client takes what was told of others. Those that cannot be opened are none. */
export async function* listFlights(
  { expression }: { readonly expression: Uint8Array },
  context: CallContext,
): AsyncGenerator<FlightInfo, void, undefined> {
  const files = expression.length === 0 ? allTables(context) : tablesOf(expression, context);
  const infos = mapInOrder(files, (fileId, signal) => infoIfTable(fileId, { ...context, signal }), {
    concurrency: CONCURRENCY,
    signal: context.signal,
    label: "Listing tables",
  });
  for await (const info of infos) if (info !== undefined) yield info;
}

/** Of a table that was split, the first part tells. */
async function infoIfTable(fileId: number, { connection, signal }: CallContext): Promise<FlightInfo | undefined> {
  try {
    const plan = await planScan({ connection, signal, fileId });
    return plan.jobs[0]!.fileId === fileId ? await flightInfo(plan, fileDescriptor(fileId)) : undefined;
  } catch (error) {
    if (error instanceof TableError) return undefined;
    throw error;
  }
}

async function* tablesOf(expression: Uint8Array, { connection, signal }: CallContext): AsyncGenerator<number> {
  const { parentType, parentId } = command(expression, PARENT_KEYS, FORMS);
  const tables = await listTables({
    connection,
    signal,
    parentType: parentType as string | undefined,
    parentId: idGiven(parentId) as bigint,
  });
  for (const { fileId } of tables) yield fileId;
}

async function* allTables({ connection, signal }: CallContext): AsyncGenerator<number> {
  const rows = await connection
    .getQueryService()
    .projection(
      "select f.id from OriginalFile f where f.mimetype = :mimetype order by f.id",
      queryParameters({ mimetype: rstring(TABLE_MIMETYPE) }),
      { signal, context: inGroup(ALL_GROUPS) },
    );
  for (const [id] of rows) yield idNumber((id as RLong).val, "file");
}
