/** The command line in a real terminal, wide and narrow: what a person sees of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import stringWidth from "string-width";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type OmeroServer, startServer } from "../../src/server/index.js";

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const ROWS = 60;
const CELLS = Array.from(
  { length: ROWS },
  (_, row) => `${row},${row / 3},"a rather long text, number ${row}",日本語,${row}`,
);

let server: OmeroServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pty-"));
  server = await startServer();
  writeFileSync(join(folder, "cells.csv"), `object,area,remark,label,count\n${CELLS.join("\n")}\n`);
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const address = () => `tcp://127.0.0.1:${server.port}`;

interface Shown {
  readonly lines: string[];
  readonly raw: string;
  readonly code: number;
}

/** Runs a command in a terminal of so many columns; types `answers` as their questions appear. */
async function inTerminal(
  columns: number,
  args: string[],
  answers: [question: string, answer: string][] = [],
  password?: string,
  login: Readonly<Record<string, string>> = { OMERO_HOST: address(), OMERO_USER: "user" },
): Promise<Shown> {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const command = `stty cols ${columns} rows 24; ${words}; echo "code $?"`;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    OMERO_USERDIR: folder,
    TERM: "xterm",
    LC_ALL: "C.UTF-8",
    ...login,
    ...(password ? { OMERO_PASSWORD: password } : {}),
  };
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], { env, cwd: folder });
  let raw = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    raw += text;
    const [next] = answers;
    if (next === undefined || !raw.includes(next[0])) return;
    answers.shift();
    child.stdin.write(`${next[1]}\n`);
  });
  await once(child, "close");
  const lines = raw
    .replaceAll("\r\n", "\n")
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r") + 1).replace("\u001b[K", ""));
  const code = Number(/^code (\d+)$/.exec(lines.pop()!)?.[1]);
  return { lines, raw, code };
}

test.each([30, 60, 100])("rows fit a terminal of %d columns", async (columns) => {
  const { lines, code } = await inTerminal(columns, ["head", "cells.csv", "-n", "3"]);
  expect(code).toBe(0);
  for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
  expect(lines[0]).toContain("object");
  expect(lines.slice(0, 4).map((line) => line.length > 0)).toEqual([true, true, true, true]);
  expect(lines.at(-1)!.includes("columns shown")).toBe(columns < 60);
});

test("columns stand below each other, numbers at their right ends, wide characters as wide as they are", async () => {
  const { lines } = await inTerminal(100, ["tail", "cells.csv", "-n", "2", "-c", "object,label,count"]);
  expect(lines).toEqual(["    object  label   count", "58      58  日本語     58", "59      59  日本語     59"]);
});

test("no password is shown, no bar hides a question, and what was stored is told in one line", async () => {
  const upload = ["upload", "cells.csv", "Cells", "--link", "Image:1"];
  const { raw, lines, code } = await inTerminal(80, upload, [["Password of user on tcp", "pass"]]);
  expect(code).toBe(0);
  expect(raw).not.toMatch(/\rpass\r|pass\r\n/);
  const asked = raw.indexOf("Password of user on tcp");
  const before = raw.slice(0, asked);
  expect(before.includes("uploading") ? before.endsWith("\r\u001b[K") : true).toBe(true);
  expect(lines.at(-1)).toMatch(/^60 rows as annotation \d+, file \d+$/);
});

test("login asks for what is missing, one after the other, and shows no password", async () => {
  const answers: [string, string][] = [
    ["OMERO server", address()],
    ["User name", "user"],
    ["Password of user on tcp", "pass"],
  ];
  const { raw, lines, code } = await inTerminal(80, ["login"], answers, undefined, {});
  expect([code, lines.at(-1)]).toEqual([0, `logged in to ${address()} as user, group lab`]);
  expect(raw).not.toMatch(/\rpass\r|pass\r\n/);
  const joined = await inTerminal(80, ["files", "ls", "Image:1", "--no-interactive"], [], undefined, {});
  expect(joined.code).toBe(0);
  expect((await inTerminal(80, ["logout"], [], undefined, {})).code).toBe(0);
  const asked = await inTerminal(80, ["head", "1", "--no-interactive"], [], undefined, {});
  expect([asked.code, asked.lines.at(-1)]).toEqual([4, expect.stringContaining("omero2frame login")]);
});

test("a table is removed when the question is answered with yes, and stays otherwise", async () => {
  const stored = await inTerminal(80, ["upload", "cells.csv", "Doomed", "--link", "Image:2"], [], "pass");
  const [, file] = /file (\d+)/.exec(stored.lines.at(-1)!)!;
  const remove = ["delete", "--file-id", file!];
  const question = `Remove the table of file ${file}, 60 rows, 5 columns? yes or no [no]: `;
  const refused = await inTerminal(80, remove, [[question, ""]], "pass");
  expect([refused.code, refused.lines.at(-1)]).toEqual([
    1,
    "omero2frame: nothing was removed: give --yes to remove it",
  ]);
  const removed = await inTerminal(80, remove, [[question, "yes"]], "pass");
  expect([removed.code, removed.lines.at(-1)]).toEqual([0, `removed the table of file ${file}`]);
});

test("whoever stops reading ends the command without a word", async () => {
  const command = ["head", "cells.csv", "-n", "60"];
  const words = [process.execPath, MAIN, ...command].map((word) => `'${word}'`).join(" ");
  const child = spawn("bash", ["-c", `${words} | true; echo "\${PIPESTATUS[0]}"`], { cwd: folder });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (errors += text));
  await once(child, "close");
  expect(errors).toBe("");
  expect(["0\n", "141\n"]).toContain(output);
});
