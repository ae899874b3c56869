/** What an array may be and is not read: each is refused by its name. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ByteCursor } from "../../../src/formats/tiledb/bytes/byte-reader.js";
import { ByteWriter } from "../../../src/formats/tiledb/bytes/byte-writer.js";
import { openTileDBTable } from "../../../src/formats/tiledb/index.js";
import { decodeSchema } from "../../../src/formats/tiledb/schema.js";
import { createTileDB } from "../../../src/write/create-tiledb.js";
import { temporaryFolder } from "./fixture-arrays.js";

/** Filters as they stand in a file: their types. */
type Pipeline = readonly number[];

interface SchemaParts {
  version?: number;
  duplicates?: number;
  arrayType?: number;
  capacity?: bigint;
  coordinates?: Pipeline;
  offsets?: Pipeline;
  validity?: Pipeline;
  dimensions?: number;
  dimensionType?: number;
  dimension?: Pipeline;
  attributeType?: number;
  values?: number;
  attribute?: Pipeline;
  nullable?: number;
  enumeration?: string;
}

const INT64 = 1;
const VARIABLE = 0xffffffff;

/** A schema of one dimension and one attribute (TileDB format specification, "Array schema"). */
function schemaOf(parts: SchemaParts): ByteCursor {
  const out = new ByteWriter();
  const pipeline = (filters: Pipeline = []) => {
    out.uint32(65_536, filters.length);
    for (const type of filters) out.uint8(type).uint32(5).uint8(type).uint32(-1);
  };
  out.uint32(parts.version ?? 22).uint8(parts.duplicates ?? 0, parts.arrayType ?? 1, 0, 0);
  out.uint64(parts.capacity ?? 10_000);
  pipeline(parts.coordinates);
  pipeline(parts.offsets);
  pipeline(parts.validity);
  out.uint32(parts.dimensions ?? 1).text("rows");
  out.uint8(parts.dimensionType ?? INT64).uint32(1);
  pipeline(parts.dimension);
  out.uint64(16, 0, 1000).uint8(0).uint64(10);
  out.uint32(1).text("a");
  out.uint8(parts.attributeType ?? INT64).uint32(parts.values ?? 1);
  pipeline(parts.attribute);
  out.uint64(8, 0).uint8(parts.nullable ?? 0, 0, 0);
  out
    .text(parts.enumeration ?? "")
    .uint32(0, 0, 0)
    .uint8(1);
  return new ByteCursor(out.result(), "schema");
}

const decode = (parts: SchemaParts) => decodeSchema(schemaOf(parts), "schema");

function expectRefusal(parts: SchemaParts, named: string, code = "UNSUPPORTED_TYPE"): void {
  let error: unknown;
  try {
    decode(parts);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ name: "DataError", code, path: "schema" });
  expect((error as Error).message).toContain(named);
}

describe("a schema", () => {
  it("of one number a cell is read, with each filter we have and without", () => {
    for (const filters of [[], [0], [1], [2], [4], [0, 2]]) {
      const { attributes } = decode({ attribute: filters, coordinates: filters, offsets: filters, validity: filters });
      expect(attributes).toMatchObject([{ name: "a", type: "Long", size: 1 }]);
    }
  });

  it.each([
    [3, "lz4"],
    [5, "bzip2"],
    [6, "double delta"],
    [7, "bit width reduction"],
    [8, "bitshuffle"],
    [9, "byteshuffle"],
    [10, "positive delta"],
    [11, "encryption"],
    [12, "MD5 checksum"],
    [13, "SHA-256 checksum"],
    [14, "dictionary"],
    [15, "scale float"],
    [16, "xor"],
    [17, "bitsort"],
    [18, "webp"],
    [19, "delta"],
    [20, "20"],
  ])("with filter %i is refused as one with %s, wherever it stands", (type, name) => {
    const parts = ["attribute", "coordinates", "offsets", "validity", "dimension"];
    for (const part of parts) expectRefusal({ [part]: [type] }, `the filter "${name}"`);
    expectRefusal({ attribute: [2, type] }, `the filter "${name}"`);
  });

  it("with two compressors is refused", () => {
    expectRefusal({ attribute: [1, 2] }, "a pipeline of gzip and zstd");
  });

  it.each([
    [13, 1, "STRING_UTF16"],
    [14, VARIABLE, "STRING_UTF32"],
    [15, 1, "STRING_UCS2"],
    [17, 1, "ANY"],
    [18, 1, "DATETIME_YEAR"],
    [27, 1, "DATETIME_NS"],
    [30, 1, "DATETIME_AS"],
    [31, 1, "TIME_HR"],
    [39, 1, "TIME_AS"],
    [40, VARIABLE, "BLOB"],
    [42, VARIABLE, "GEOM_WKB"],
    [43, VARIABLE, "GEOM_WKT"],
    [44, 1, "datatype 44"],
    [255, 1, "datatype 255"],
    // Types we read, in cells we do not.
    [12, 1, "STRING_UTF8"],
    [11, 8, "STRING_ASCII x 8"],
    [4, 3, "CHAR x 3"],
    [41, 2, "BOOL x 2"],
    [0, 3, "INT32 x 3"],
    [10, 2, "UINT64 x 2"],
    [1, VARIABLE, "INT64 x 4294967295"],
    [3, 0, "FLOAT64 x 0"],
    [3, 1_000_001, "FLOAT64 x 1000001"],
  ])("of datatype %i, %i values a cell, is refused as one of %s", (attributeType, values, name) => {
    expectRefusal({ attributeType, values }, `the attribute "a" of type ${name}`);
  });

  it.each<[string, SchemaParts]>([
    ["a dense array", { arrayType: 0 }],
    ["an array that allows duplicates", { duplicates: 1 }],
    ["an array of 0 dimensions", { dimensions: 0 }],
    ["an array of 2 dimensions", { dimensions: 2 }],
    ["an array of 4294967295 dimensions", { dimensions: 0xffffffff }],
    ['the dimension "rows" of type UINT64', { dimensionType: 10 }],
    ['the dimension "rows" of type INT32', { dimensionType: 0 }],
    ['the dimension "rows" of type FLOAT64', { dimensionType: 3 }],
    ['the dimension "rows" of type STRING_ASCII', { dimensionType: 11 }],
    ['the dimension "rows" of type DATETIME_DAY', { dimensionType: 21 }],
    ['the attribute "a", which may hold nulls,', { nullable: 1 }],
    ['the attribute "a", a category,', { enumeration: "classes" }],
    ["format version 19", { version: 19 }],
    ["format version 24", { version: 24 }],
    ["a capacity of 134217729 cells", { capacity: 2n ** 27n + 1n }],
  ])("of %s is refused", (named, parts) => {
    expectRefusal(parts, named);
  });

  it("that contradicts itself is malformed", () => {
    expectRefusal({ capacity: 0n }, "a capacity of 0", "MALFORMED_FILE");
    expectRefusal({ capacity: 2n ** 60n }, "a size of", "MALFORMED_FILE");
  });
});

describe("an array", () => {
  async function written() {
    const path = join(temporaryFolder(), "array");
    await createTileDB({ n: [1, 2, 3] }, path);
    const [stem] = readdirSync(join(path, "__fragments"));
    return { path, stem: stem!, metadata: join(path, "__fragments", stem!, "__fragment_metadata.tdb") };
  }

  it.each([
    ["a dense fragment", "UNSUPPORTED_TYPE", (at: number) => at, 1],
    ["a fragment without rows", "MALFORMED_FILE", (at: number) => at + 1, 1],
    ["a fragment with delete marks", "UNSUPPORTED_TYPE", (at: number) => at + 2 + 16 + 16 + 1, 1],
  ])("with %s is refused", async (named, code, place, value) => {
    const { path, metadata } = await written();
    const file = readFileSync(metadata);
    const footer = file.length - 8 - Number(file.readBigUInt64LE(file.length - 8));
    const nameLength = Number(file.readBigUInt64LE(footer + 4));
    file[place(footer + 12 + nameLength)] = value;
    writeFileSync(metadata, file);
    await expect(openTileDBTable(path)).rejects.toMatchObject({ code, path: metadata });
    await expect(openTileDBTable(path)).rejects.toThrow(named);
  });

  it("whose fragment is of a version we do not know is refused", async () => {
    const { path, metadata } = await written();
    const file = readFileSync(metadata);
    const footer = file.length - 8 - Number(file.readBigUInt64LE(file.length - 8));
    file.writeUInt32LE(24, footer);
    writeFileSync(metadata, file);
    await expect(openTileDBTable(path)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE" });
    await expect(openTileDBTable(path)).rejects.toThrow("a fragment of format version 24");
  });

  it("with rows deleted or updated by condition is refused", async () => {
    for (const suffix of ["del", "upd"]) {
      const { path, stem } = await written();
      writeFileSync(join(path, "__commits", `${stem}.${suffix}`), "");
      await expect(openTileDBTable(path)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE" });
      await expect(openTileDBTable(path)).rejects.toThrow("rows deleted by condition");
    }
  });

  it("whose fragment refers to a schema that is gone is malformed", async () => {
    const { path, metadata } = await written();
    const [schema] = readdirSync(join(path, "__schema")).filter((name) => /^__\d/.test(name));
    const bytes = readFileSync(join(path, "__schema", schema!));
    rmSync(join(path, "__schema", schema!));
    writeFileSync(
      join(
        path,
        "__schema",
        schema!.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      ),
      bytes,
    );
    await expect(openTileDBTable(path)).rejects.toMatchObject({ code: "MALFORMED_FILE", path: metadata });
    await expect(openTileDBTable(path)).rejects.toThrow("which is missing");
  });
});
