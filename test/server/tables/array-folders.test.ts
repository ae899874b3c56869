import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArrayFolders, sizeOf } from "../../../src/server/tables/array-folders.js";

let root: string;
let folders: ArrayFolders;
const at = (...parts: string[]) => join(root, ...parts);

async function makeArray(path: string): Promise<void> {
  await mkdir(join(path, "__schema"), { recursive: true });
  await writeFile(join(path, "__schema", "a"), "12345");
  await writeFile(join(path, "b"), "678");
}

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "folders-")));
  for (const path of ["arrays/one", "arrays/deep/er/two", "arrays/..three", "arrays-too/four", "outside"]) {
    await makeArray(at(path));
  }
  await symlink(at("outside"), at("arrays/to-outside"));
  await symlink(at("arrays/one"), at("arrays/to-one"));
  await symlink(at("arrays"), at("to-arrays"));
  await makeArray(at("arrays/linked-file"));
  await symlink(at("outside/b"), at("arrays/linked-file/c"));
  await makeArray(at("arrays/linked-folder"));
  await symlink(at("outside/__schema"), at("arrays/linked-folder/__meta"));
  folders = new ArrayFolders([at("arrays"), at("elsewhere")]);
});
afterAll(() => rm(root, { recursive: true }));

describe("an array below the folders", () => {
  it.each([
    ["one", "arrays/one"],
    ["one/", "arrays/one"],
    ["deep/er/two", "arrays/deep/er/two"],
    ["deep/../one", "arrays/one"],
    ["..three", "arrays/..three"],
    ["to-one", "arrays/one"],
  ])("is found at %s", async (path, found) => {
    expect(await folders.find(`${at("arrays")}/${path}`)).toBe(at(found));
  });

  it("is found by another way into its folder", async () => {
    expect(await folders.find(at("to-arrays/one"))).toBe(at("arrays/one"));
    expect(await new ArrayFolders([at("to-arrays")]).find(at("arrays/one"))).toBe(at("arrays/one"));
  });
});

describe("what is not theirs", () => {
  it.each([
    ["the folder itself", ""],
    ["what is not there", "/nothing"],
    ["a file", "/one/b"],
    ["a way out", "/../outside"],
    ["a way out from within", "/one/../../outside"],
    ["a link out", "/to-outside"],
    ["an array with a file that is a link", "/linked-file"],
    ["an array with a folder that is a link", "/linked-folder"],
    ["a path with a NUL", "/one\0"],
    ["a folder whose name begins alike", "-too/four"],
  ])("%s is not found", async (_, path) => {
    expect(await folders.find(at("arrays") + path)).toBeUndefined();
  });

  it.each(["", "one", "./one", "~/one", "C:\\arrays\\one", "s3://arrays/one", "file:///arrays/one"])(
    "%j is no path",
    async (path) => expect(await folders.find(path)).toBeUndefined(),
  );

  it("is anything where a relative path leads to it", async () => {
    expect(await folders.find(relative(process.cwd(), at("arrays/one")))).toBeUndefined();
  });

  it("is anything where there are no folders", async () => {
    expect(await new ArrayFolders([]).find(at("arrays/one"))).toBeUndefined();
  });
});

it("sums up an array's files", async () => {
  expect(await sizeOf(at("arrays/one"))).toBe(8);
  expect(await sizeOf(at("arrays/one/b"))).toBeUndefined();
});
