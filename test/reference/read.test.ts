/** Tables written by omero-py, read through a real router and omero-py's servants, and beside omero2pandas. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import {
  downloadTable,
  getTableHeaders,
  getTableSize,
  type ReadOptions,
  readArrow,
  readBatches,
  readTable,
} from "../../src/read/index.js";
import { rstring } from "../../src/rtypes.js";
import { type Cell, joinCells } from "../support/cells.js";
import { restoreCells, type StatedTable } from "../support/stated-cells.js";
import { ReferenceServer, runPython } from "./reference-server.js";

interface Stored extends StatedTable {
  readonly fileId: number;
  readonly annotationId: number;
}
interface Tables {
  readonly every: Stored;
  readonly masks: Stored;
  readonly emptyFile: number;
  readonly csv: Readonly<Record<"whole" | "rows" | "query" | "columns", string>>;
}

let server: ReferenceServer;
let tables: Tables;
let everyCells: Cell[][];
let directory: string;
const connections = new Map<string, OmeroConnection>();

beforeAll(async () => {
  server = await ReferenceServer.start();
  const script = fileURLToPath(new URL("read_tables.py", import.meta.url));
  tables = JSON.parse(await runPython(script, [String(server.port)]));
  everyCells = restoreCells(tables.every);
  directory = await mkdtemp(join(tmpdir(), "omero2frame-read-"));
  const login = { username: "user", password: "pass", interactive: false };
  connections.set("tcp", await connectToOmero({ server: `tcp://127.0.0.1:${server.port}`, ...login }));
  connections.set("TLS", await connectToOmero({ server: "127.0.0.1", port: server.sslPort, ...login }));
});
afterAll(async () => {
  for (const connection of connections.values()) await connection.close();
  await server?.stop();
  if (directory) await rm(directory, { recursive: true });
});

async function collect(options: ReadOptions) {
  const batches = [];
  for await (const batch of readBatches(options)) batches.push(batch);
  return joinCells(batches);
}
const pick = (rows: readonly number[]) => everyCells.map((column) => rows.map((row) => column[row]));
const all = () => everyCells[0]!.map((_, row) => row);
/** Rows whose cells in a column meet a condition. */
function rowsWhere(name: string, test: (cell: never, row: number) => boolean): number[] {
  const column = everyCells[tables.every.fields.findIndex((field) => field.name === name)]!;
  return all().filter((row) => test(column[row] as never, row));
}

describe.each(["tcp", "TLS"])("through %s", (way) => {
  const source = () => ({ connection: connections.get(way)!, fileId: tables.every.fileId });

  it("reads columns of every type as written", async () => {
    expect(await collect(source())).toEqual({ rows: all(), cells: everyCells });
    expect(await collect({ ...source(), chunkSize: 333 })).toEqual({ rows: all(), cells: everyCells });
  });

  it("reads masks, as a whole, by row and by range", async () => {
    const cells = restoreCells(tables.masks);
    const masks = { connection: connections.get(way)!, annotationId: tables.masks.annotationId };
    expect((await collect(masks)).cells).toEqual(cells);
    const rows = [19, 0, 7, 7];
    expect((await collect({ ...masks, rows })).cells).toEqual(cells.map((column) => rows.map((row) => column[row])));
    expect((await collect({ ...masks, rows: { start: 3, stop: 9, step: 2 } })).rows).toEqual([3, 5, 7]);
  });

  it("reads lists, ranges and steps of rows", async () => {
    const list = [2499, 0, 5, 5, 1200];
    expect(await collect({ ...source(), rows: list })).toEqual({ rows: list, cells: pick(list) });
    const stepped = all().filter((row) => row >= 100 && row < 2000 && (row - 100) % 7 === 0);
    const upwards = { start: 100, stop: 2000, step: 7 };
    expect(await collect({ ...source(), rows: upwards })).toEqual({ rows: stepped, cells: pick(stepped) });
    const downwards = { start: 2499, step: -3 };
    const descending = all()
      .reverse()
      .filter((row) => (2499 - row) % 3 === 0);
    expect(await collect({ ...source(), rows: downwards })).toEqual({ rows: descending, cells: pick(descending) });
    expect((await collect({ ...source(), rows: [] })).rows).toEqual([]);
  });

  it("reads what meets a condition, with variables and columns whose names hold spaces", async () => {
    const large = rowsWhere("mean area", (area: number) => area > 1);
    expect(await collect({ ...source(), query: "`mean area` > 1" })).toEqual({ rows: large, cells: pick(large) });
    const query = "(area > least) & (row >= 1000)";
    const variables = { area: rstring("mean area"), least: 0.5 };
    const later = rowsWhere("mean area", (area: number, row) => area > 0.5 && row >= 1000);
    expect((await collect({ ...source(), query, variables, columnNames: ["row"] })).rows).toEqual(later);
    const texts = rowsWhere("text", (text: string) => text === "plain text");
    expect((await collect({ ...source(), query: "text == wanted", variables: { wanted: "plain text" } })).rows).toEqual(
      texts,
    );
    expect((await collect({ ...source(), query: "row < 0" })).rows).toEqual([]);
    expect((await collect({ ...source(), query: "row >= 2498" })).rows).toEqual([2498, 2499]);
  });
});

describe("beside omero2pandas", () => {
  it.each([
    ["whole", {}],
    ["rows", { rows: [2400, 3, 3, 77] }],
    ["query", { query: "(size > 5000) & ok" }],
    ["columns", { columnNames: ["text", "mean area"], rows: { stop: 10 } }],
  ] as const)("writes the same CSV to the byte: %s", async (name, selection) => {
    const targetPath = join(directory, `${name}.csv`);
    await downloadTable({ connection: connections.get("TLS")!, fileId: tables.every.fileId, targetPath, ...selection });
    expect(await readFile(targetPath, "utf8")).toBe(tables.csv[name]);
  });
});

describe("other forms", () => {
  it("gives Arrow tables with metadata and DataFrames", async () => {
    const connection = connections.get("tcp")!;
    const { fileId } = tables.every;
    const arrow = await readArrow({ connection, fileId });
    expect([arrow.numRows, arrow.numCols]).toEqual([2500, tables.every.fields.length]);
    expect(arrow.schema.metadata.get("omero.metadata.__version")).toBe("2");
    expect(arrow.schema.fields[0]!.metadata.get("omero.description")).toBe("file of a cell");
    const frame = await readTable({ connection, fileId, columnNames: ["row", "text"], rows: { start: 10, stop: 12 } });
    expect([frame.index, frame.values]).toEqual([
      [10, 11],
      [
        [10, "Größe"],
        [11, "日本"],
      ],
    ]);
    await expect(readTable({ connection, fileId })).rejects.toMatchObject({ code: "UNSAFE_INTEGER", column: "file" });
  });

  it("tells size and headers", async () => {
    const connection = connections.get("tcp")!;
    expect(await getTableSize({ connection, annotationId: tables.every.annotationId })).toEqual([2500, 14]);
    const { columns } = await getTableHeaders({ connection, fileId: tables.every.fileId });
    expect(columns.map(({ name, type, size }) => ({ name, type, size }))).toEqual(tables.every.fields);
  });

  it("reads a table without rows", async () => {
    const connection = connections.get("tcp")!;
    const frame = await readTable({ connection, fileId: tables.emptyFile });
    expect([frame.shape, frame.columns, frame.dtypes]).toEqual([
      [0, 2],
      ["n", "s"],
      ["int32", "string"],
    ]);
    const targetPath = join(directory, "empty.csv");
    expect(await downloadTable({ connection, fileId: tables.emptyFile, targetPath, query: "n > 0" })).toBe(0);
    expect(await readFile(targetPath, "utf8")).toBe(",n,s\n");
  });
});
