import type { Command } from "commander";
import { chosenTable, type TableName, tableArgument } from "../../naming/table-name.js";
import { type JsonFlag, jsonOption, type SelectionFlags, selectionOf, withSelection } from "../../options.js";
import { printJson, withBar } from "../../output.js";

export function addDescribe(root: Command, signal: AbortSignal): void {
  jsonOption(withSelection(tableArgument(root.command("describe"))))
    .description(
      "print what is in each column: counts, missing and different values, quartiles, mean, a small histogram",
    )
    .action(async (name: TableName | undefined, options: SelectionFlags & JsonFlag) => {
      const { describeTable } = await import("../../../view/index.js");
      const selection = { ...chosenTable(name, options), ...selectionOf(options), signal };
      const description = await withBar("describing", (onProgress) => describeTable({ ...selection, onProgress }));
      if (options.json) return printJson(description);
      const { showDescription } = await import("../../shown/show-description.js");
      showDescription(description);
    });
}
