import type { Command } from "commander";
import type { ConnectOptions } from "../../connect/index.js";
import type { OrphanTable } from "../../gateway/tables/orphan-tables.js";
import { isWanted } from "../is-wanted.js";
import { connectionOf, type ServerFlags, withServer } from "../options/connection.js";
import { type JsonFlag, jsonOption } from "../options/tables.js";
import { count } from "../options/values.js";
import { print, printCells, printJson } from "../output.js";

interface CleanArguments extends ServerFlags, JsonFlag {
  olderThan: number;
  yes: boolean;
}

const MINUTE = 60_000;

export function addClean(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("clean")))
    .description(
      "list your tables that are attached to nothing, as ended uploads leave them, and remove them if you say so",
    )
    .option("--older-than <minutes>", "only tables made so long ago", count, 60)
    .option("-y, --yes", "remove what is listed without asking", false)
    .action(async ({ olderThan, yes, json, ...options }: CleanArguments) => {
      const { connectToOmero } = await import("../../connect/index.js");
      const { listOrphanTables } = await import("../../gateway/tables/orphan-tables.js");
      const { deleteTable } = await import("../../write/index.js");
      await using connection = await connectToOmero({ ...connectionOf(options), signal } satisfies ConnectOptions);
      const orphans = { connection, olderThan: olderThan * MINUTE, signal };
      const shown = await listOrphanTables(orphans);
      for (const table of shown) show(table, json);
      if (shown.length === 0) return json ? undefined : print("there is nothing to remove");
      const question = `Remove ${shown.length === 1 ? "this table" : `these ${shown.length} tables`}?`;
      if (!yes && !(await isWanted(question, "nothing was removed: give --yes to remove them", signal))) return;
      // Meanwhile one may have been attached.
      const still = new Set((await listOrphanTables(orphans)).map(({ fileId }) => fileId));
      const removed = shown.filter(({ fileId }) => still.has(fileId));
      for (const { fileId } of removed) await deleteTable({ connection, fileId, signal });
      if (json) printJson({ removed: removed.map(({ fileId }) => fileId) });
      else print(`${removed.length} removed`);
    });
}

function show(table: OrphanTable, json: boolean): void {
  const { fileId, name, size, created } = table;
  const bytes = size === undefined ? "never closed" : `${size} bytes`;
  if (json) printJson(table);
  else printCells(`file ${fileId}`, name, bytes, created.toISOString());
}
