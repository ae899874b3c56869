/** Pictures of tables. */
import type { ColumnBatch } from "../../columns/batch.js";
import type { ReadableTable } from "../../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, through, withConnection } from "../../connect/connection-option.js";
import { ArgumentError, invalidArgument } from "../../errors.js";
import { openTargetFile, TARGET_FILE_OPTIONS, type TargetFileOptions } from "../../flow/files/target-file.js";
import { checkOptions, type OptionNames, pickOptions } from "../../flow/options.js";
import type { Source } from "../../formats/format.js";
import { openSource, type RowSource } from "../../formats/open-source.js";
import { selectedBatches } from "../../read/kept-batches.js";
import type { TableRoutes } from "../../read/plan/route.js";
import { select } from "../../read/plan/table-selection.js";
import { checkRead, READ_OPTIONS, type ReadOptions } from "../../read/read-table.js";
import { SOURCE_OPTIONS, type SourceOptions, withTable } from "../../read/source.js";
import { box } from "./boxes.js";
import { correlation } from "./correlation.js";
import { wellsOf } from "./find-wells.js";
import { histogram } from "./histogram.js";
import { line } from "./line.js";
import { TablePlot } from "./picture.js";
import { plate } from "./plate.js";
import {
  columnsNamed,
  joinedNotes,
  type PlotKind,
  type PlotMaker,
  type PlotOptions,
  type PlotReducer,
  type PlotSize,
  type Spec,
} from "./plot-kind.js";
import { scatter } from "./scatter.js";
import { strip } from "./strip.js";

/** What to plot of which table, and where to put it. */
export interface PlotTableOptions extends ReadOptions, PlotOptions, TargetFileOptions {
  /** Rows to plot in place of a table's: a frame, an Arrow table, rows or columns, as `uploadTable` takes them. */
  readonly source?: RowSource | undefined;
  /** Path of a file to make: `.svg`, `.png`, `.html`, or `.json` for Vega-Lite. `-` is standard output. Default none. */
  readonly targetPath?: string | undefined;
  /** "svg", "png", "html" or "json", whatever the path's ending. */
  readonly format?: PictureForm | undefined;
  /** Width of the plane in pixels, without axes. Default 560. */
  readonly width?: number | undefined;
  /** Height of the plane in pixels. Default 360. */
  readonly height?: number | undefined;
  /** Above the picture. Default: the names of what is plotted. */
  readonly title?: string | undefined;
}

/** A file that a plot is written to. */
export type PictureForm = "svg" | "png" | "html" | "json";

/** Rows at a time of what is on this machine: no more are in memory, and none are fetched by it. */
const BATCH_ROWS = 32_768;
const MAKERS: Readonly<Record<PlotKind, PlotMaker>> = { histogram, scatter, box, strip, line, correlation, plate };
const FORMS: Readonly<Record<PictureForm, (plot: TablePlot) => string | Promise<Uint8Array>>> = {
  svg: (plot) => plot.toSVG(),
  png: (plot) => plot.toPNG(),
  html: (plot) => plot.toHTML(),
  json: (plot) => `${JSON.stringify(plot.spec, null, 2)}\n`,
};

const PLOT_OPTIONS: OptionNames<PlotTableOptions> = {
  ...READ_OPTIONS,
  ...TARGET_FILE_OPTIONS,
  kind: true,
  x: true,
  y: true,
  by: true,
  columns: true,
  bins: true,
  source: true,
  targetPath: true,
  format: true,
  width: true,
  height: true,
  title: true,
};

/** As `plotTable`, whose work it does. */
export async function drawTable(options: PlotTableOptions): Promise<TablePlot> {
  checkOptions(options, PLOT_OPTIONS, "plotTable");
  const maker = makerOf(options.kind);
  const form = formOf(options);
  const { width = 560, height = 360 } = options;
  if (!(width > 0 && height > 0)) throw invalidArgument("width and height are pixels, more than 0");
  const file = options.targetPath === undefined ? undefined : await openTargetFile(options.targetPath, options);
  try {
    const plot = await TablePlot.draw(await specOf(options, maker, { width, height }));
    const content = await FORMS[form](plot);
    await file?.write(typeof content === "string" ? new TextEncoder().encode(content) : content);
    await file?.commit();
    return plot;
  } finally {
    await file?.discard();
  }
}

function makerOf(kind: PlotKind): PlotMaker {
  if (Object.hasOwn(MAKERS, kind)) return MAKERS[kind];
  throw invalidArgument(`there is no plot of kind "${String(kind)}"; there are ${Object.keys(MAKERS).join(", ")}`);
}

function formOf({ format, targetPath }: PlotTableOptions): PictureForm {
  const form = format ?? /\.(svg|png|html|json)$/i.exec(targetPath ?? ".svg")?.[1]?.toLowerCase();
  if (form !== undefined && Object.hasOwn(FORMS, form)) return form as PictureForm;
  throw invalidArgument(
    `a plot is written as ${Object.keys(FORMS).join(", ")}; give a path with such an ending, or format`,
  );
}

async function specOf(options: PlotTableOptions, maker: PlotMaker, size: PlotSize): Promise<Spec> {
  const { source, signal } = options;
  if (source === undefined) return specOfTable(options, maker, size);
  const opened = await openSource(source, {
    types: new Map(),
    checkNames: () => {},
    csv: {},
    onWarning: () => {},
    signal,
    onProgress: undefined,
  });
  try {
    return await reducedSource(options, maker, size, opened);
  } finally {
    await opened.close();
  }
}

/** Through one connection, where the table is on a server. */
function specOfTable(options: PlotTableOptions, maker: PlotMaker, size: PlotSize): Promise<Spec> {
  const draw = (reading: PlotTableOptions) =>
    withTable(readingOf(reading), (table, routes) => reduced(reading, maker, size, table, routes));
  const isOnServer = options.path === undefined && options.table === undefined;
  if (!isOnServer || options.kind !== "plate") return draw(options);
  return withConnection(readingOf(options), (connection) => draw(through(connection, options)));
}

/** The options that say which table, and how to reach it. */
function readingOf(options: PlotTableOptions): SourceOptions {
  return pickOptions<SourceOptions>(options, SOURCE_OPTIONS);
}

async function reduced(
  options: PlotTableOptions,
  maker: PlotMaker,
  size: PlotSize,
  table: ReadableTable,
  routes: TableRoutes,
): Promise<Spec> {
  const names = maker.columns(options, table.fields);
  const chunkSize = options.chunkSize ?? (options.path === undefined ? undefined : BATCH_ROWS);
  const selection = select(table, checkRead({ ...options, columnNames: names, chunkSize }));
  return drawn(options, size, names, maker.reducer(options, table.fields), selectedBatches(selection, routes, options));
}

function reducedSource(options: PlotTableOptions, maker: PlotMaker, size: PlotSize, source: Source): Promise<Spec> {
  const names = maker.columns(options, source.fields);
  const missing = names.find((name) => !source.fields.some((field) => field.name === name));
  if (missing !== undefined)
    throw new ArgumentError("UNKNOWN_COLUMN", `The source has no column "${missing}"`, { column: missing });
  return drawn(options, size, names, maker.reducer(options, source.fields), source.batches(BATCH_ROWS, options));
}

async function drawn(
  options: PlotTableOptions,
  size: PlotSize,
  names: readonly string[],
  reducer: PlotReducer,
  batches: AsyncIterable<ColumnBatch>,
): Promise<Spec> {
  let rowCount = 0;
  for await (const batch of batches) {
    reducer.add(columnsNamed(batch, names), batch.rowCount);
    rowCount += batch.rowCount;
  }
  await reducer.finish?.(wellsOf(pickOptions<ConnectionOption>(options, CONNECTION_OPTIONS)));
  const { note, ...spec } = reducer.spec(size);
  const subtitle = joinedNotes(
    `${rowCount.toLocaleString("en")} ${rowCount === 1 ? "row" : "rows"}`,
    note as string | undefined,
  );
  return { ...size, title: { text: options.title ?? names.join(", "), subtitle }, ...spec };
}
