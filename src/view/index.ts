/** Looking at tables: what is in their columns, and pictures of them. */

export type { TableDescription } from "./describe.js";
export { describeTable } from "./describe-table.js";
export { plotTable } from "./plot-table.js";
export type { PictureForm, PlotTableOptions } from "./plots/draw-table.js";
export type { TablePlot } from "./plots/picture.js";
export type { PlotKind, PlotOptions } from "./plots/plot-kind.js";
export type { ColumnDescription } from "./summaries/column-summaries.js";
