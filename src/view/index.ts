/** Looking at tables: what is in their columns, pictures of them, and a page to browse them. */

export { describeTable, type TableDescription } from "./describe.js";
export { type PageOptions, type ServedPage, servePage } from "./page/page-server.js";
export { TablePlot } from "./plots/picture.js";
export type { PlotKind, PlotOptions } from "./plots/plot-kind.js";
export { type PictureForm, type PlotTableOptions, plotTable } from "./plots/plot-table.js";
export type { ColumnDescription } from "./summaries/column-summaries.js";
