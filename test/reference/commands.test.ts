/** The commands that read, against the reference server: what each prints of a table there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandsOf, pathOf } from "../../src/cli/command-tree.js";
import { program } from "../../src/cli/program.js";
import { inProcess, type RunOptions } from "../cli/in-process.js";
import { ReferenceServer } from "./reference-server.js";

let server: ReferenceServer;
let folder: string;
let run: ReturnType<typeof inProcess>;
let table: string;
let attached: string;
let job: string;
const at = (name: string) => join(folder, name);
const CELLS = "object,area,label\n1,2.5,a\n2,,größe\n9007199254740993,4,\n";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "reading-commands-"));
  server = await ReferenceServer.start();
  const login = { OMERO_HOST: `tcp://127.0.0.1:${server.port}`, OMERO_USER: "user", OMERO_PASSWORD: "pass" };
  run = inProcess({ HOME: folder, OMERO_USERDIR: folder, ...login });
  writeFileSync(at("cells.csv"), CELLS);
  const on = ["--link", "Image:1", "--json"];
  const stored = await run(["upload", at("cells.csv"), "Cells", "--column-type", "object=Long", ...on]);
  table = String(JSON.parse(stored.output).fileId);
  attached = String(JSON.parse((await run(["files", "put", at("cells.csv"), ...on])).output).fileId);
  job = (await run(["scan", "plan", "--file-id", table])).output;
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const BIG = "9007199254740993";
const ROWS = [`0\t1\t2.5\ta`, `1\t2\tNaN\tgröße`, `2\t${BIG}\t4\t`];
const HEADINGS = "\tobject\tarea\tlabel";

/** What each prints, as far as it is the same each time. */
const READING: readonly [command: string, words: () => readonly string[], expected: string | RegExp, RunOptions?][] = [
  ["info", () => [table], /3 rows, 3 columns\nobject\tLong\t1\narea\tDouble\t1\nlabel\tString\t7\n/],
  ["open", () => [table, "-n", "1"], `3 rows, 3 columns\n${HEADINGS}\n${ROWS[0]}\n`],
  ["columns", () => [table], "object\tLong\t1\narea\tDouble\t1\nlabel\tString\t7\n3 rows, 3 columns\n"],
  ["head", () => [table, "-n", "2"], `${HEADINGS}\n${ROWS[0]}\n${ROWS[1]}\n`],
  ["tail", () => [table, "-n", "1"], `${HEADINGS}\n${ROWS[2]}\n`],
  ["sample", () => [table, "-n", "9"], `${HEADINGS}\n${ROWS.join("\n")}\n`],
  ["query", () => ["area > least", table, "--variables", "least=3"], `${HEADINGS}\n${ROWS[2]}\n`],
  ["describe", () => [table, "-c", "area"], /^area\tDouble\t2\t1\t2\t2.5\t2.875\t3.25\t3.625\t4\t3.25\t1.06066\t/m],
  ["plot", () => ["histogram", table, "-x", "area", "-o", at("plot.svg")], `plot in `],
  ["view", () => [table], /^http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{48}\n$/, { until: /token/ }],
  ["sql", () => [`select max(object) as most from omero_table(${table})`], `most\n${BIG}\n`],
  ["download", () => [table, at("cells.parquet")], "3 rows in "],
  ["metadata", () => [table], /^__version\t/m],
  ["files ls", () => ["Image:1", "--tables"], /\tCells\t/],
  ["files get", () => [attached, at("copy.csv")], "bytes in "],
  ["csv", () => [attached], `${HEADINGS}\n${ROWS.join("\n")}\n`],
  ["clean", () => ["--older-than", "0"], "there is nothing to remove\n"],
  ["scan plan", () => ["--file-id", table], /"partition":0/],
  ["scan read", () => [job, "-o", folder], ""],
  ["scan session", () => [at("session")], /session\n$/, { until: /session/ }],
  ["login", () => [], / as user, group /],
  ["sessions", () => [], /\tuser\t\tlives\n/],
  ["logout", () => [], "1 session forgotten, 1 of which still lived\n"],
];

/** Those that are not run here, and why. */
const OTHERS: Readonly<Record<string, string>> = {
  upload: "writes; uploads.test.ts",
  append: "writes; write.test.ts",
  update: "writes; write.test.ts",
  copy: "writes; object-round-trips.test.ts",
  delete: "writes; write.test.ts",
  "files put": "writes; uploads.test.ts",
  tag: "writes",
  annotate: "writes",
  register: "writes; registration.test.ts",
  ls: "the reference server holds tables and files, no hierarchy of objects",
  render: "the reference server holds no pixels",
  rois: "the reference server holds no regions",
  tiledb: "asks no server",
  "store ls": "asks no server",
  "store get": "asks no server",
  "store put": "asks no server",
  "store rm": "asks no server",
  "store du": "asks no server",
  completion: "asks no server",
  serve: "is a server",
  ...Object.fromEntries(
    ["add", "work", "status", "watch", "retry", "clear", "run"].map((name) => [
      `jobs ${name}`,
      "writes; jobs/commands.test.ts",
    ]),
  ),
  "serve-flight": "is a server; it reads by the functions that are tested here",
};

test("every command is among those that are run here or need not be", () => {
  const all = commandsOf(program(new AbortController().signal)).filter(({ commands }) => commands.length === 0);
  const named = [...new Set(READING.map(([command]) => command)), ...Object.keys(OTHERS)];
  expect(named.sort()).toEqual(all.map((command) => pathOf(command).slice("omero2frame ".length)).sort());
});

test.each(READING)("%s", async (command, words, expected, options = {}) => {
  const { code, output, errors } = await run([...command.split(" "), ...words()], options);
  expect([errors, code]).toEqual(["", 0]);
  if (typeof expected === "string") expect(output).toContain(expected);
  else expect(output).toMatch(expected);
});

test("the way is told, and may be said", async () => {
  const service = await run(["head", table, "--route", "service", "--verbose"]);
  expect(service.errors).toMatch(/^omero2frame: rows come by the table service: /);
  const file = await run(["head", table, "--route", "file", "--verbose"]);
  expect(file.errors).toMatch(/^omero2frame: rows come by the table's file: /);
  expect(file.output).toBe(service.output);
});
