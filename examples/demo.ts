/**
 * The main job from end to end: starts the embedded server, stores a table of cell nuclei on it, loads it as a DataFrame,
 * filters it on the server and downloads it as CSV; then writes the same rows as a TileDB array, registers it as a remote
 * table and reads that. Needs no OMERO server.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  connectToOmero,
  createTileDB,
  downloadTable,
  getTableColumns,
  getTableSize,
  readTable,
  registerTable,
  uploadTable,
} from "omero2frame";
import { startServer } from "omero2frame/server";

const nuclei = fileURLToPath(new URL("data/nuclei.csv", import.meta.url));

const folder = await mkdtemp(join(tmpdir(), "omero2frame-"));

await using server = await startServer({ web: { arrays: folder } });
await using connection = await connectToOmero({
  server: server.host,
  port: server.tlsPort,
  username: "user",
  password: "pass",
});
console.log(`Logged in over TLS to ${server.host}:${server.tlsPort}`);

const { annotationId, rowCount } = await uploadTable(nuclei, "Nuclei", { connection, parentId: 1 });
console.log(`Stored ${rowCount} rows as annotation ${annotationId} of Image 1\n`);

const [rows, columns] = await getTableSize({ connection, annotationId });
console.log(`The table has ${rows} rows and ${columns} columns:`);
console.log(`${(await getTableColumns({ connection, annotationId })).join(", ")}\n`);

const table = await readTable({ connection, annotationId, columnNames: ["image", "diagnosis", "mean area"] });
console.log("Its first rows:");
table.head().print();

const large = await readTable({
  connection,
  annotationId,
  columnNames: ["image", "diagnosis", "mean area"],
  query: "(diagnosis == 'malignant') & (`mean area` > 1000)",
});
console.log(`${large.shape[0]} malignant nuclei have a mean area over 1000:`);
large.head().print();

const targetPath = join(folder, "nuclei.csv");
await downloadTable({ connection, annotationId, targetPath });
console.log(`The whole table is now in ${targetPath}\n`);

// A remote table: the array stays where it is, and the server reads it there.
const array = join(folder, "nuclei.tiledb");
const token = await createTileDB(nuclei, array);
const remote = await registerTable(connection, array, {
  tableName: "Nuclei in place",
  parentId: 1,
  token,
  server: server.web!.url,
});
const again = await readTable({
  connection,
  annotationId: remote,
  columnNames: ["image", "diagnosis", "mean area"],
  query: "(diagnosis == 'malignant') & (`mean area` > 1000)",
});
console.log(`The array ${array}, registered as annotation ${remote}, has ${again.shape[0]} of them, too`);
