/**
 * Remote tables: TileDB arrays in a place that the server can read, registered there with OMERO Plus. The embedded server
 * stands for OMERO.server and OMERO Plus here; both see the same folder.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  connectToOmero,
  createTileDB,
  getTableSize,
  readArrow,
  readTileDBArrow,
  registerTable,
  uploadTable,
} from "omero2frame";
import { startServer } from "omero2frame/server";

const folder = await mkdtemp(join(tmpdir(), "omero2frame-"));
const nuclei = fileURLToPath(new URL("data/nuclei.csv", import.meta.url));

await using server = await startServer({ web: { arrays: folder } });
await using connection = await connectToOmero({
  server: server.host,
  port: server.tlsPort,
  username: "user",
  password: "pass",
});
// Only needed where the web server is not https://HOST of the OMERO server.
const web = { server: server.web!.url };

// In one step: the array is written to the folder, as "Nuclei.tiledb", and registered.
const { annotationId, rowCount } = await uploadTable(nuclei, "Nuclei", {
  connection,
  parentId: 1,
  localPath: folder,
  web,
});
console.log(`${rowCount} rows as annotation ${annotationId}`);
const query = "(diagnosis == 'malignant') & (`mean area` > 2000)";
const largest = await readArrow({ connection, annotationId, columnNames: ["mean area"], query });
console.log(`largest mean areas: ${[...largest.getChild("mean area")!].join(", ")}`);

// In two steps, which may be on different machines: the array, whose secret token is in it, then its registration.
const path = join(folder, "cells.tiledb");
await createTileDB({ label: ["nucleus", "Zellkern ä"], area: [12.5, 80.25] }, path);
const cells = await registerTable(connection, path, { tableName: "Cells", parentId: 1, localPath: path, ...web });
console.log(`rows and columns of the second: ${await getTableSize({ connection, annotationId: cells })}`);

// Arrays are read without a server, too.
const local = await readTileDBArrow(path, { query: "area > 50" });
console.log(`on this machine: ${local.getChild("label")!.get(0)}`);

await rm(folder, { recursive: true });
