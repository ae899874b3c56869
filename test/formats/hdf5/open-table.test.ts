import { describe, expect, it } from "vitest";
import { openHdf5Table } from "../../../src/formats/hdf5/open-table.js";
import { batchFromJson, cellsJson, describeTable, fixtureFile, openThroughLibrary, STORED } from "./stored-tables.js";

const PLAIN = ["every-type", "no-rows", "many-chunks", "many-columns", "edited-metadata"];
const FILTERED = ["compressed", "deflate", "checksums", "deflate-checksums", "all-filters"];
const ALL = [...PLAIN, ...FILTERED, "user-block"];

describe("a file of omero-py and PyTables", () => {
  it.each(ALL)("%s reads as its own storage reads it", async (name) => {
    await using table = await openHdf5Table(fixtureFile(name));
    expect(await describeTable(table)).toEqual(STORED[name]);
  });

  it.each(ALL)("%s reads the same through the HDF5 library", async (name) => {
    await using table = await openThroughLibrary(fixtureFile(name));
    expect(await describeTable(table)).toEqual(STORED[name]);
  });

  it.each(FILTERED)("%s gives single rows in any order", async (name) => {
    const { cells } = STORED[name]!;
    await using table = await openHdf5Table(fixtureFile(name));
    const rows = Float64Array.of(19, 0, 7, 6, 13, 14, 6);
    const picked = cellsJson(
      await table.slice(
        table.fields.map((_, index) => index),
        rows,
      ),
    );
    expect(picked).toEqual(cells.map((values) => Array.from(rows, (row) => values[row])));
  });

  it.each([...FILTERED, "user-block"])("%s is added to and updated, for the HDF5 library too", async (name) => {
    const path = fixtureFile(name);
    const { fields, rowCount, cells, metadata } = STORED[name]!;
    const table = await openHdf5Table(path, { readOnly: false });
    const first = cells.map((values) => values.slice(0, 2));
    await table.update({ ...batchFromJson(fields, first), rowNumbers: Float64Array.of(9, 3) });
    const expected = cells.map((values) => [...values, ...values]);
    for (const [index, values] of cells.entries())
      [expected[index]![9], expected[index]![3]] = [values[0]!, values[1]!];
    await table.addData(batchFromJson(fields, cells));
    await table.setMetadata("ours", "größer");
    await table.close();
    const whole = {
      fields,
      rowCount: 2 * rowCount,
      cells: expected,
      metadata: { ...metadata, ours: { text: "größer" } },
    };
    for (const open of [openHdf5Table, openThroughLibrary]) {
      await using again = await open(path);
      expect(await describeTable(again)).toEqual(whole);
    }
  });

  it.each(FILTERED)("%s is as it was when rows that were added are dropped", async (name) => {
    const path = fixtureFile(name);
    const { fields, rowCount, cells } = STORED[name]!;
    const table = await openHdf5Table(path, { readOnly: false });
    await table.addData(batchFromJson(fields, cells));
    await table.dropRows(rowCount);
    expect(await describeTable(table)).toEqual(STORED[name]);
    await table.close();
    await using again = await openThroughLibrary(path);
    expect(await describeTable(again)).toEqual(STORED[name]);
  });

  it("with several Mask columns is read but for the masks, whose bits are mixed", async () => {
    await using table = await openHdf5Table(fixtureFile("two-masks"));
    const { columns } = await table.read([1], 0, 3);
    expect(columns).toEqual([{ kind: "long", values: BigInt64Array.of(1n, 2n, 3n) }]);
    await expect(table.read([0], 0, 3)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE", column: "a" });
  });

  it("compressed by another filter is refused, by name and with what to do", async () => {
    await expect(openHdf5Table(fixtureFile("blosc"))).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
      message: expect.stringMatching(/filter blosc.*ptrepack --complevel=0/),
    });
  });

  it("that holds no table of OMERO says so", async () => {
    const path = fixtureFile("other-file");
    await expect(openHdf5Table(path)).rejects.toMatchObject({ code: "MALFORMED_FILE", path });
  });

  it("with metadata OMERO.tables has no type for is read, the metadata refused", async () => {
    await using table = await openHdf5Table(fixtureFile("odd-metadata"));
    expect(table.rowCount).toBe(0);
    await expect(table.getAllMetadata()).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
      message: expect.stringContaining("listed"),
    });
  });
});
