/** Tables in forms PyTables does not write, made by the HDF5 library: object headers of version 2, other chunk indexes. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ColumnField, field } from "../../../src/columns/batch.js";
import { openHdf5Table } from "../../../src/formats/hdf5/index.js";
import { type Hdf5Functions, Hdf5Library } from "./library/hdf5-library.js";
import { batchFromJson, cellsJson, openThroughLibrary, temporaryDirectory } from "./stored-tables.js";

const FIELDS: ColumnField[] = [field("id", "Image"), field("area", "Double"), field("name", "String", 5)];
const RECORD_SIZE = 21;
const ROWS = 700;
const CREATE = 2;

const number = { signed: true, vlen: false, littleEndian: true, shape: [], total_size: 1 };
const MEMBERS = [
  { ...number, name: "id", type: 0, size: 8, offset: 0 },
  { ...number, name: "area", type: 1, size: 8, offset: 8 },
  { ...number, name: "name", type: 3, size: 5, offset: 16, cset: 0 },
];

function records(count: number): Uint8Array {
  const bytes = new Uint8Array(count * RECORD_SIZE);
  const view = new DataView(bytes.buffer);
  for (let row = 0; row < count; row++) {
    view.setBigInt64(row * RECORD_SIZE, BigInt(row), true);
    view.setFloat64(row * RECORD_SIZE + 8, row / 2, true);
    bytes.set(new TextEncoder().encode(`r${row}`), row * RECORD_SIZE + 16);
  }
  return bytes;
}

function expectedCells(count: number) {
  const rows = Array.from({ length: count }, (_, row) => row);
  return [rows.map(String), rows.map((row) => row / 2), rows.map((row) => `r${row}`)];
}

type Bounds = readonly [low: "H5F_LIBVER_V18" | "H5F_LIBVER_V110", high: "H5F_LIBVER_V18" | "H5F_LIBVER_LATEST"];

/** A table made by the library with structures between two of its versions. */
async function makeTable([low, high]: Bounds, attributes: number): Promise<string> {
  const path = join(temporaryDirectory(), "table.h5");
  const library = await Hdf5Library.start();
  library.call("make a table", (hdf5) => {
    const id = hdf5.open(path, CREATE, false, hdf5[low], hdf5[high]);
    hdf5.create_group(id, "/OME", false);
    const compound = { members: MEMBERS, nmembers: MEMBERS.length };
    put(hdf5, records(ROWS), (pointer) =>
      hdf5.create_dataset(id, "/OME/Measurements", pointer, {
        ...number,
        type: 6,
        size: RECORD_SIZE,
        compound_type: compound,
        shape: [BigInt(ROWS)],
        maxshape: [2n ** 64n - 1n],
        chunks: [64],
      } as never),
    );
    const types = FIELDS.map(({ type }) => `::omero::grid::${type}Column`);
    for (const [name, texts] of [
      ["ColumnTypes", types],
      ["ColumnDescriptions", ["", "", "names"]],
    ] as const) {
      putTexts(hdf5, id, `/OME/${name}`, texts);
    }
    for (let index = 0; index < attributes; index++) {
      put(hdf5, new Uint8Array(new BigInt64Array([BigInt(index)]).buffer), (pointer) =>
        hdf5.create_attribute(id, "/OME/Measurements", `key ${index}`, pointer, {
          ...number,
          type: 0,
          size: 8,
          maxshape: null,
        } as never),
      );
    }
    return hdf5.close_file(id);
  });
  library.close();
  return path;
}

function putTexts(hdf5: Hdf5Functions, id: bigint, path: string, texts: readonly string[]): void {
  const size = Math.max(1, ...texts.map(({ length }) => length));
  const bytes = new Uint8Array(size * texts.length);
  for (const [index, text] of texts.entries()) bytes.set(new TextEncoder().encode(text), index * size);
  const shape = [BigInt(texts.length)];
  put(hdf5, bytes, (pointer) =>
    hdf5.create_dataset(id, path, pointer, { ...number, type: 3, size, cset: 0, shape, maxshape: null } as never),
  );
}

function put(hdf5: Hdf5Functions, bytes: Uint8Array, use: (pointer: bigint) => number): void {
  const pointer = hdf5._malloc(bytes.length);
  hdf5.HEAPU8.set(bytes, pointer);
  expect(use(BigInt(pointer))).toBeGreaterThanOrEqual(0);
  hdf5._free(pointer);
}

async function expectWhole(path: string, attributes: number): Promise<void> {
  for (const open of [openHdf5Table, openThroughLibrary]) {
    await using table = await open(path);
    expect(table.fields).toEqual([FIELDS[0], FIELDS[1], { ...FIELDS[2], description: "names" }]);
    expect(cellsJson(await table.read([0, 1, 2], 0, ROWS))).toEqual(expectedCells(ROWS));
    const metadata = await table.getAllMetadata();
    expect([...metadata.values()].sort()).toEqual(
      Array.from({ length: attributes }, (_, index) => BigInt(index)).sort(),
    );
  }
}

describe("a table in a newer form", () => {
  it("of HDF5 1.8 is read by its structures", async () => {
    const path = await makeTable(["H5F_LIBVER_V18", "H5F_LIBVER_V18"], 5);
    await expectWhole(path, 5);
  });

  it("with many attributes is refused, by name and with what to do", async () => {
    const path = await makeTable(["H5F_LIBVER_V18", "H5F_LIBVER_V18"], 20);
    const table = await openHdf5Table(path);
    await expect(table.getAllMetadata()).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
      path,
      message: expect.stringMatching(/densely stored attributes.*h5repack --low=0 --high=0/),
    });
    await table.close();
  });

  it("of HDF5 1.10 and later is refused, by name and with what to do", async () => {
    const path = await makeTable(["H5F_LIBVER_V110", "H5F_LIBVER_LATEST"], 5);
    await expect(openHdf5Table(path)).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
      path,
      message: expect.stringMatching(/data layout version 4.*h5repack --low=0 --high=0/),
    });
  });

  it("with checksums is read when it was opened for writing, and not written to", async () => {
    const path = await makeTable(["H5F_LIBVER_V18", "H5F_LIBVER_V18"], 5);
    const table = await openHdf5Table(path, { readOnly: false });
    expect(cellsJson(await table.read([0, 1, 2], 0, ROWS))).toEqual(expectedCells(ROWS));
    const more = batchFromJson(FIELDS, [["7"], [0.5], ["more"]]);
    for (const write of [
      () => table.addData(more),
      () => table.update({ ...more, rowNumbers: Float64Array.of(3) }),
      () => table.setMetadata("key", 1n),
      () => table.replaceMetadata(new Map()),
    ]) {
      await expect(write()).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE", path });
    }
    await table.close();
    await expectWhole(path, 5);
  });
});
