import { Argument, type Command, Option } from "commander";
import type { PictureForm, PlotKind } from "../../../view/index.js";
import { type TableName, tableArgument, withChosenTable } from "../../naming/table-name.js";
import { connectionOf } from "../../options/connection.js";
import {
  type JsonFlag,
  jsonOption,
  type SelectionFlags,
  selectionOf,
  storeOption,
  withSelection,
} from "../../options/tables.js";
import { positive } from "../../options/values.js";
import { tellFile, withBar } from "../../output.js";
import { withStore } from "../../with-store.js";

interface PlotFlags extends SelectionFlags, JsonFlag {
  readonly output: string;
  readonly format?: PictureForm;
  readonly x?: string;
  readonly y?: string;
  readonly by?: string;
  readonly bins?: number;
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  readonly overwrite: boolean;
}

const KINDS: readonly PlotKind[] = ["histogram", "scatter", "box", "strip", "line", "correlation", "plate"];

export function addPlot(root: Command, signal: AbortSignal): void {
  const command = root.command("plot").addArgument(new Argument("<kind>", "what to draw").choices(KINDS));
  jsonOption(storeOption(withSelection(tableArgument(command))))
    .description("draw a picture of a table of any size")
    .requiredOption(
      "-o, --output <path>",
      "the file to make: .svg, .png, .html, or .json for Vega-Lite; - is standard output",
    )
    .option(
      "-x, --x <column>",
      "along the x axis; of box and strip the categories, of plate the wells (A1, or their ids)",
    )
    .option("-y, --y <column>", "along the y axis; of plate the values")
    .option("--by <column>", "a colour or line for each of its values")
    .option("--bins <number>", "classes of a histogram, about (40)", positive)
    .option("--width <pixels>", "of the plane (560)", positive)
    .option("--height <pixels>", "of the plane (360)", positive)
    .option("--title <text>", "above the picture")
    .addOption(new Option("--format <format>", "whatever the file is called").choices(["svg", "png", "html", "json"]))
    .option("--overwrite", "replace the file if it exists", false)
    .action((kind: PlotKind, name: TableName | undefined, options: PlotFlags) =>
      withChosenTable(name, options, signal, async (table) => {
        const { plotTable } = await import("../../../view/index.js");
        const { output: targetPath, format, x, y, by, bins, width, height, title, overwrite } = options;
        const { columnNames: columns, ...selection } = selectionOf(options);
        const look = { kind, x, y, by, bins, width, height, title, columns };
        // Of a file, the server that is named knows the wells.
        const server = table.path !== undefined && options.server !== undefined ? connectionOf(options) : {};
        await withStore(options.store, (kept) =>
          withBar("drawing", (onProgress) =>
            plotTable({
              ...server,
              ...table,
              ...selection,
              ...look,
              ...kept,
              targetPath,
              format,
              overwrite,
              signal,
              onProgress,
            }),
          ),
        );
        tellFile("plot", { path: targetPath }, options);
      }),
    );
}
