import { describe, expect, it } from "vitest";
import { openHdf5Table } from "../../../src/formats/hdf5/open-table.js";
import { PlainTableFile } from "../../../src/formats/hdf5/plain-table-file.js";
import { describeTable, fixtureFile, openThroughLibrary, STORED } from "./stored-tables.js";

const PLAIN = ["every-type", "no-rows", "many-chunks", "many-columns", "edited-metadata"];
const UNUSUAL = ["compressed", "user-block"];

describe("a file of omero-py and PyTables", () => {
  it.each([...PLAIN, ...UNUSUAL])("%s reads as its own storage reads it", async (name) => {
    await using table = await openHdf5Table(fixtureFile(name));
    expect(await describeTable(table)).toEqual(STORED[name]);
  });

  it.each(PLAIN)("%s reads the same through the HDF5 library", async (name) => {
    await using table = await openThroughLibrary(fixtureFile(name));
    expect(await describeTable(table)).toEqual(STORED[name]);
  });

  it.each(UNUSUAL)("%s is left to the HDF5 library", async (name) => {
    await expect(PlainTableFile.open(fixtureFile(name), false)).rejects.toMatchObject({ name: "UnusualLayout" });
  });

  it("with several Mask columns is read but for the masks, whose bits are mixed", async () => {
    await using table = await openHdf5Table(fixtureFile("two-masks"));
    const { columns } = await table.read([1], 0, 3);
    expect(columns).toEqual([{ kind: "long", values: BigInt64Array.of(1n, 2n, 3n) }]);
    await expect(table.read([0], 0, 3)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE", column: "a" });
  });

  it("compressed in a way the HDF5 library lacks says so", async () => {
    await expect(openHdf5Table(fixtureFile("blosc")).then((table) => table.read([0], 0, 1))).rejects.toMatchObject({
      code: "MALFORMED_FILE",
      message: expect.stringContaining("compressed in a way that is not supported"),
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
