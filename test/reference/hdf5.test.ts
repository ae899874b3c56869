/** Files of ours judged by omero-py's storage and PyTables, and files that both write to in turn. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type ColumnField, field } from "../../src/columns/batch.js";
import { createHdf5Table, openHdf5Table, writeHdf5Table } from "../../src/formats/hdf5/index.js";
import { compileCondition } from "../../src/query/index.js";
import {
  batchFromJson,
  cellsJson,
  describeTable,
  fixtureFile,
  type JsonCell,
  STORED,
  type StoredTableJson,
  temporaryDirectory,
} from "../formats/hdf5/stored-tables.js";
import { referencePython } from "./reference-server.js";

const script = fileURLToPath(new URL("hdf5-check.py", import.meta.url));

/** Runs steps of `hdf5-check.py`. */
async function check(...steps: unknown[][]): Promise<unknown[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(referencePython(), [script], { maxBuffer: 1 << 28 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
    child.stdin!.end(JSON.stringify(steps));
  });
  return JSON.parse(output) as unknown[];
}

const EVERY_TYPE = STORED["every-type"]!;

/** Our own file with the content of a described table. */
async function writeOurs({ fields, cells, metadata }: StoredTableJson): Promise<string> {
  const path = join(temporaryDirectory(), "ours.h5");
  const values = Object.entries(metadata)
    .filter(([key]) => !key.startsWith("__"))
    .map(([key, value]) => [key, metadataValue(value)] as const);
  await writeHdf5Table(path, fields, [batchFromJson(fields, cells)], { metadata: new Map(values) });
  return path;
}

function metadataValue(value: StoredTableJson["metadata"][string]): bigint | number | string {
  if ("int" in value) return BigInt(value.int);
  return "float" in value ? Number(value.float) : value.text;
}

/** Without what differs by the time of writing. */
function comparable(described: unknown): StoredTableJson {
  const { metadata, ...rest } = described as StoredTableJson;
  return { ...rest, metadata: { ...metadata, __initialized: { float: 0 } } };
}

describe("a file of ours", () => {
  it("holds for omero-py's storage what was written", async () => {
    const path = await writeOurs(EVERY_TYPE);
    const [described] = await check(["describe", path]);
    expect(comparable(described)).toEqual(comparable(EVERY_TYPE));
  });

  it("is a PyTables file throughout", async () => {
    const path = await writeOurs(EVERY_TYPE);
    const copy = join(temporaryDirectory(), "copy.h5");
    const [structure, equal] = await check(["structure", path], ["rewrite", path, copy]);
    expect(structure).toMatchObject({
      format: "2.1",
      isPyTables: true,
      title: "OMERO HDF Measurement Storage",
      nodes: [
        "/",
        "/OME",
        "/OME/ColumnDescriptions",
        "/OME/ColumnTypes",
        "/OME/Measurements",
        "/OME/Measurements_masks",
      ],
      columns: { file: "int64", "is ok": "bool", "mean area": "float64", 名前: "string", mask: "nested" },
      rows: 9,
      rowsAttribute: 9,
      fieldNames: EVERY_TYPE.fields.map(({ name }) => name),
      byteorder: "little",
    });
    expect(equal).toBe(true);
    await using table = await openHdf5Table(copy);
    expect(comparable(await describeTable(table))).toEqual(comparable(EVERY_TYPE));
  });

  it("has the chunks the storage would make", async () => {
    const directory = temporaryDirectory();
    const widths = [1, 90, 104, 1000, 10_000, 70_000, 200_000];
    const ours = (width: number) => join(directory, `ours ${width}.h5`);
    const theirs = (width: number) => join(directory, `theirs ${width}.h5`);
    for (const width of widths) await (await createHdf5Table(ours(width), [field("a", "String", width)])).close();
    await check(...widths.map((width) => ["create", theirs(width), [field("a", "String", width)], []]));
    const structures = (await check(
      ...widths.flatMap((width) => [ours(width), theirs(width)].map((path) => ["structure", path])),
    )) as { chunkRows: number }[];
    const chunkRows = structures.map((structure) => structure.chunkRows);
    expect(chunkRows.filter((_, index) => index % 2 === 0)).toEqual(chunkRows.filter((_, index) => index % 2 === 1));
  });

  it("answers conditions as our own evaluator does, Bool and String columns among them", async () => {
    const fields = [
      field("id", "Long"),
      field("ok", "Bool"),
      field("area", "Double"),
      field("name", "String", 6),
      field("two words", "Bool"),
    ];
    const cells: JsonCell[][] = [
      Array.from({ length: 2500 }, (_, row) => String(row)),
      Array.from({ length: 2500 }, (_, row) => row % 3 === 0),
      Array.from({ length: 2500 }, (_, row) => (row % 7 === 0 ? "NaN" : row / 2)),
      Array.from({ length: 2500 }, (_, row) => ["", "a", "nucleu"][row % 3]!),
      Array.from({ length: 2500 }, (_, row) => row % 2 === 0),
    ];
    const path = await writeOurs({ fields, rowCount: 2500, cells, metadata: {} });
    const conditions = [
      "ok",
      "ok & (area > 100)",
      "~ok & (name == b'nucleu')",
      "ok == True",
      "(id % 10 == 3) | (area < 3)",
      "area != area",
      "name == b''",
    ];
    const [found] = (await check(["where", path, conditions.map((condition) => [condition])])) as [unknown[]];
    await using table = await openHdf5Table(path, { compileCondition });
    const ours = conditions.map((condition) => table.getWhereList(condition, new Map(), { start: 0, stop: 2500 }));
    expect(found).toEqual((await Promise.all(ours)).map((rows) => [...rows]));
    expect(found[0]).toHaveLength(834);
    const [named] = (await check(["where", path, [["x", { x: "two words" }]]])) as [number[][]];
    expect(named[0]).toHaveLength(1250);
  });

  it("takes rows, updates, metadata, an index and a removal from them, and is then still ours", async () => {
    const path = await writeOurs(EVERY_TYPE);
    const area = EVERY_TYPE.fields.find(({ name }) => name === "mean area")!;
    await check(
      ["append", path, EVERY_TYPE.fields, EVERY_TYPE.cells],
      ["update", path, area, [0, 17], [41, 42]],
      ["setMetadata", path, { added: { text: "later" }, text: { int: "5" } }],
      ["index", path, "file"],
    );
    const table = await openHdf5Table(path, { readOnly: false });
    expect(table.rowCount).toBe(18);
    const metadata = await table.getAllMetadata();
    expect([metadata.get("added"), metadata.get("text")]).toEqual(["later", 5n]);
    await table.addData(batchFromJson(EVERY_TYPE.fields, EVERY_TYPE.cells));
    await table.close();
    const [described, removed, structure] = await check(
      ["describe", path],
      ["removeRows", path, 5, 12],
      ["structure", path],
    );
    const expected = EVERY_TYPE.cells.map((values) => [...values, ...values, ...values]);
    expected[7]![0] = 41;
    expected[7]![17] = 42;
    expect(described).toMatchObject({
      cells: expected,
      metadata: { added: { text: "later" }, text: { int: "5" } },
    });
    expect(removed).toBe(7);
    expect(structure).toMatchObject({ rows: 20, rowsAttribute: 20 });
    await using again = await openHdf5Table(path);
    const [areas] = cellsJson(await again.read([7], 0, 20));
    expect(areas).toEqual(expected[7]!.toSpliced(5, 7));
  });

  it("of 1, 500 and 800 columns opens", async () => {
    for (const count of [1, 500, 800]) {
      const fields = Array.from({ length: count }, (_, index) =>
        field(`column ${index}`, index % 2 ? "Double" : "Bool"),
      );
      const cells = fields.map(({ type }, index) => (type === "Bool" ? [index % 3 === 0] : [index / 4]));
      const path = await writeOurs({ fields, rowCount: 1, cells, metadata: {} });
      const [described] = await check(["describe", path]);
      expect((described as StoredTableJson).cells).toEqual(cells);
    }
  });

  it("of 1,900 columns, more than they can make, is one for PyTables", async () => {
    const fields = Array.from({ length: 1900 }, (_, index) => field(`column ${index}`, index % 2 ? "Double" : "Bool"));
    const cells = fields.map(({ type }, index) => (type === "Bool" ? [index % 3 === 0] : [index / 4]));
    const path = await writeOurs({ fields, rowCount: 1, cells, metadata: {} });
    const [structure] = (await check(["structure", path])) as { rows: number; fieldNames: string[] }[];
    expect(structure!.rows).toBe(1);
    expect(structure!.fieldNames).toEqual(fields.map(({ name }) => name));
  });

  it("with an index of several levels, added to in small steps, is whole for them", async () => {
    const fields = [field("n", "Long"), field("wide", "String", 40_000)];
    const path = join(temporaryDirectory(), "ours.h5");
    const table = await createHdf5Table(path, fields);
    const cells = (rows: number[]) => [rows.map(String), rows.map((row) => `row ${row}`)];
    for (let row = 0; row < 200; row += 3) {
      const rows = [row, row + 1, row + 2].filter((each) => each < 200);
      await table.addData(batchFromJson(fields, cells(rows)));
      if (row % 7 === 0) await table.flush({ durable: false });
    }
    await table.close();
    const expected = cells(Array.from({ length: 200 }, (_, row) => row));
    const [before, , after] = (await check(
      ["describe", path],
      ["append", path, fields, cells([200, 201, 202])],
      ["describe", path],
    )) as StoredTableJson[];
    expect(before!.cells).toEqual(expected);
    expect(after!.rowCount).toBe(203);
    await using reopened = await openHdf5Table(path);
    expect((await describeTable(reopened)).cells).toEqual(after!.cells);
  });

  it("has metadata that was set, replaced and removed many times", async () => {
    const path = join(temporaryDirectory(), "ours.h5");
    const table = await createHdf5Table(path, [field("a", "Long")]);
    const expected = new Map<string, { text: string } | { int: string } | { float: number }>();
    for (let turn = 0; turn < 60; turn++) {
      const key = `schlüssel ${turn % 17}`;
      if (turn % 3 === 0) {
        await table.setMetadata(key, BigInt(turn));
        expected.set(key, { int: String(turn) });
      } else {
        const text = "é".repeat((turn * 37) % 400);
        await table.setMetadata(key, text);
        expected.set(key, { text });
      }
    }
    await table.close();
    const [described] = await check(["describe", path]);
    expect((described as StoredTableJson).metadata).toMatchObject(Object.fromEntries(expected));
  });
});

describe("a file of theirs", () => {
  it.each(["every-type", "many-chunks", "edited-metadata", "many-columns"])(
    "%s, added to by us, is whole for them",
    async (name) => {
      const path = fixtureFile(name);
      const stored = STORED[name]!;
      const table = await openHdf5Table(path, { readOnly: false });
      await table.addData(batchFromJson(stored.fields, stored.cells));
      await table.setMetadata("ours", "é");
      await table.close();
      const [described, structure] = await check(["describe", path], ["structure", path]);
      expect(described).toEqual({
        ...stored,
        rowCount: 2 * stored.rowCount,
        cells: stored.cells.map((values) => [...values, ...values]),
        metadata: { ...stored.metadata, ours: { text: "é" } },
      });
      expect(structure).toMatchObject({ rows: 2 * stored.rowCount, rowsAttribute: 2 * stored.rowCount });
    },
  );

  it("that had no row gets its first masks from us", async () => {
    const path = fixtureFile("no-rows");
    const { fields } = STORED["no-rows"]!;
    const cells: JsonCell[][] = [
      ["1", "2"],
      [
        ["7", 1, 2, 0.5, 1, 2, 3, [1, 2, 3]],
        ["8", 1, 2, 0, 0, 0, 0, []],
      ],
      [true, false],
    ];
    const table = await openHdf5Table(path, { readOnly: false });
    await table.addData(batchFromJson(fields as ColumnField[], cells));
    await table.close();
    const [described, , again] = (await check(
      ["describe", path],
      ["append", path, fields, cells],
      ["describe", path],
    )) as StoredTableJson[];
    expect(described!.cells).toEqual(cells);
    expect(again!.cells).toEqual(cells.map((values) => [...values, ...values]));
  });

  it("compressed, is added to", async () => {
    const path = fixtureFile("compressed");
    const stored = STORED.compressed!;
    const table = await openHdf5Table(path, { readOnly: false });
    await table.addData(batchFromJson(stored.fields, stored.cells));
    await table.setMetadata("ours", "größer");
    await table.setMetadata("empty", "");
    await table.setMetadata("number", 7n);
    await table.close();
    const [described, structure] = await check(["describe", path], ["structure", path]);
    expect(described).toMatchObject({
      cells: stored.cells.map((values) => [...values, ...values]),
      metadata: { ...stored.metadata, ours: { text: "größer" }, empty: { text: "" }, number: { int: "7" } },
    });
    expect(structure).toMatchObject({ rows: 2 * stored.rowCount, rowsAttribute: 2 * stored.rowCount });
  });
});
