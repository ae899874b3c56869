import type { Command } from "commander";
import type { ConnectOptions } from "../../connect/index.js";
import { isWanted } from "../is-wanted.js";
import { connectionOf, count, type ServerFlags, withServer } from "../options.js";
import { print, printCells } from "../output.js";

interface CleanArguments extends ServerFlags {
  olderThan: number;
  yes: boolean;
}

const MINUTE = 60_000;

export function addClean(root: Command, signal: AbortSignal): void {
  withServer(root.command("clean"))
    .description(
      "list your tables that are attached to nothing, as ended uploads leave them, and remove them if you say so",
    )
    .option("--older-than <minutes>", "only tables made so long ago", count, 60)
    .option("--yes", "remove what is listed without asking", false)
    .action(async ({ olderThan, yes, ...options }: CleanArguments) => {
      const { connectToOmero } = await import("../../connect/index.js");
      const { listOrphanTables } = await import("../../gateway/tables/orphan-tables.js");
      const { deleteTable } = await import("../../write/index.js");
      await using connection = await connectToOmero({ ...connectionOf(options), signal } satisfies ConnectOptions);
      const orphans = { connection, olderThan: olderThan * MINUTE, signal };
      const shown = await listOrphanTables(orphans);
      for (const { fileId, name, size, created } of shown) {
        printCells(
          `file ${fileId}`,
          name,
          size === undefined ? "never closed" : `${size} bytes`,
          created.toISOString(),
        );
      }
      if (shown.length === 0) return print("there is nothing to remove");
      const question = `Remove ${shown.length === 1 ? "this table" : `these ${shown.length} tables`}?`;
      if (!yes && !(await isWanted(question, "nothing was removed: give --yes to remove them", signal))) return;
      // Meanwhile one may have been attached.
      const still = new Set((await listOrphanTables(orphans)).map(({ fileId }) => fileId));
      const removed = shown.filter(({ fileId }) => still.has(fileId));
      for (const { fileId } of removed) await deleteTable({ connection, fileId, signal });
      print(`${removed.length} removed`);
    });
}
