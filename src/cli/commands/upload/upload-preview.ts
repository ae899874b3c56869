/** What an upload would make, in lines. */
import type { UnresolvedNames, UploadPreview } from "../../../write/index.js";
import { counted, print, printJson } from "../../output.js";

export function printPreview(preview: UploadPreview, { json }: { readonly json: boolean }): void {
  if (json) printJson(preview);
  else printLines(preview);
}

function printLines({ columns, rowCount, found, unresolved, firstRows }: UploadPreview): void {
  for (const { name, type, size } of columns) print(`${name}\t${type}\t${size}`);
  print(
    `${rowCount === undefined ? "rows not counted" : counted(rowCount, "row")}, ${counted(columns.length, "column")}`,
  );
  for (const { column, type, rowCount: rows, objectCount } of found) {
    print(`${column}: ${objectCount} ${type} ids found, in ${rows} rows`);
  }
  for (const one of unresolved) printUnresolved(one);
  print(columns.map(({ name }) => name).join("\t"));
  for (const row of firstRows) print(columns.map(({ name }) => String(row[name])).join("\t"));
  print("Nothing was made.");
}

function printUnresolved({ column, type, unknown, ambiguous, firstRow }: UnresolvedNames): void {
  const where = `first in row ${firstRow}`;
  if (unknown.length > 0) print(`${column}: no ${type} of these names, ${where}: ${unknown.join(", ")}`);
  if (ambiguous.length > 0)
    print(`${column}: several ${type}s of each of these names, ${where}: ${ambiguous.join(", ")}`);
}
