import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { imageCount, readImage, writeImages } from "../../../../src/store/image-files/image-files.js";
import { openStore } from "../../../../src/store/open-store.js";

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const main = fileURLToPath(new URL("../../../../dist/cli/main.js", import.meta.url));
let folder = "";

beforeAll(async () => {
  if (!existsSync(main)) throw new Error("nothing is built: run npm run build first");
  folder = await mkdtemp(join(tmpdir(), "store-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function store(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const run = promisify(execFile)(process.execPath, [main, "store", ...words], { cwd: folder });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
  );
}

it("puts files into a store, lists them, gets and removes them", async () => {
  const image = (value: number) => ({ data: new Float32Array(12).fill(value), shape: [3, 4] });
  await writeImages(join(folder, "two.hdf"), [image(1), image(2)]);
  await writeFile(
    join(folder, "settings.json"),
    '{"threshold": 0.5, "ä": [1, null, 9007199254740993, 1234567890123456]}',
  );
  await writeFile(join(folder, "raw.bin"), Buffer.of(1, 2, 3));
  expect(await store("put", "s", "images", "-1", "two.hdf")).toMatchObject({
    code: 0,
    out: "2 images, the last as 1\n",
  });
  expect((await store("put", "s", "images", "7", "two.hdf")).out).toBe("2 images, the last as 8\n");
  await store("put", "s", "images", "settings", "settings.json");
  await store("put", "s", "images", '"7"', "raw.bin");
  expect((await store("ls", "s")).out).toBe("images\t6 entries\n");
  const lines = (await store("ls", "s", "images")).out.slice(0, -1).split("\n");
  expect(lines).toEqual([
    "0\timage\t3 x 4 float32",
    "1\timage\t3 x 4 float32",
    "7\timage\t3 x 4 float32",
    "8\timage\t3 x 4 float32",
    '"7"\tvalue\t',
    '"settings"\tvalue\t',
  ]);
  const listed = JSON.parse((await store("ls", "s", "images", "--prefix", "set", "--json")).out);
  expect(listed).toEqual({ key: "settings", kind: "value", bytes: 0 });
  expect((await store("get", "s", "images", "settings")).out).toBe(
    '{"threshold":0.5,"ä":[1,null,9007199254740993,1234567890123456]}\n',
  );
  expect(JSON.parse((await store("get", "s", "images", "8")).out)).toMatchObject({
    shape: [3, 4],
    header: { mean: 2 },
  });
  expect((await store("get", "s", "images", "8", "one.tif")).out).toBe("8 in one.tif\n");
  expect((await readImage(join(folder, "one.tif"))).data[0]).toBe(2);
  await store("get", "s", "images", '"7"', "copy.bin");
  expect(await readFile(join(folder, "copy.bin"))).toEqual(Buffer.of(1, 2, 3));
  expect((await store("rm", "s", "images", "settings")).code).toBe(0);
  expect((await store("ls", "s")).out).toBe("images\t5 entries\n");
  expect((await store("du", "s")).out).toMatch(/^\d+\timages\n\d+\ttotal/);
  expect((await store("rm", "s", "images", "--all")).code).toBe(0);
  expect((await store("ls", "s")).out).toBe("");
});

it("puts all images of a file, or none", async () => {
  const path = join(folder, "cut.tif");
  const image = (value: number) => ({ data: new Uint8Array(6).fill(value), shape: [2, 3] });
  await writeImages(path, [image(1), image(2), image(3)]);
  const bytes = await readFile(path);
  bytes.writeUInt16LE(9, bytes.indexOf(Buffer.of(3, 1, 3, 0, 1, 0, 0, 0, 1, 0), bytes.length / 2) + 8); // no known compression
  await writeFile(path, bytes);
  const { code, err } = await store("put", "half", "images", "-1", "cut.tif");
  expect([code, err]).toEqual([1, expect.stringContaining("cut.tif is compressed in a way that is not read (9)")]);
  expect((await store("ls", "half")).out).toBe("");
});

it("gives tables as rows, and files in the format of their names", async () => {
  await writeFile(join(folder, "cells.csv"), "id,name\n1152921504606846977,ä\n2,b\n");
  expect((await store("put", "--table", "t", "tables", "cells", "cells.csv")).out).toBe('2 rows as "cells"\n');
  const rows = '{"id":1152921504606846977,"name":"ä"}\n{"id":2,"name":"b"}\n';
  expect((await store("get", "t", "tables", "cells")).out).toBe(rows);
  await store("get", "t", "tables", "cells", "cells.parquet");
  await store("put", "t", "tables", "again", "cells.parquet", "--table");
  expect((await store("get", "t", "tables", "again")).out).toBe(rows);
  await writeFile(join(folder, "none.csv"), "id,name\n");
  await store("put", "t", "tables", "none", "none.csv", "--table");
  expect(await store("get", "t", "tables", "none")).toEqual({ code: 0, out: "", err: "" });
  expect((await store("get", "t", "tables", "none", "none.ndjson")).out).toBe('"none" in none.ndjson\n');
  expect((await store("get", "t", "tables", "none", "none.ndjson")).err).toContain("give --overwrite");
});

it("gives values that JSON has no words for, and takes keys as it lists them", async () => {
  const opened = await openStore(join(folder, "v"), { sync: "batched" });
  const itself: Record<string, unknown> = {};
  itself.itself = itself;
  const named = { data: 1, shape: 2, header: 3 };
  await opened.open("a\tb").setMany([
    ["bytes", new DataView(Uint8Array.of(1, 2, 3).buffer, 1)],
    ["itself", itself as never],
    ["named", named],
    ['"7"', [2n ** 70n, Number.NaN, new Map([[1, new Set(["a"])]])]],
    ["007", 7],
  ]);
  await opened.open("a\tb").setImage("image", { data: Uint8Array.of(1, 2), shape: [1, 2] });
  await opened.close();
  expect((await store("ls", "v")).out).toBe("a\\tb\t6 entries\n");
  const get = async (...words: string[]) => (await store("get", "v", "a\tb", ...words)).out;
  expect(await get("bytes")).toBe("[2,3]\n");
  expect(JSON.parse(await get("named"))).toEqual(named);
  expect(await get('"\\"7\\""')).toBe('[1180591620717411303424,"NaN",[[1,["a"]]]]\n');
  expect(await get("007")).toBe("7\n");
  expect((await store("get", "v", "a\tb", "itself")).err).toContain("within itself");
  await get("bytes", "bytes.bin");
  expect(await readFile(join(folder, "bytes.bin"))).toEqual(Buffer.of(2, 3));
  const images = [1, 2].map((n) => ({ data: Float32Array.of(n), shape: [1, 1] }));
  await writeImages(join(folder, "two.tif"), images);
  expect((await store("get", "v", "a\tb", "image", "two.tif")).err).toContain("give --overwrite");
  await get("image", "two.tif", "--overwrite");
  expect(await imageCount(join(folder, "two.tif"))).toBe(1);
});

it.each([
  [["ls", "none"], "There is no store in"],
  [["rm", "none", "images", "1"], "There is no store in"],
  [["rm", "s", "images"], "say which key, or --all (see omero2frame store rm --help)"],
  [["rm", "s", "images", "1"], "has not 1 in images"],
  [["get", "s", "images", "1"], "images has no entry 1"],
  [["put", "none", "images", "1", "none.bin"], "Cannot read none.bin"],
  [["put", "s", "images", "-2", "none.bin"], "-1 adds at the end (see omero2frame store put --help)"],
])("%j fails with one line that says why", async (words, why) => {
  const { code, err } = await store(...words);
  expect(code).toBe(why.includes("--help") ? 2 : 1);
  expect(err).toContain(why);
  expect(err).not.toContain("    at ");
  expect(existsSync(join(folder, "none"))).toBe(false);
});
