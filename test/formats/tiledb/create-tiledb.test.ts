import { existsSync } from "node:fs";
import { mkdir, readdir, readlink, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { field, type MaskColumn } from "../../../src/columns/batch.js";
import { openTileDBTable } from "../../../src/formats/tiledb/index.js";
import { readTileDBBatches } from "../../../src/read/index.js";
import { createTileDB } from "../../../src/write/create-tiledb.js";
import { type Cell, cellsOf } from "../../support/cells.js";
import { temporaryFolder } from "./fixture-arrays.js";
import { batchOfColumns } from "./frames.js";

const ROWS = { n: [1, 2, 3], text: ["a", "", "ü"] };
const CELLS = [
  [1n, 2n, 3n],
  ["a", "", "ü"],
];

async function cellsAt(path: string): Promise<Cell[][]> {
  const table = await openTileDBTable(path);
  const all = table.fields.map((_, index) => index);
  return cellsOf(await table.read(all, 0, table.rowCount));
}

const fragmentsOf = (path: string) => readdir(join(path, "__fragments"));

describe("createTileDB", () => {
  it("gives the token that registering asks for, another each time", async () => {
    const folder = temporaryFolder();
    const tokens = [await createTileDB(ROWS, join(folder, "a")), await createTileDB(ROWS, join(folder, "b"))];
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    expect(tokens[0]).not.toBe(tokens[1]);
    expect(await cellsAt(join(folder, "a"))).toEqual(CELLS);
    expect((await readdir(folder)).sort()).toEqual(["a", "b"]);
  });

  it("makes folders on the way, and a fragment for each chunk", async () => {
    const path = join(temporaryFolder(), "new", "deep", "array");
    await createTileDB(ROWS, path, { chunkSize: 2 });
    expect(await fragmentsOf(path)).toHaveLength(2);
    expect(await readdir(join(path, "__commits"))).toHaveLength(2);
    expect(await cellsAt(path)).toEqual(CELLS);
  });

  it("makes an array without rows", async () => {
    const path = join(temporaryFolder(), "array");
    await createTileDB({ n: new BigInt64Array(0), text: [] }, path, { columnTypes: { text: "String" } });
    expect(await fragmentsOf(path)).toEqual([]);
    expect(await cellsAt(path)).toEqual([[], []]);
  });

  it("tells of the rows written", async () => {
    const told: unknown[] = [];
    await createTileDB(ROWS, join(temporaryFolder(), "array"), { chunkSize: 2, onProgress: (each) => told.push(each) });
    expect(told).toEqual([0, 2, 3].map((done) => ({ done, total: 3, unit: "rows" })));
  });

  it("refuses a path where something is, before it looks at the source", async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, "file"), "mine");
    await mkdir(join(folder, "folder"));
    await createTileDB(ROWS, join(folder, "array"));
    await symlink(join(folder, "nowhere"), join(folder, "link"));
    const unread = (async function* () {
      yield Promise.reject(new Error("the source was read"));
    })();
    for (const name of ["file", "folder", "array", "link"]) {
      const path = join(folder, name);
      await expect(createTileDB(unread as never, path)).rejects.toMatchObject({ code: "FILE_EXISTS", path });
    }
    await expect(createTileDB(ROWS, "")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await cellsAt(join(folder, "array"))).toEqual(CELLS);
  });

  it("replaces an array where it may, and nothing else", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "array");
    await createTileDB({ old: [7] }, path, { overwrite: true });
    await createTileDB(ROWS, path, { overwrite: true });
    expect(await cellsAt(path)).toEqual(CELLS);
    expect(await readdir(folder)).toEqual(["array"]);
    await mkdir(join(folder, "folder"));
    const replacing = createTileDB(ROWS, join(folder, "folder"), { overwrite: true });
    await expect(replacing).rejects.toMatchObject({ code: "FILE_EXISTS" });
  });

  it("replaces what a link points to, not the link", async () => {
    const folder = temporaryFolder();
    await createTileDB({ old: [7] }, join(folder, "array"));
    await symlink("array", join(folder, "link"));
    await createTileDB(ROWS, join(folder, "link"), { overwrite: true });
    expect(await readlink(join(folder, "link"))).toBe("array");
    expect(await cellsAt(join(folder, "array"))).toEqual(CELLS);
  });

  it.each([
    ["fails", { code: "SOURCE_FAILED", cause: new Error("lost") }],
    ["is told to stop", { code: "ABORTED" }],
  ])("leaves nothing, or what was there, when it %s", async (what, error) => {
    const folder = temporaryFolder();
    const path = join(folder, "array");
    const write = (overwrite: boolean) => {
      const stop = new AbortController();
      const source = async function* () {
        yield { n: 1 };
        yield { n: 2 };
        // Some of it has been written.
        if (what === "fails") throw new Error("lost");
        stop.abort();
        yield { n: 3 };
        yield { n: 4 };
      };
      const options = { chunkSize: 1, columnTypes: { n: "Long" }, overwrite, signal: stop.signal } as const;
      return createTileDB(source(), path, options);
    };
    await expect(write(false)).rejects.toMatchObject(error);
    expect(await readdir(folder)).toEqual([]);
    await createTileDB(ROWS, path);
    await expect(write(true)).rejects.toMatchObject(error);
    expect(await readdir(folder)).toEqual(["array"]);
    expect(await cellsAt(path)).toEqual(CELLS);
  });

  it("does not replace what came to be there meanwhile", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "array");
    const source = async function* () {
      yield { n: 1 };
      await writeFile(path, "mine");
    };
    await expect(createTileDB(source(), path)).rejects.toMatchObject({ code: "FILE_EXISTS", path });
    expect(await readdir(folder)).toEqual(["array"]);
  });

  it("names a path on which no folder can be", async () => {
    const file = join(temporaryFolder(), "file");
    await writeFile(file, "mine");
    const path = join(file, "array");
    await expect(createTileDB(ROWS, path)).rejects.toMatchObject({ code: "CANNOT_WRITE_FILE", path });
  });

  it("refuses masks, and names TileDB keeps for itself", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "array");
    await expect(createTileDB({ __n: [1] }, path)).rejects.toMatchObject({ code: "INVALID_SCHEMA", column: "__n" });
    await expect(createTileDB({ "": [1] }, path)).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
    await expect(createTileDB({ "a\0b": [1] }, path)).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
    const [numbers, places] = [() => new Float64Array(1), () => new Int32Array(1)];
    const mask: MaskColumn = {
      kind: "mask",
      imageId: new BigInt64Array(1),
      theZ: places(),
      theT: places(),
      x: numbers(),
      y: numbers(),
      w: numbers(),
      h: numbers(),
      offsets: new Int32Array(2),
      bytes: new Uint8Array(0),
    };
    const masks = createTileDB(batchOfColumns([[field("m", "Mask"), mask]], 1), path);
    await expect(masks).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE", column: "m" });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("folders that killed writers left", () => {
  const PART = ".array.0123456789ab.part";

  it("are told of and left as they are", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "array");
    const others = [".array.csv.0123456789ab.part", ".array.part", ".other.0123456789ab.part"];
    for (const name of [PART, `${PART}.replaced`, ...others]) await mkdir(join(folder, name));
    const warnings: string[] = [];
    await createTileDB(ROWS, path, { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([
      expect.stringContaining(`${join(folder, PART)} is left of a write`),
      expect.stringContaining(`${join(folder, PART)}.replaced is what stood at ${path}`),
    ]);
    expect((await readdir(folder)).sort()).toEqual([...others, PART, `${PART}.replaced`, "array"].sort());
  });

  it("are named by reading an array that was set aside and not replaced", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "array");
    await createTileDB(ROWS, path);
    const aside = join(folder, `${PART}.replaced`);
    await rename(path, aside);
    const reading = readTileDBBatches(path).next();
    await expect(reading).rejects.toMatchObject({ code: "NOT_FOUND", path });
    await expect(openTileDBTable(path)).rejects.toThrow(`${aside} stood there`);
    expect(existsSync(aside)).toBe(true);
    expect(await cellsAt(aside)).toEqual(CELLS);
  });
});
