/** A table on a server as `populate.py` prints it. */
import type { OmeroConnection } from "../../src/connect/index.js";
import { readBatches } from "../../src/read/index.js";
import { addRows } from "../formats/read-source.js";
import type { PopulatedTable } from "./name-cases.js";

export async function readPopulated(connection: OmeroConnection, fileId: number): Promise<PopulatedTable> {
  let columns: PopulatedTable["columns"] = [];
  let cells: unknown[][] = [];
  for await (const batch of readBatches({ connection, fileId })) {
    if (columns.length === 0) cells = batch.fields.map(() => []);
    columns = batch.fields.map(({ name, type, size }) => [name, type, size]);
    addRows(cells, batch);
  }
  const plain = (cell: unknown) => (typeof cell === "bigint" ? Number(cell) : (cell as string | number | boolean));
  const rows = (cells[0] ?? []).map((_, row) => cells.map((column) => plain(column[row])));
  return { columns, rows };
}
