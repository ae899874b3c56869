import type { Command } from "commander";
import { count, type SelectionFlags, selectionOf, withSelection } from "../options.js";
import { print } from "../output.js";
import { visibleBatches } from "../visible-batches.js";

export function addHead(root: Command, signal: AbortSignal): void {
  withSelection(root.command("head"))
    .description("print the first rows as a table")
    .option("-n, --count <rows>", "how many rows", count, 5)
    .action(async (options: SelectionFlags & { count: number }) => {
      const { readBatches } = await import("../../read/index.js");
      const { toDataFrame } = await import("../../formats/frame/frame.js");
      const firstRows = { start: 0, stop: options.count, step: 1 };
      const rows = options.query ? undefined : (options.rows ?? firstRows);
      const batches = visibleBatches(readBatches({ ...selectionOf(options), rows, signal }));
      const frame = await toDataFrame(batches, { int64: "bigint" });
      print(String(frame.head(options.count)));
    });
}
