/** A table attached to a dataset, read in parts and by a condition. `tsx tables.ts DATASET_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero, getTableSize, readTable, uploadTable } from "omero2frame";

const parentId = process.argv[2]!;
await using connection = await connectToOmero();

const name = `TablesDemo:${Date.now()}`;
const texts = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const columns = { Uid: texts.map((_, index) => index + 1), MyStringColumn: texts };
const { fileId } = await uploadTable(columns, name, { connection, parentType: "Dataset", parentId });

const some = await readTable({ connection, fileId, columnNames: ["MyStringColumn"], rows: { start: 3, stop: 7 } });
console.log("rows 3 to 6:", some.column("MyStringColumn").values.join(" "));

const found = await readTable({ connection, fileId, query: "(Uid > 2) & (Uid <= 8)" });
console.log("found:", found.index.join(" "), "with", found.column("Uid").values.join(" "));

// The table is found again by its name, or as what is attached to the dataset.
for await (const file of connection.getObjects("OriginalFile", { attributes: { name } }))
  console.log("rows:", (await getTableSize({ connection, fileId: file.id }))[0]);
console.log("attached:", (await (await connection.getObject("Dataset", parentId)).tables({ name })).length);
