import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSessionKey, withoutSessionKey } from "../../src/cli/session-key.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const KEY = "0a1b2c3d-0000-4000-8000-123456789abc";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "session-key-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  [
    ["columns", "--session-key", KEY, "--file-id", "1"],
    ["columns", "--session-key", "...", "--file-id", "1"],
  ],
  [
    ["columns", `--session-key=${KEY}`],
    ["columns", "--session-key=..."],
  ],
  [
    ["columns", "-k", KEY],
    ["columns", "-k", "..."],
  ],
  [
    ["columns", `-k${KEY}`],
    ["columns", "-k..."],
  ],
  [["columns", "--session-key-file", "key"], undefined],
  [["columns", "--file-id", "1"], undefined],
])("%j is shown as %j", (args, shown) => {
  expect(withoutSessionKey(args)).toEqual(shown);
});

test("the list of processes does not show a key that was given on the command line", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  const connected = once(silent, "connection");
  const args = ["columns", "--server", `tcp://127.0.0.1:${port}`, "--session-key", KEY, "--file-id", "1"];
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, ...args], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent" },
  });
  await connected;
  const listed = execFileSync("ps", ["-o", "args=", "-p", String(child.pid)], { encoding: "utf8" });
  expect(listed).toContain("omero2frame columns");
  expect(listed).not.toContain(KEY);
  child.kill("SIGKILL");
  await once(child, "close");
  silent.close();
});

describe("a file with a key", () => {
  test("is read without the line's end", async () => {
    const path = join(folder, "key");
    writeFileSync(path, `${KEY}\n`, { mode: 0o600 });
    expect(await readSessionKey(path)).toBe(KEY);
  });

  test.each([
    ["that is not there", "none", undefined],
    ["that is empty", "empty", ""],
    ["with more than a key", "more", `user ${KEY}`],
    ["that is too large", "large", "x".repeat(100_000)],
  ])("%s is refused, without a word of its content", async (_, name, content) => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    const failure = await readSessionKey(path).catch((error) => error);
    expect(failure).toMatchObject({ code: "CANNOT_READ_FILE", path });
    expect(String(failure)).not.toContain(KEY);
  });
});
