/** Files of all formats, chosen by what is in them or by their name, read and written by the same functions. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type ColumnBatch, field } from "../../src/columns/batch.js";
import { formatOfFile, formatOfNewFile } from "../../src/formats/choose-format.js";
import { FORMATS } from "../../src/formats/formats.js";
import { writeHdf5Table } from "../../src/formats/hdf5/index.js";
import { downloadTable, getTableHeaders, readArrow, readBatches } from "../../src/read/index.js";
import { createTileDB } from "../../src/write/index.js";
import { batchOf, cellsOf } from "../support/cells.js";
import { readSource } from "./read-source.js";

const FIELDS = [
  field("image", "Image", 1, "an image"),
  field("mean area", "Double"),
  field("größe", "String", 7),
  field("ok", "Bool"),
];
const CELLS = [
  [1n, 2n ** 53n + 1n, 3n],
  [0.1, Number.NaN, -0],
  ["é ß", "", "seven.."],
  [true, false, true],
];
const COLUMNS = FIELDS.map(({ name }) => name);

let folder: string;
let h5: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "formats-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  h5 = join(folder, "cells.h5");
  await writeHdf5Table(h5, FIELDS, [batchOf(FIELDS, CELLS)], { metadata: new Map([["source", "größer"]]) });
});

async function cellsAt(path: string, options: object = {}) {
  const parts: ColumnBatch[] = [];
  for await (const batch of readBatches({ path, ...options })) parts.push(batch);
  return FIELDS.flatMap((_, index) => [parts.flatMap((part) => cellsOf(part)[index] ?? [])]);
}

describe("a table in a file", () => {
  it.each(["copy.h5", "copy.hdf5", "copy.tiledb", "copy.parquet", "copy.arrow", "copy.feather", "copy.arrows"])(
    "is written to %s and read from there, with all it holds",
    async (name) => {
      const path = join(folder, name);
      expect(await downloadTable({ path: h5, targetPath: path })).toBe(3);
      expect(await cellsAt(path)).toEqual(CELLS);
      const { columns, metadata } = await getTableHeaders({ path });
      expect(columns.map((column) => column.name)).toEqual(COLUMNS);
      expect(metadata.get("source")).toBe("größer");
      expect(readdirSync(folder).sort()).toEqual(["cells.h5", name].sort());
    },
  );

  it("of another name is known by what is in it", async () => {
    const odd = join(folder, "cells.csv");
    copyFileSync(h5, odd);
    expect(await cellsAt(odd)).toEqual(CELLS);
    expect((await formatOfFile(odd)).name).toBe("hdf5");
  });

  it.each(["plain.csv", "packed.csv.gz", "no-ending"])(
    "that is a CSV, %s, is read as a table of rows",
    async (name) => {
      const made = join(folder, "made.csv");
      await downloadTable({ path: h5, targetPath: made });
      const text = readFileSync(made);
      const path = join(folder, name);
      writeFileSync(path, name.endsWith(".gz") ? gzipSync(text) : text);
      const wanted = { columnNames: COLUMNS };
      expect(await cellsAt(path, wanted)).toEqual(
        CELLS.map((cells, index) => (index === 1 ? [0.1, Number.NaN, -0] : cells)),
      );
      expect(await cellsAt(path, { ...wanted, rows: [2, 0, 2] })).toEqual(
        CELLS.map((cells) => [cells[2], cells[0], cells[2]]),
      );
      expect(await cellsAt(path, { ...wanted, query: "image == 3" })).toEqual(CELLS.map((cells) => [cells[2]]));
    },
  );

  it.each<[string, string, (bytes: Buffer) => Buffer]>([
    ["t.tsv", "\t", (bytes) => bytes],
    ["t.csv.gz", ",", gunzipSync],
    ["t.tsv.gz", "\t", gunzipSync],
  ])("is written to %s as its name says", async (name, delimiter, unpack) => {
    const path = join(folder, name);
    expect(await downloadTable({ path: h5, targetPath: path })).toBe(3);
    const [head, first] = unpack(readFileSync(path)).toString().split("\n");
    expect(head).toBe(["", ...COLUMNS].join(delimiter));
    expect(first).toBe(["0", "1", "0.1", "é ß", "True"].join(delimiter));
    expect(await cellsAt(path, { columnNames: COLUMNS })).toEqual(CELLS);
  });

  it("is a source of rows for a new one, of any format", async () => {
    const array = join(folder, "array.tiledb");
    await createTileDB(h5, array);
    expect(await cellsAt(array)).toEqual(CELLS);
    for (const path of [h5, array]) {
      const { columns } = await readSource(path);
      expect(columns).toEqual(CELLS);
    }
    const typed = await readSource(h5, { columnTypes: { image: "Roi" } });
    expect(typed.fields[0]).toBe("image:Roi");
    await expect(readSource(h5, { columnTypes: { image: "String" } })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  it("keeps metadata in Arrow, too", async () => {
    expect((await readArrow({ path: h5 })).schema.metadata.get("omero.metadata.source")).toBe("größer");
  });

  it("is never written over unless that is asked for", async () => {
    for (const name of ["t.h5", "t.tiledb", "t.csv", "t.parquet", "t.arrow", "t.arrows", "t.ndjson", "t.json"]) {
      const targetPath = join(folder, name);
      await downloadTable({ path: h5, targetPath });
      await expect(downloadTable({ path: h5, targetPath })).rejects.toMatchObject({ code: "FILE_EXISTS" });
      expect(await downloadTable({ path: h5, targetPath, overwrite: true })).toBe(3);
    }
  });

  it("leaves nothing behind when it is stopped", async () => {
    for (const name of ["t.h5", "t.tiledb", "t.csv", "t.parquet", "t.arrow", "t.arrows", "t.ndjson", "t.json"]) {
      const signal = AbortSignal.abort();
      await expect(downloadTable({ path: h5, targetPath: join(folder, name), signal })).rejects.toMatchObject({
        code: "ABORTED",
      });
    }
    expect(readdirSync(folder)).toEqual(["cells.h5"]);
  });
});

describe("a format", () => {
  it("has a name of its own", () => {
    const names = FORMATS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ["a.h5", "hdf5"],
    ["A.HDF5", "hdf5"],
    ["a.tiledb", "tiledb"],
    ["a.parquet", "parquet"],
    ["a.arrow", "arrow"],
    ["a.feather", "arrow"],
    ["a.arrows", "arrows"],
    ["a.ndjson", "ndjson"],
    ["a.jsonl", "ndjson"],
    ["a.json", "json"],
    ["a.csv", "csv"],
    ["a.csv.gz", "csv"],
    ["a.tsv", "tsv"],
    ["a", "csv"],
    ["a.b.c", "csv"],
  ])("of a new file %s is %s", (path, name) => {
    expect(formatOfNewFile(path).name).toBe(name);
    expect(formatOfNewFile(path, "hdf5").name).toBe("hdf5");
  });

  it("that is not known is refused, by its name or ending", () => {
    expect(() => formatOfNewFile("a", "frame")).toThrow(/"hdf5", "tiledb", "parquet", "csv", .*; found "frame"/);
    expect(() => formatOfNewFile("a.xlsx")).toThrow(/\.xlsx is of no format known here/);
  });
});
