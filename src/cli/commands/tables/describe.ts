import type { Command } from "commander";
import { type TableName, tableArgument, withChosenTable } from "../../naming/table-name.js";
import {
  type JsonFlag,
  jsonOption,
  type SelectionFlags,
  selectionOf,
  storeOption,
  withSelection,
} from "../../options/tables.js";
import { printJson, withBar } from "../../output.js";
import { withStore } from "../../with-store.js";

export function addDescribe(root: Command, signal: AbortSignal): void {
  jsonOption(storeOption(withSelection(tableArgument(root.command("describe")))))
    .description(
      "print what is in each column: counts, missing and different values, quartiles, mean, a small histogram",
    )
    .action((name: TableName | undefined, options: SelectionFlags & JsonFlag) =>
      withChosenTable(name, options, signal, async (table) => {
        const { describeTable } = await import("../../../view/index.js");
        const description = await withStore(options.store, (kept) =>
          withBar("describing", (onProgress) =>
            describeTable({ ...table, ...selectionOf(options), ...kept, signal, onProgress }),
          ),
        );
        if (options.json) return printJson(description);
        const { showDescription } = await import("../../shown/show-description.js");
        showDescription(description);
      }),
    );
}
