/** A table attached to a dataset, read in parts and by a condition. `tsx tables.ts DATASET_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero, deleteTable, getTableSize, listTables, openTable, readTable, uploadTable } from "omero2frame";
import { tell } from "./tell.js";

const parent = `Dataset:${process.argv[2]}`;
await using connection = await connectToOmero();
const name = `TablesDemo:${Date.now()}`;
const texts = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const columns = { Uid: texts.map((_, index) => index + 1), MyStringColumn: texts };
const { fileId } = await uploadTable(columns, name, { connection, parent });
const table = await openTable(connection, { fileId });
tell("000.06a newTable addData getOriginalFile", table.file.name === name);
const attached = await listTables({ connection, parent, name });
tell("000.06b attach table", attached.length);
const all = await readTable({ connection, table });
const some = await readTable({ connection, table, columnNames: ["MyStringColumn"], rows: { start: 3, stop: 7 } });
const found = await readTable({ connection, table, query: "(Uid > 2) & (Uid <= 8)" });
const values = (frame: typeof all) => frame.columns.map((column) => frame.column(column).values);
const read = [all.columns, table.rowCount, values(all), values(some)[0], found.index, values(found)];
tell("000.06c openTable read query", read);
await table.close();
// The table is found again by its name, or as what is attached to the dataset.
for await (const { id } of connection.getObjects("OriginalFile", { attributes: { name } })) {
  tell("000.06d OriginalFile by attributes", (await getTableSize({ connection, fileId: id }))[0]);
}
await deleteTable({ connection, fileId });
