import type { Command } from "commander";
import { count, type SelectionFlags, selectionOf, withSelection } from "../options.js";

export function addHead(root: Command, signal: AbortSignal): void {
  withSelection(root.command("head"))
    .description("print the first rows as a table")
    .option("-n, --count <rows>", "how many rows", count, 5)
    .action(async (options: SelectionFlags & { count: number }) => {
      const { readTable } = await import("../../read/index.js");
      const firstRows = { start: 0, stop: options.count, step: 1 };
      const rows = options.query ? undefined : (options.rows ?? firstRows);
      const frame = await readTable({ ...selectionOf(options), rows, signal, int64: "bigint" });
      frame.head(options.count).print();
    });
}
