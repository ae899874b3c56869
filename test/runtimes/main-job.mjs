/**
 * The main job, as it runs on every runtime: a CSV stored, rows by a condition as a frame and as Arrow, a Parquet file. With the ports of a
 * server, plain and TLS, as arguments it uses that one, by both; else one of its own.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectToOmero, downloadTable, readArrow, readTable, uploadTable } from "omero2frame";

const [, , ...ports] = process.argv;
const ROWS = 1000;
const folder = await mkdtemp(join(tmpdir(), "main-job-"));
const at = (name) => join(folder, name);
const lines = Array.from({ length: ROWS }, (_, row) => `${1 + (row % 3)},${row / 8},${["größe", "nucleus"][row % 2]}`);
await writeFile(at("cells.csv"), `image,area,label\n${lines.join("\n")}\n`);

const server =
  ports.length > 0 ? undefined : await (await import("omero2frame/server")).startServer({ directory: at("lab") });
const [port, tlsPort] = server ? [server.port, server.tlsPort] : ports;
const login = { username: "user", password: "pass" };
const plain = await connectToOmero({ server: `tcp://127.0.0.1:${port}`, ...login });
const { userName } = plain.session;
await plain.close();
const connection = await connectToOmero({ server: `127.0.0.1:${tlsPort}`, ...login });
const { fileId } = await uploadTable(at("cells.csv"), "Cells", { connection, parentId: 1 });
const query = "(area > 100) & (label == 'größe')";
const frame = await readTable({ connection, fileId, query });
const arrow = await readArrow({ connection, fileId, query });
await downloadTable({ connection, fileId, targetPath: at("cells.parquet") });
const again = await readArrow({ path: at("cells.parquet"), query });
const refused = await readTable({ connection, fileId, query: "nonesuch > 1" }).catch(({ code }) => code);
await connection.close();
await server?.close();
await rm(folder, { recursive: true });
console.log(
  JSON.stringify({
    userName,
    frame: frame.shape,
    arrow: arrow.numRows,
    parquet: sum(again),
    service: sum(arrow),
    refused,
  }),
);

function sum(table) {
  return [
    table.numRows,
    table
      .getChild("area")
      .toArray()
      .reduce((total, area) => total + area, 0),
  ];
}
