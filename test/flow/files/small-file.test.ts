import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSmallFile } from "../../../src/flow/files/small-file.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "small-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ["nothing", ""],
  ["text", "été\n"],
  ["the largest", "x".repeat(65_536)],
])("reads %s", async (_name, text) => {
  const path = join(folder, "file");
  await writeFile(path, text);
  expect(await readSmallFile(path)).toBe(text);
});

test("does not read what is large, or no file", async () => {
  const path = join(folder, "large");
  await writeFile(path, "x".repeat(65_537));
  expect(await readSmallFile(path)).toBeUndefined();
  expect(await readSmallFile(folder)).toBeUndefined();
  await expect(readSmallFile(join(folder, "missing"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("waits for no pipe and reads no device", async () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  expect(await readSmallFile(pipe)).toBeUndefined();
  expect(await readSmallFile("/dev/zero")).toBeUndefined();
});
