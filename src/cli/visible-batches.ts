/** Batches as they may be laid out for a terminal: names and texts that cannot change what it shows. */
import type { ColumnBatch, ColumnData, StringColumn } from "../columns/batch.js";
import { columnValues } from "../columns/column-values.js";
import { visibleLine } from "./output.js";

export async function* visibleBatches(
  batches: AsyncIterable<ColumnBatch>,
): AsyncGenerator<ColumnBatch, void, undefined> {
  for await (const batch of batches) {
    const fields = batch.fields.map((field) => ({ ...field, name: visibleLine(field.name) }));
    yield { ...batch, fields, columns: batch.columns.map(visibleColumn) };
  }
}

function visibleColumn(column: ColumnData): ColumnData {
  return column.kind === "string" ? visibleTexts(column) : column;
}

function visibleTexts(column: StringColumn): StringColumn {
  const texts = columnValues(column).map((text) => new TextEncoder().encode(visibleLine(text as string)));
  const offsets = new Int32Array(texts.length + 1);
  for (const [row, { length }] of texts.entries()) offsets[row + 1] = offsets[row]! + length;
  return { kind: "string", offsets, bytes: new Uint8Array(Buffer.concat(texts)) };
}
