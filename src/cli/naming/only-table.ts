import type { ConnectOptions } from "../../connect/index.js";
import { invalidArgument } from "../../errors.js";
import { listTables } from "../../gateway/files/attached-file.js";

/** The file of the only table on an object. @throws ArgumentError `INVALID_ARGUMENT` for none or several */
export async function onlyTableOf(
  [parentType, parentId]: readonly [string, bigint],
  server: ConnectOptions,
): Promise<number> {
  const [only, ...more] = await listTables({ ...server, parentType, parentId });
  if (only === undefined) throw invalidArgument(`no table is attached to ${parentType}:${parentId}`);
  if (more.length === 0) return only.fileId;
  const ids = [only, ...more].map((one) => `${one.fileId} ("${one.name}")`).join(", ");
  throw invalidArgument(`${more.length + 1} tables are attached to ${parentType}:${parentId}; say which: ${ids}`);
}
