import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { remotePaths } from "../../../src/write/destinations/remote-paths.js";

const folder = mkdtempSync(join(tmpdir(), "remote-paths-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "old.tiledb"));
mkdirSync(join(folder, "array", "__schema"), { recursive: true });

test("a folder gets an array named as the table", async () => {
  const array = join(folder, "Meßwerte 1.5.tiledb");
  expect(await remotePaths("Meßwerte 1.5", folder, undefined)).toEqual({ localPath: array, remotePath: array });
  expect((await remotePaths("x.tiledb", `${folder}/`, undefined)).localPath).toBe(join(folder, "x.tiledb"));
});

test("other paths are the array's own", async () => {
  for (const name of ["new.tiledb", "new", "old.tiledb", "array"]) {
    const path = join(folder, name);
    expect(await remotePaths("t", path, undefined)).toEqual({ localPath: path, remotePath: path });
  }
});

test("without a remote path the whole path is told, not one relative to here", async () => {
  const path = join(folder, "new.tiledb");
  expect(await remotePaths("t", relative(process.cwd(), path), undefined)).toEqual({
    localPath: path,
    remotePath: path,
  });
});

const REMOTE: [given: string, remotePath: string][] = [
  ["/data/other.tiledb", "/data/other.tiledb"],
  ["/data/other.tiledb/", "/data/other.tiledb"],
  ["/data", "/data/new.tiledb"],
  ["/data/", "/data/new.tiledb"],
  ["/", "/new.tiledb"],
  ["/data/.tiledb", "/data/.tiledb/new.tiledb"],
  ["/data/a b/é", "/data/a b/é/new.tiledb"],
  ["relative", "relative/new.tiledb"],
  ["C:\\tables\\other.tiledb", "C:\\tables\\other.tiledb"],
  ["C:\\tables", "C:\\tables\\new.tiledb"],
  ["C:\\", "C:\\new.tiledb"],
  ["C:/tables", "C:/tables/new.tiledb"],
  ["\\\\server\\share", "\\\\server\\share\\new.tiledb"],
  ["/odd\\name", "/odd\\name/new.tiledb"],
  ["s3://bucket/tables", "s3://bucket/tables/new.tiledb"],
];
test.each(REMOTE)("the remote path %s", async (given, remotePath) => {
  expect((await remotePaths("t", join(folder, "new.tiledb"), given)).remotePath).toBe(remotePath);
});

test.each(["a/b", "a\\b", "a\0b", "..", "."])("the name %j is no folder's", async (name) => {
  await expect(remotePaths(name, folder, undefined)).rejects.toThrow("give localPath with the name of the array");
  expect((await remotePaths(name, join(folder, "new"), undefined)).localPath).toBe(join(folder, "new"));
});
