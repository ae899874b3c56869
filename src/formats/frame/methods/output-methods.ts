/** Methods of frames that give their content in other forms. */
import type * as Arrow from "apache-arrow";
import type { ColumnBatch } from "../../../columns/batch.js";
import { emptyBatch } from "../../../columns/batch-operations.js";
import { ArgumentError } from "../../../errors.js";
import { toArrowTable } from "../../arrow/arrow-sink.js";
import type { BatchStreamOptions } from "../../format.js";
import { openColumns } from "../../values/columns-source.js";
import type { Cells } from "../cells/cells.js";
import type { FrameBase } from "../danfojs/frame-base.js";
import { frameColumns } from "../frame-columns.js";
import { frameTable } from "../frame-content.js";
import { type FrameCsvOptions, tableCsv } from "../operations/frame-csv.js";
import { tableHtml } from "../operations/frame-html.js";

const ROWS_A_BATCH = 1 << 16;
/** Any names and number of columns: Arrow has no rules of its own. */
const ANY_COLUMNS: BatchStreamOptions = {
  types: new Map(),
  rules: { columnNames: (names) => [...names], checkFields: () => {} },
  checkNames: () => {},
  csv: {},
  signal: undefined,
  onProgress: undefined,
  onWarning: () => {},
};

async function* batchesOf(frame: FrameBase, labels: Float64Array): AsyncGenerator<ColumnBatch> {
  const source = openColumns(frameColumns(frame), ANY_COLUMNS);
  let start = 0;
  for await (const batch of source.batches(ROWS_A_BATCH)) {
    yield { ...batch, rowNumbers: labels.subarray(start, start + batch.rowCount) };
    start += batch.rowCount;
  }
  if (start === 0) yield emptyBatch(source.fields);
}

function numericLabels({ list }: Cells): Float64Array {
  const text = list.find((label) => !Number.isSafeInteger(label));
  if (text === undefined) return Float64Array.from(list as number[]);
  const message = `toArrow: rowNumbers needs an index of integers; found ${JSON.stringify(text)}: reset the index first`;
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

export const outputMethods = {
  async toArrow(this: FrameBase, { rowNumbers = false }: { readonly rowNumbers?: boolean } = {}): Promise<Arrow.Table> {
    const { index } = frameTable(this);
    const labels = rowNumbers ? numericLabels(index) : new Float64Array(index.length);
    return toArrowTable(batchesOf(this, labels), { rowNumbers });
  },

  toCSV(this: FrameBase, options?: FrameCsvOptions): string {
    return tableCsv(frameTable(this), options);
  },

  /** What notebooks on Deno's kernel show. */
  [Symbol.for("Jupyter.display")](this: FrameBase): Readonly<Record<string, string>> {
    return { "text/html": tableHtml(frameTable(this)), "text/plain": String(this) };
  },
};
