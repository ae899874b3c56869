import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readUserToken, userTokenPath } from "../../../src/connect/credentials/user-token.js";

let path: string;
beforeEach(async () => {
  path = userTokenPath({ OMERO_USER_TOKEN_DIR: await mkdtemp(join(tmpdir(), "omero-token-")) }, "/nowhere");
});
afterEach(() => rm(join(path, ".."), { recursive: true, force: true }));

test("reads key and address", async () => {
  await writeFile(path, "0a1b2c3d-0000-4000-8000-00000000abcd@omero.example.org:14064\n");
  const token = await readUserToken(path);
  if (typeof token === "string") throw new Error(token);
  expect(token.address).toEqual({ protocol: "ssl", host: "omero.example.org", port: 14064, path: "" });
  expect(token.sessionKey.reveal()).toBe("0a1b2c3d-0000-4000-8000-00000000abcd");
});

test.each(["", "@host:1", "key@", "key host:1", "key@host:port", "two words@host:4064"])("refuses %j", async (text) => {
  await writeFile(path, text);
  expect(await readUserToken(path)).toMatch(/is malformed/);
});

test("refuses two tokens run together, and tells of neither", async () => {
  const key = "0a1b2c3d-0000-4000-8000-00000000abcd";
  await writeFile(path, `${key}@host${key}@omero.example.org`);
  expect(await readUserToken(path)).toBe(`${path} is malformed: what follows @ is no server address`);
  await writeFile(path, `${key}@omero${key}.example.org:4064`);
  expect(await readUserToken(path)).toBe(`${path} is malformed: what follows @ is no server address`);
});

test("says where it looked", async () => {
  expect(await readUserToken(path)).toBe(`no ${path}`);
  expect(userTokenPath({}, "/home/ana")).toBe(join("/home/ana", ".omero_user_token", "token"));
});
