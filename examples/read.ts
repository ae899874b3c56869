/** Parts of a table in several forms: columns, rows, a condition; as a frame, as Arrow, as batches. */
import { fileURLToPath } from "node:url";
import { column, connectToOmero, readArrow, readBatches, readTable, uploadTable } from "omero2frame";
import { startServer } from "omero2frame/server";

await using server = await startServer();
await using connection = await connectToOmero({
  server: server.host,
  port: server.tlsPort,
  username: "user",
  password: "pass",
});
const nuclei = fileURLToPath(new URL("data/nuclei.csv", import.meta.url));
const { fileId } = await uploadTable(nuclei, "Nuclei", { connection, parentType: "Dataset", parentId: 1 });

// Two columns of every hundredth row. The index holds the rows' numbers in the table.
const sample = await readTable({
  connection,
  fileId,
  columnNames: ["image", "mean radius"],
  rows: { start: 0, stop: 569, step: 100 },
});
sample.print();

// A condition with a value that is not written into it; then one that is built.
const benign = await readArrow({ connection, fileId, query: "diagnosis == kind", variables: { kind: "benign" } });
const query = column("mean area").gt(2000).and(column("diagnosis").eq("malignant"));
const largest = await readArrow({ connection, fileId, columnNames: ["mean area"], query });
console.log(`${benign.numRows} benign; largest mean areas: ${[...largest.getChild("mean area")!].join(", ")}`);

// Batch by batch, in bounded memory whatever the table's size.
let sum = 0;
let count = 0;
for await (const { columns, rowCount } of readBatches({ connection, fileId, columnNames: ["mean area"] })) {
  const [areas] = columns;
  if (areas?.kind === "double") sum += areas.values.reduce((total, area) => total + area, 0);
  count += rowCount;
}
console.log(`mean of mean area over ${count} rows: ${(sum / count).toFixed(2)}`);
