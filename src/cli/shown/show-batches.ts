/** Rows on standard output. */
import type { ColumnBatch } from "../../columns/batch.js";
import { counted, print, printColumns } from "../output.js";
import { batchTexts } from "./cell-texts.js";
import { cutTo, fittingColumns } from "./text-table.js";

/** As a table, or, as JSON, an object a line. */
export async function showBatches(
  batches: readonly ColumnBatch[],
  { json }: { readonly json: boolean },
): Promise<void> {
  if (json) return writeJson(batches);
  const columns = batchTexts(batches);
  printColumns(columns);
  if (!process.stdout.isTTY) return;
  const room = process.stdout.columns || 80;
  const fitting = fittingColumns(columns, room) - 1;
  const all = columns.length - 1;
  if (fitting < all) print(cutTo(`${fitting} of ${counted(all, "column")} shown; -c chooses, --json shows all`, room));
}

async function writeJson(batches: readonly ColumnBatch[]): Promise<void> {
  const { JsonRows, LINES } = await import("../../formats/json/json-rows.js");
  const rows = new JsonRows(batches[0]?.fields ?? [], LINES);
  for (const batch of batches) for (const part of rows.add(batch)) process.stdout.write(part);
  for (const part of rows.end()) process.stdout.write(part);
}
