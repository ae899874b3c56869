/** Tables uploaded through a real router to omero-py's servants, and what ours, omero2pandas and PyTables find there. */
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { readBatches } from "../../src/read/index.js";
import { appendRows, deleteTable, getTableMetadata, updateRows, uploadTable } from "../../src/write/index.js";
import { addRows } from "../formats/read-source.js";
import { PythonSession } from "./python-session.js";
import { ReferenceServer } from "./reference-server.js";

interface Found {
  readonly pytables: {
    readonly rows: number;
    readonly types: readonly string[];
    readonly sizes: Readonly<Record<string, number>>;
    readonly columns: Readonly<Record<string, readonly unknown[]>>;
    readonly attributes: Readonly<Record<string, unknown>>;
  };
  readonly omero2pandas: Readonly<Record<string, readonly unknown[]>> | null;
}

const NUCLEI = fileURLToPath(new URL("../../examples/data/nuclei.csv", import.meta.url));
const MASK = { imageId: 7n, theZ: 1, theT: 2, x: 0.5, y: 1, w: 2, h: 3, bytes: new Uint8Array([1, 2]) };

let server: ReferenceServer;
let connection: OmeroConnection;
let python: PythonSession;

beforeAll(async () => {
  [server, python] = await Promise.all([ReferenceServer.start(), PythonSession.start("import check_uploads")]);
  await python.run("client = log_in(port)", { port: server.port });
  const login = { server: `127.0.0.1:${server.sslPort}`, username: "user", password: "pass", allowToken: false };
  connection = await connectToOmero(login);
});
afterAll(async () => {
  await connection?.close();
  await python?.[Symbol.asyncDispose]();
  await server?.stop();
});

function upload(source: Parameters<typeof uploadTable>[0], options: Partial<Parameters<typeof uploadTable>[2]> = {}) {
  return uploadTable(source, "uploaded", { connection, parentId: 1, onWarning: () => {}, ...options });
}

function look(fileId: bigint): Promise<Found> {
  const inputs = { directory: server.directory, file: Number(fileId) };
  return python.run("result = check_uploads.look(client, directory, file)", inputs);
}

async function readBack(fileId: bigint): Promise<Record<string, unknown[]>> {
  const columns: unknown[][] = [];
  let names: string[] = [];
  for await (const batch of readBatches({ connection, fileId })) {
    names = batch.fields.map(({ name }) => name);
    while (columns.length < names.length) columns.push([]);
    addRows(columns, batch);
  }
  return Object.fromEntries(names.map((name, index) => [name, columns[index]!]));
}

/** A value as check_uploads.py states it. */
function stated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stated);
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    return value;
  }
  return typeof value === "bigint" ? String(value) : value;
}

/** Numbers are compared by value: Python and JavaScript write them differently. */
function comparable(found: unknown, ours: unknown): unknown {
  if (Array.isArray(found) && Array.isArray(ours)) return found.map((one, index) => comparable(one, ours[index]));
  return typeof found === "string" && typeof ours === "number" ? Number(found) : found;
}

async function expectStored(
  fileId: bigint,
  columns: Record<string, unknown[]>,
  types: readonly string[],
): Promise<Found> {
  expect(await readBack(fileId)).toEqual(columns);
  const found = await look(fileId);
  const expected = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.map(stated)]));
  expect(found.pytables.types).toEqual(types.map((type) => `::omero::grid::${type}Column`));
  for (const seen of [found.pytables.columns, found.omero2pandas]) {
    if (seen === null) continue;
    const names = Object.keys(expected);
    expect(Object.keys(seen)).toEqual(names);
    for (const name of names) expect(comparable(seen[name], expected[name])).toEqual(expected[name]);
  }
  return found;
}

describe("uploadTable", () => {
  it("nuclei.csv", async () => {
    const { fileId, rowCount } = await upload(NUCLEI, { chunkSize: 100 });
    expect(rowCount).toBe(569);
    const columns = await readBack(BigInt(fileId));
    const types = ["Image", "String", ...new Array(30).fill("Double")];
    const found = await expectStored(BigInt(fileId), columns, types);
    expect(found.pytables.sizes.diagnosis).toBe(9);
    expect([columns.diagnosis![0], columns["mean area"]![568], columns.image![568]]).toEqual(["malignant", 181, 569n]);
  });

  it("every type but masks", async () => {
    const columns = {
      file: [1n, 2n, 3n],
      image: [1n, 2n, 3n],
      dataset: [1n, 2n, 3n],
      roi: [1n, 2n, 3n],
      well: [1n, 2n, 3n],
      plate: [1n, 2n, 3n],
      "a bool": [true, false, true],
      double: [1.5, NaN, -Infinity],
      long: [2n ** 63n - 1n, -(2n ** 63n), 0n],
      text: ["é🔬日本", "", 'a,"b"\n'],
      empty: ["", "", ""],
      floats: [
        [0.5, 1],
        [NaN, 2],
        [3, 4],
      ],
      doubles: [[0.1], [0.2], [0.3]],
      longs: [
        [1n, 2n ** 60n],
        [3n, 4n],
        [5n, 6n],
      ],
    };
    const source = { ...columns, floats: columns.floats.map((list) => Float32Array.from(list)) };
    const { fileId } = await upload(source, { metadata: { note: "naïve", count: 5, scale: 0.5 } });
    const types = ["File", "Image", "Dataset", "Roi", "Well", "Plate", "Bool", "Double", "Long", "String", "String"];
    const found = await expectStored(BigInt(fileId), columns, [...types, "FloatArray", "DoubleArray", "LongArray"]);
    expect(found.pytables.attributes).toMatchObject({ note: "naïve", count: "5", scale: "0.5" });
    expect(found.pytables.sizes).toMatchObject({ text: 12, empty: 1 });
  });

  it("masks", async () => {
    const { fileId } = await upload({ mask: [MASK, { ...MASK, imageId: 8, bytes: new Uint8Array(3) }], n: [1, 2] });
    const found = await look(BigInt(fileId));
    expect(found.pytables).toMatchObject({
      rows: 2,
      types: ["::omero::grid::MaskColumn", "::omero::grid::LongColumn"],
    });
    expect(await readBack(BigInt(fileId))).toEqual({
      mask: [
        [7n, 1, 2, 0.5, 1, 2, 3, [1, 2]],
        [8n, 1, 2, 0.5, 1, 2, 3, [0, 0, 0]],
      ],
      n: [1n, 2n],
    });
  });

  it("a CSV whose types change after the first chunk", async () => {
    const rows = Array.from({ length: 3000 }, (_, row) => `${row},${row}`);
    const csv = ["a,b", ...rows, "1.5,é"].join("\n");
    const { fileId } = await upload(Readable.from([Buffer.from(csv)]), { chunkSize: 1000 });
    const columns = await readBack(BigInt(fileId));
    await expectStored(BigInt(fileId), columns, ["Double", "String"]);
    expect([columns.a!.at(-1), columns.b!.at(-1), columns.b![0]]).toEqual([1.5, "é", "0"]);
  });

  it("names with /, spaces and non-ASCII letters", async () => {
    const { fileId } = await upload({ "a/b c": [1], µm: [2.5] });
    await expectStored(BigInt(fileId), { "a\\b c": [1n], µm: [2.5] }, ["Long", "Double"]);
  });

  it("no rows", async () => {
    const { fileId, rowCount } = await upload({ a: new Int32Array(0), b: [] });
    expect(rowCount).toBe(0);
    expect((await look(BigInt(fileId))).pytables).toMatchObject({ rows: 0, sizes: { a: 8, b: 1 } });
  });

  it("500 columns", async () => {
    const columns = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`c ${index}`, [BigInt(index)]]));
    const { fileId } = await upload(columns);
    await expectStored(BigInt(fileId), columns, new Array(500).fill("Long"));
  });

  it("a failing upload leaves nothing", async () => {
    const before = await server.contents();
    async function* batches() {
      for await (const batch of readBatches({ connection, fileId: (await upload({ a: [1] })).fileId })) {
        yield batch;
        yield { ...batch, fields: [{ ...batch.fields[0]!, name: "other" }] };
      }
    }
    await expect(upload(batches())).rejects.toMatchObject({
      code: "UPLOAD_FAILED",
      message: expect.stringMatching(/removed/),
    });
    const after = await server.contents();
    expect(after.files.length).toBe(before.files.length + 1);
    expect(after.openTables).toBe(before.openTables);
  });

  it("replace", async () => {
    const first = await uploadTable({ a: [1] }, "again", { connection, parentId: 2 });
    const second = await uploadTable({ a: [2] }, "again", { connection, parentId: 2, replace: true });
    const { files } = await server.contents();
    expect(files).not.toContain(Number(first.fileId));
    expect(files).toContain(Number(second.fileId));
  });
});

it("rows appended and changed are found by PyTables", async () => {
  const { fileId } = await upload({ a: [1, 2], s: ["é", "bb"], ok: [true, false] });
  await appendRows([{ s: "x", a: 3, ok: true }], { connection, fileId });
  const query = "a != 2";
  await updateRows({ s: "y", ok: false }, { connection, fileId, query });
  const updating = updateRows({ s: "ß" }, { connection, fileId, query });
  await expect(updating).rejects.toMatchObject({
    code: "VALUE_DOES_NOT_FIT",
    column: "s",
    message: expect.stringMatching(/ASCII/),
  });
  await expectStored(BigInt(fileId), { a: [1n, 2n, 3n], s: ["y", "bb", "y"], ok: [false, false, false] }, [
    "Long",
    "String",
    "Bool",
  ]);
  expect((await getTableMetadata({ connection, fileId })).get("__version")).toBe("2");
  await deleteTable({ connection, fileId });
  expect((await server.contents()).files).not.toContain(Number(fileId));
});
