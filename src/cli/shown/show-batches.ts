/** Rows on standard output. */
import type { ColumnBatch } from "../../columns/batch.js";
import { visibleText } from "../../errors.js";
import { JsonRows, LINES } from "../../formats/json/json-rows.js";
import { counted, print, printColumns } from "../output.js";
import { batchTexts } from "./cell-texts.js";
import { cutTo, fittingColumns } from "./text-table.js";

/** As a table, or, as JSON, an object a line. */
export function showBatches(batches: readonly ColumnBatch[], { json }: { readonly json: boolean }): void {
  if (json) {
    for (const line of jsonRows(batches)) process.stdout.write(`${line}\n`);
    return;
  }
  const columns = batchTexts(batches);
  printColumns(columns);
  if (!process.stdout.isTTY) return;
  const room = process.stdout.columns || 80;
  const fitting = fittingColumns(columns, room) - 1;
  const all = columns.length - 1;
  if (fitting < all) print(cutTo(`${fitting} of ${counted(all, "column")} shown; -c chooses, --json shows all`, room));
}

/** Each row as an object, int64 in full; what a terminal would act on is escaped. */
export function jsonRows(batches: readonly ColumnBatch[]): string[] {
  const rows = new JsonRows(batches[0]?.fields ?? [], LINES);
  const parts = [...batches.flatMap((batch) => [...rows.add(batch)]), ...rows.end()];
  const text = visibleText(Buffer.concat(parts).toString());
  return text === "" ? [] : text.trimEnd().split("\n");
}
