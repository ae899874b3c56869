import type { Command } from "commander";
import type { ConnectOptions } from "../../connect/index.js";
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
      if (!yes && !(await isWanted(shown.length, signal))) return print("nothing was removed");
      // Meanwhile one may have been attached.
      const still = new Set((await listOrphanTables(orphans)).map(({ fileId }) => fileId));
      const removed = shown.filter(({ fileId }) => still.has(fileId));
      for (const { fileId } of removed) await deleteTable({ connection, fileId, signal });
      print(`${removed.length} removed`);
    });
}

/** Asks whoever is at the terminal; nobody is taken for no. */
async function isWanted(tables: number, signal: AbortSignal): Promise<boolean> {
  const { terminalAsk } = await import("../../connect/credentials/prompt.js");
  const ask = terminalAsk();
  if (ask === undefined) {
    print("give --yes to remove them");
    return false;
  }
  const text = `Remove ${tables === 1 ? "this table" : `these ${tables} tables`}? yes or no`;
  return /^y(es)?$/i.test(await ask({ text, fallback: "no" }, signal));
}
