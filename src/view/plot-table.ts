/** Pictures of tables; what draws them is loaded when the first is asked for. */
import type { PlotTableOptions } from "./plots/draw-table.js";
import type { TablePlot } from "./plots/picture.js";

/**
 * Draws a table, or a frame, of any size in bounded memory: rows are counted, sorted into classes and averaged while they come. Only the
 * columns that are plotted are read. Needs `vega` and `vega-lite`, and for PNG `@resvg/resvg-js` and `dejavu-fonts-ttf`, installed beside.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` for columns that cannot be plotted so; `MISSING_PACKAGE`; `FILE_EXISTS`
 * @throws what `readBatches` throws; FileError `CANNOT_WRITE_FILE`
 *
 * @example
 * ```ts
 * await plotTable({ connection, fileId: 10, kind: "scatter", x: "area", y: "intensity", targetPath: "cells.png" });
 * const plot = await plotTable({ source: frame, kind: "histogram", x: "area" });
 * console.log(plot.toSVG());
 * ```
 */
export async function plotTable(options: PlotTableOptions): Promise<TablePlot> {
  const { drawTable } = await import("./plots/draw-table.js");
  return drawTable(options);
}
