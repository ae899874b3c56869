/** Excel workbooks, as openpyxl writes them: the sheets "Notes", which is empty, "Cells" and "Harmony export". */
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
