/** What a server says, as the command line shows it: nothing of it can change what a terminal shows or does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IceUserException } from "../../src/connect/ice/codec/ice-exception.js";
import type { OmeroConnection } from "../../src/connect/index.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer, USER } from "../connect/embedded.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
/** Sets a title, clears the screen, colours, an eight-bit sequence, and text that runs backwards. */
const EVIL = "\u001b]0;TITLE\u0007\u001b[2J\u001b[31mRED\u001b[0m\u009b32m\u202egnp\u2066.\u2028";
const RAW = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

let server: OmeroServer;
let connection: OmeroConnection;
let folder: string;
let table: number;
let file: number;
let failing: string | undefined;

function beforeCall({ operation }: ServedCall): void {
  if (operation !== failing) return;
  throw new IceUserException("::omero::ApiUsageException", {
    message: `boom ${EVIL}`,
    serverExceptionClass: "",
    serverStackTrace: "",
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "terminal-"));
  server = await startLabServer({ beforeCall });
  connection = await connectPlain(server);
  const columns = { [`c${EVIL}`]: [1, 2], s: [`cell${EVIL}`, "b"], "line\nbreak\tand tab": [1, 2] };
  const path = join(folder, "plain.txt");
  writeFileSync(path, "x");
  table = (await uploadTable(columns, `name${EVIL}`, { connection, parentId: 1 })).fileId;
  const named = { name: `file${EVIL}`, mimetype: `text/${EVIL}` };
  file = (await uploadFile(path, { connection, parentId: 1, ...named })).fileId;
});
afterAll(async () => {
  await connection.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function omero2frame(...args: string[]) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    OMERO_HOST: `tcp://127.0.0.1:${server.port}`,
    OMERO_USER: USER.username,
    OMERO_PASSWORD: USER.password,
  };
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, ...args], { env });
  let shown = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (shown += text));
  const [code] = await once(child, "close");
  return { code, shown };
}

const ofTable = () => ["--file-id", String(table)];

test.each<[string, () => string[], number, string]>([
  ["columns", () => ["columns", ...ofTable()], 0, "c\\u001b]0;TITLE"],
  ["rows", () => ["head", ...ofTable()], 0, "cell\\u001b]0;TI"],
  ["the name and type of a file", () => ["columns", "--file-id", String(file)], 1, "file\\u001b]0;TITLE"],
  ["columns in an error", () => ["head", ...ofTable(), "-c", "nonesuch"], 1, "c\\u001b]0;TITLE"],
  ["columns in an error about a condition", () => ["head", ...ofTable(), "-q", "zz > 3"], 1, "c\\u001b]0;TITLE"],
  ["tables to be removed", () => ["clean", "--older-than", "0"], 0, "nothing to remove"],
])("%s are shown escaped", async (_, args, code, expected) => {
  const ended = await omero2frame(...args());
  expect(ended.shown).toContain(expected);
  expect(ended.shown).not.toMatch(RAW);
  expect(ended.code).toBe(code);
});

test.each(["getHeaders", "getEventContext"])("a failure of %s is shown escaped", async (operation) => {
  failing = operation;
  try {
    const { code, shown } = await omero2frame("columns", ...ofTable());
    expect([code, shown]).toEqual([1, expect.stringContaining("boom \\u001b]0;TITLE")]);
    expect(shown).not.toMatch(RAW);
  } finally {
    failing = undefined;
  }
});

test("a column whose name has a line's end takes one line", async () => {
  const { shown } = await omero2frame("columns", ...ofTable());
  expect(shown.trimEnd().split("\n")).toHaveLength(4);
  expect(shown).toContain("line\\nbreak\\tand tab\tLong\t1\n");
});

test("a file that is downloaded holds the bytes as they are", async () => {
  const target = join(folder, "copy.csv");
  expect(await omero2frame("download", target, ...ofTable())).toMatchObject({ code: 0 });
  expect(readFileSync(target, "utf8")).toContain(`cell${EVIL}`);
});

test("standard output takes a download, and nothing else", async () => {
  const target = join(folder, "other.csv");
  await omero2frame("download", target, ...ofTable());
  const { shown } = await omero2frame("download", "-", ...ofTable());
  expect(shown.replace("omero2frame: 2 rows in -\n", "")).toBe(readFileSync(target, "utf8"));
});
