/** A whole source as plain values, for tests. */
import type { ColumnBatch, ColumnData } from "../../src/columns/batch.js";
import type { BatchStreamOptions } from "../../src/formats/format.js";
import { openSource, type RowSource } from "../../src/formats/open-source.js";
import { type ColumnTypes, checkColumnTypes, checkTypedColumns } from "../../src/formats/values/column-types.js";

export interface ReadSource {
  /** "name:Type", with "(size)" for text and arrays. */
  readonly fields: readonly string[];
  readonly columns: readonly (readonly unknown[])[];
  readonly warnings: readonly string[];
}

export interface ReadOptions extends Partial<Omit<BatchStreamOptions, "types">> {
  readonly columnTypes?: ColumnTypes;
  readonly rows?: number;
}

export async function readSource(source: RowSource, options: ReadOptions = {}): Promise<ReadSource> {
  const { columnTypes, rows = 3, ...rest } = options;
  const warnings: string[] = [];
  const types = checkColumnTypes(columnTypes);
  const opened = await openSource(source, {
    types,
    checkNames: (names) => checkTypedColumns(types, names),
    csv: {},
    onWarning: (message) => warnings.push(message),
    signal: undefined,
    onProgress: undefined,
    ...rest,
  });
  try {
    const columns: unknown[][] = opened.fields.map(() => []);
    for await (const batch of opened.batches(rows)) addRows(columns, batch);
    const sized = ["String", "FloatArray", "DoubleArray", "LongArray"];
    const fields = opened.fields.map(
      ({ name, type, size }) => `${name}:${type}${sized.includes(type) ? `(${size})` : ""}`,
    );
    return { fields, columns, warnings };
  } finally {
    await opened.close();
  }
}

export function addRows(columns: unknown[][], batch: ColumnBatch): void {
  for (const [index, column] of batch.columns.entries()) {
    for (let row = 0; row < batch.rowCount; row++) columns[index]!.push(valueAt(column, row));
  }
}

export function valueAt(column: ColumnData, row: number): unknown {
  switch (column.kind) {
    case "bool":
      return column.values[row] === 1;
    case "string":
      return new TextDecoder().decode(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]));
    case "array":
      return Array.from(column.values.slice(row * column.size, (row + 1) * column.size) as Float64Array);
    case "mask": {
      const { imageId, theZ, theT, x, y, w, h, offsets, bytes } = column;
      const bits = [...bytes.subarray(offsets[row], offsets[row + 1])];
      return [imageId[row], theZ[row], theT[row], x[row], y[row], w[row], h[row], bits];
    }
    default:
      return column.values[row];
  }
}
