/** Excel workbooks, as openpyxl writes them: the sheets "Notes", which is empty, "Cells" and "Harmony export". */
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFileTable } from "../../../src/formats/open-table.js";
import { checkInstalled } from "../../../src/formats/xlsx/workbook.js";
import { readSource } from "../read-source.js";

const workbook = fileURLToPath(new URL("measurements.xlsx", import.meta.url));
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-xlsx-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("a sheet is read as a CSV file is", () => {
  test("the first that holds cells, unless another is named", async () => {
    const { fields, columns, warnings } = await readSource(workbook);
    expect(fields).toEqual([
      "Image:Image",
      "Label:String(10)",
      "mean area, µm²:Double",
      "Ok:Bool",
      "Day:String(10)",
      "Time:String(19)",
      "Code:String(4)",
    ]);
    expect(columns).toEqual([
      [101n, 102n, 103n],
      ["nucleus é", 'say "x", y', ""],
      [1.5, Number.NaN, 1e-7],
      [true, false, true],
      ["2024-05-01", "2024-05-02", ""],
      ["2024-05-01T09:30:00", "2024-05-02", ""],
      ["0012", "0013", "0014"],
    ]);
    expect(warnings.join("\n")).toContain('Sheet "Cells" is read, of "Cells", "Harmony export"');
  });

  test.each(["Harmony export", 3])("sheet %j, whose table begins further down", async (sheet) => {
    const { fields, columns } = await readSource(workbook, { csv: { sheet } });
    expect(fields).toEqual(["Row:Long", "Column:Long", "Cells - Number:Double"]);
    expect(columns).toEqual([
      [1n, 2n],
      [1n, 12n],
      [10, 20.5],
    ]);
  });

  test("whatever the file's name", async () => {
    const path = join(directory, "table.csv");
    await copyFile(workbook, path);
    expect((await readSource(path)).fields[0]).toBe("Image:Image");
  });

  test("as a table, of which rows are selected", async () => {
    const table = await openFileTable(workbook, {});
    const rows = await table.getWhereList("Image > 101", new Map(), { start: 0, stop: 3 });
    expect([...rows]).toEqual([1, 2]);
    await table.close();
  });
});

describe("is refused", () => {
  test.each(["Plates", 4])("for a sheet that is not there: %j", async (sheet) => {
    await expect(readSource(workbook, { csv: { sheet } })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining('"Notes", "Cells", "Harmony export"'),
    });
  });

  test.each([0, -1, 1.5, true])("for what names no sheet: %j", async (sheet) => {
    const csv = { sheet: sheet as number };
    await expect(readSource(workbook, { csv })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("for a sheet without cells", async () => {
    await expect(readSource(workbook, { csv: { sheet: "Notes" } })).rejects.toMatchObject({ name: "DataError" });
  });

  test("for a workbook that is cut off", async () => {
    const path = join(directory, "cut.xlsx");
    await writeFile(path, Buffer.from("PK\x03\x04\x14\0\0\0\0\0[Content_Types].xml, and nothing more", "latin1"));
    await expect(readSource(path)).rejects.toMatchObject({ code: "MALFORMED_FILE", path });
  });

  test("without the package, which is named", () => {
    const missing = () => {
      throw new Error("Cannot find module");
    };
    expect(() => checkInstalled(missing)).toThrow(/npm install read-excel-file/);
  });
});

describe("what it may hold", () => {
  const limited = (maxBytes: number) => ({ csv: { maxBytes } });
  /** The part of the workbook by that name holds so many zero bytes more, whatever its headers say. */
  async function bomb(name: string, { listed = true } = {}): Promise<string> {
    const path = join(directory, name);
    const data = deflateRawSync(Buffer.alloc(8 << 20), { level: 9 });
    await writeFile(path, zipOf([{ name: "xl/workbook.xml", data, claims: 10 }], listed));
    return path;
  }

  test("is as much as is allowed, counted where it could be more", async () => {
    expect((await readSource(workbook, limited(1 << 20))).columns).toHaveLength(7);
    await expect(readSource(workbook, limited(1000))).rejects.toMatchObject({ code: "LIMIT_EXCEEDED", path: workbook });
  });

  test.each([true, false])("is counted whatever its headers claim, its parts being listed: %s", async (listed) => {
    const path = await bomb(`bomb ${listed}.xlsx`, { listed });
    const refused = { code: "LIMIT_EXCEEDED", message: expect.stringMatching(/more than 1048576 bytes .* maxBytes/) };
    await expect(readSource(path, limited(1 << 20))).rejects.toMatchObject(refused);
  });

  test("is not known of a file without a list of its parts", async () => {
    const path = join(directory, "cut.xlsx");
    await writeFile(path, (await readFile(workbook)).subarray(0, 5000));
    await expect(readSource(path, limited(1000))).rejects.toMatchObject({ code: "MALFORMED_FILE", path });
  });
});

interface ZipPart {
  readonly name: string;
  readonly data: Buffer;
  /** Bytes that it says it holds. */
  readonly claims: number;
}

/** A ZIP file of deflated parts; where they are not listed, its directory is empty. */
function zipOf(parts: readonly ZipPart[], listed: boolean): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claims } of parts) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(claims, 18);
    common.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    entries.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), common, rest, Buffer.from(name));
    locals.push(Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name), data);
    offset += 30 + name.length + data.length;
  }
  const directory = listed ? Buffer.concat(entries) : Buffer.alloc(0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  // What is not listed must be more than names and descriptors take.
  const padding = listed ? Buffer.alloc(0) : Buffer.alloc(1 << 17);
  return Buffer.concat([...locals, directory, padding, end]);
}
