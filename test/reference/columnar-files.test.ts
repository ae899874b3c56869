/** Parquet, Arrow and JSON files of ours read by pyarrow and pandas, and theirs read here. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { field } from "../../src/columns/batch.js";
import { writeHdf5Table } from "../../src/formats/hdf5/index.js";
import { downloadTable, readArrow } from "../../src/read/index.js";
import { batchOf, type Cell } from "../support/cells.js";
import { runPython } from "./reference-server.js";

const script = fileURLToPath(new URL("columnar_files.py", import.meta.url));

const FIELDS = [
  field("image", "Image", 1, "an image"),
  field("mean area", "Double"),
  field("text", "String", 8),
  field("ok", "Bool"),
  field("spectrum", "DoubleArray", 2),
  field("outline", "Mask"),
];
const MASK = { imageId: 7n, theZ: 1, theT: 2, x: 0.5, y: 1, w: 2, h: 3, bytes: [255, 0] };
const CELLS: Cell[][] = [
  [1n, 2n ** 53n + 1n, -(2n ** 62n)],
  [0.1, Number.NaN, Number.POSITIVE_INFINITY],
  ["é ß", "", "日本"],
  [true, false, true],
  [
    [1, 2],
    [-0, Number.NaN],
    [1e300, 5e-324],
  ],
  [MASK, { ...MASK, bytes: [] }, { ...MASK, imageId: 2n ** 60n }],
];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "columnar-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A cell as the script writes it. */
function cellJson(cell: unknown): unknown {
  if (typeof cell === "bigint") return { int: String(cell) };
  if (typeof cell === "number") return { double: cell };
  if (Array.isArray(cell)) return cell.map(cellJson);
  return cell;
}

/** Python's hexadecimal doubles as numbers, in the same places. */
function revived(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("double" in value)) return value;
  const text = String(value.double);
  if (text === "nan") return { double: Number.NaN };
  if (text === "inf") return { double: Number.POSITIVE_INFINITY };
  const [, sign, digits, exponent] = /^(-?)0x([01]\.[0-9a-f]+)p([+-]\d+)$/.exec(text)!;
  const fraction = Number(`0x${digits!.replace(".", "")}`) / 16 ** (digits!.length - 2);
  return { double: (sign === "-" ? -1 : 1) * fraction * 2 ** Number(exponent) };
}

function maskJson({ bytes, imageId, theZ, theT, x, y, w, h }: typeof MASK): unknown {
  const numbers = Object.fromEntries(Object.entries({ x, y, w, h }).map(([key, value]) => [key, { double: value }]));
  return {
    imageId: { int: String(imageId) },
    theZ: { int: String(theZ) },
    theT: { int: String(theT) },
    ...numbers,
    bytes: { bytes },
  };
}

describe("files of ours", () => {
  it("hold for pyarrow and pandas every cell, and what is noted of columns and table", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "t.h5");
    await writeHdf5Table(path, FIELDS, [batchOf(FIELDS, CELLS)], { metadata: new Map([["source", "größer"]]) });
    const columnNames = ["image", "text", "ok"];
    for (const name of ["t.parquet", "t.arrow", "t.arrows"])
      await downloadTable({ path, targetPath: join(folder, name) });
    for (const name of ["t.ndjson", "t.json"])
      await downloadTable({ path, targetPath: join(folder, name), columnNames });
    const found = JSON.parse(await runPython(script, ["read", folder]), revived);
    const cells = CELLS.map((column, index) =>
      column.map((cell) => (index === 5 ? maskJson(cell as typeof MASK) : cellJson(cell))),
    );
    for (const format of ["parquet", "arrow", "arrows"]) {
      expect(found[format].cells, format).toEqual(cells);
      expect(found[format].fields.map(({ name }: { name: string }) => name)).toEqual(FIELDS.map(({ name }) => name));
      expect(found[format].fields[0]).toEqual({
        name: "image",
        nullable: false,
        notes: { "omero.type": "Image", "omero.description": "an image", "omero.size": "1" },
      });
      expect(found[format].metadata["omero.metadata.source"]).toBe("größer");
    }
    expect(found.statistics).toEqual([String(-(2n ** 62n)), String(2n ** 53n + 1n), "0"]);
    const sum = Number(CELLS[0]!.reduce<bigint>((total, cell) => total + (cell as bigint), 0n));
    expect(found.pandas).toEqual([sum, sum]);
    expect(found.ndjson).toEqual(cells[0]);
    expect(found.json).toEqual(cells[0]);
  });
});

describe("folders of many files", () => {
  it("are one data set for pyarrow and pandas, by rows and by the values of a column", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "t.h5");
    const fields = [field("image", "Image"), field("text", "String", 12)];
    const images = [1n, 2n ** 53n + 1n, 2n ** 60n, 2n ** 60n + 1n];
    const texts = ["é/ß", "a=b", "é/ß", "%20 x"];
    await writeHdf5Table(path, fields, [batchOf(fields, [images, texts])], { metadata: new Map() });
    await downloadTable({ path, targetPath: join(folder, "by-rows"), partitionRows: 3 });
    await downloadTable({ path, targetPath: join(folder, "by-text"), partitionBy: "text" });
    const found = JSON.parse(await runPython(script, ["dataset", folder]));
    const expected = [images.map(String), texts];
    for (const name of ["by-rows", "by-text"]) expect(found[name]).toEqual({ pyarrow: expected, pandas: expected });
  });
});

describe("files of pyarrow and pandas", () => {
  it("are read whole, by whatever they are compressed", async () => {
    const folder = temporaryFolder();
    await runPython(script, ["write", folder]);
    const codecs = ["NONE", "SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4", "pages1.0", "pages2.0"];
    const names = [
      ...codecs.map((codec) => `${codec}.parquet`),
      ...["uncompressed", "lz4", "zstd"].map((codec) => `${codec}.feather`),
      "stream.arrows",
    ];
    for (const name of names) {
      const table = await readArrow({ path: join(folder, name) });
      const row = (index: number) => table.schema.fields.map((_, column) => table.getChildAt(column)!.get(index));
      expect(table.numRows, name).toBe(3000);
      const [long, double, text, word, flag, when, day, list] = row(2998);
      expect([long, double, text, word, flag, when, day, [...list]], name).toEqual([
        2n ** 60n + 2998n,
        2998 / 3,
        "größe 2",
        "bé",
        false,
        "1970-01-01T00:49:58.000000Z",
        "1978-03-18",
        [1499, 1],
      ]);
      expect(row(2995)[1], name).toBeNaN();
    }
    const json = await readArrow({ path: join(folder, "pandas.json") });
    expect([json.numRows, json.getChild("id")!.get(2999)]).toEqual([3000, 2999n]);
    const lines = await readArrow({ path: join(folder, "pandas.ndjson") });
    expect([lines.numRows, lines.getChild("id")!.get(2999)]).toEqual([3000, 2n ** 60n + 2999n]);
  });
});
