import type { Command } from "commander";
import { type SelectionFlags, selectionOf, withSelection } from "../options.js";
import { print, warn, withBar } from "../output.js";

export function addDownload(root: Command, signal: AbortSignal): void {
  withSelection(root.command("download"))
    .description("write the table, or a part of it, to a CSV file")
    .argument("<target>", "path of the file to make; - is standard output")
    .option("--overwrite", "replace the file if it exists", false)
    .action(async (targetPath: string, options: SelectionFlags & { overwrite: boolean }) => {
      const { downloadTable } = await import("../../read/index.js");
      const { overwrite } = options;
      const rows = await withBar("downloading", (onProgress) =>
        downloadTable({ ...selectionOf(options), targetPath, overwrite, signal, onProgress }),
      );
      const tell = targetPath === "-" ? warn : print;
      tell(`${rows} rows in ${targetPath}`);
    });
}
