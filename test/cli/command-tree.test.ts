/** Every command of the tree with `--json`, against the embedded server: each line is one object, and so is a failure. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandsOf, pathOf } from "../../src/cli/command-tree.js";
import { program } from "../../src/cli/program.js";
import type { OmeroConnection } from "../../src/connect/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { connectPlain, startLabServer, USER } from "../connect/embedded.js";
import { type MadeImage, madeImage } from "../gateway/embedded-images.js";
import { inProcess, type RunOptions } from "./in-process.js";

let server: OmeroServer;
let connection: OmeroConnection;
let made: MadeImage;
let folder: string;
let run: ReturnType<typeof inProcess>;
/** Ids of tables and files that are made on the way. */
const known: Record<string, string> = {};
const at = (name: string) => join(folder, name);
const JOB_SERVER = () => `tcp://127.0.0.1:${server.port}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "command-tree-"));
  server = await startLabServer({ tables: "hdf5", web: { arrays: folder } });
  connection = await connectPlain(server);
  made = await madeImage(connection);
  const login = { OMERO_HOST: JOB_SERVER(), OMERO_USER: USER.username, OMERO_PASSWORD: USER.password };
  run = inProcess({ HOME: folder, OMERO_USERDIR: folder, ...login });
  writeFileSync(at("cells.csv"), "object,area,label\n1,2.5,a\n2,,größe\n9007199254740993,4,\n");
  writeFileSync(at("entry.json"), '{"a":1}');
  writeFileSync(at("note.csv"), "a;b\n1;2,5\n");
  writeFileSync(at("map.csv"), "file,target\ncells.csv,Image:1\n");
});
afterAll(async () => {
  await connection.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Case extends RunOptions {
  /** Members of the last line. */
  readonly last: readonly string[];
  readonly lines?: number;
  /** Remembers an id for later commands: the member of the last line that holds it. */
  readonly keep?: readonly [name: string, member: string];
}

const image = () => `Image:${made.info.imageId}`;
const onImage = ["--link", "Image:1"];
const mapped = () => ["--map", at("map.csv"), "--root", folder];
const queue = () => ["--store", at("queue")];
const COUNTS = ["waiting", "delayed", "active", "done", "dead"];

/** In this order: some need what others made. */
const CASES: readonly [command: string, words: () => readonly string[], case_: Case][] = [
  ["login", () => [], { last: ["server", "user", "group"] }],
  ["sessions", () => [], { last: ["server", "user", "state"], lines: 1 }],
  [
    "upload",
    () => [at("cells.csv"), "Cells", ...onImage, "--column-type", "object=Long", "--metadata", "a=1"],
    { last: ["annotationId", "fileId", "rowCount"], keep: ["table", "fileId"] },
  ],
  ["info", () => [], { last: ["server", "userName", "groupName"] }],
  ["info", () => ["Image:1"], { last: ["type", "id", "parents", "annotations"] }],
  ["info", () => [known.table!], { last: ["file", "rowCount", "columns", "metadata"] }],
  ["info", () => [at("cells.csv")], { last: ["path", "rowCount", "columns", "metadata"] }],
  ["ls", () => ["Image:1"], { last: ["type", "annotationId", "fileId", "name"], lines: 1 }],
  ["open", () => [known.table!, "-n", "2"], { last: ["rowCount", "columns", "rows"], lines: 1 }],
  ["open", () => ["Image:1"], { last: ["annotationId", "fileId", "name"], lines: 1 }],
  ["columns", () => [known.table!], { last: ["rowCount", "columns"], lines: 1 }],
  ["head", () => [known.table!, "-n", "2"], { last: ["object", "area", "label"], lines: 2 }],
  ["head", () => ["-", "-n", "0", "--json"], { last: [], lines: 0, input: "a,b\n1,2\n" }],
  ["tail", () => ["-", "-n", "2"], { last: ["a", "b"], lines: 2, input: "a,b\n1,2\n3,4\n5,6\n" }],
  ["sample", () => [known.table!, "-n", "2", "--seed", "1"], { last: ["object", "area", "label"], lines: 2 }],
  ["query", () => ["area > least", known.table!, "--variables", "least=3"], { last: ["object", "area"], lines: 1 }],
  ["describe", () => [known.table!, "--store", at("kept")], { last: ["rowCount", "columns"], lines: 1 }],
  ["plot", () => ["histogram", known.table!, "-x", "area", "-o", at("plot.svg")], { last: ["path"] }],
  ["view", () => [known.table!], { last: ["url"], lines: 1, until: /token=/ }],
  ["sql", () => [`select count(*) as n from omero_table(${known.table})`], { last: ["n"], lines: 1 }],
  ["download", () => [known.table!, at("cells.parquet")], { last: ["path", "rowCount"], lines: 1 }],
  ["append", () => ["-", known.table!], { last: ["firstRow", "rowCount"], input: "object,area,label\n4,1,b\n" }],
  [
    "update",
    () => [known.table!, "--set", "area=7", "-q", "object == n", "--variables", "n=4"],
    { last: ["rowCount"] },
  ],
  ["metadata", () => [known.table!, "--set", "b=2"], { last: ["set"] }],
  ["metadata", () => ["Image:1"], { last: ["a", "b", "__version"] }],
  [
    "copy",
    () => [known.table!, "--link", "Image:99", "--table-name", "Copy", "-r", ":2"],
    { last: ["annotationId", "fileId", "rowCount"], keep: ["copy", "fileId"] },
  ],
  ["delete", () => [known.copy!, "--yes"], { last: ["deleted"] }],
  ["clean", () => ["--older-than", "0"], { last: [], lines: 0 }],
  [
    "files put",
    () => [at("note.csv"), ...onImage, "--name", "ü.csv"],
    { last: ["annotationId", "fileId", "size", "sha1"], keep: ["note", "fileId"] },
  ],
  ["files ls", () => ["Image:1", "--name", "ü.csv"], { last: ["annotationId", "fileId", "name"], lines: 1 }],
  ["files get", () => [known.note!, at("note.copy")], { last: ["path", "bytes"], lines: 1 }],
  ["csv", () => [known.note!, "--decimal", ",", "--delimiter", ";"], { last: ["a", "b"], lines: 1 }],
  ["csv", () => [at("cells.csv"), "-o", at("cells.arrow")], { last: ["path", "rowCount"], lines: 1 }],
  ["csv", () => ["Image:1", "--name", "ü.csv", "--as-is", "-o", at("note.raw")], { last: ["path", "bytes"], lines: 1 }],
  ["tiledb", () => [at("cells.csv"), at("cells.tiledb")], { last: ["path"], lines: 1 }],
  [
    "register",
    () => [at("cells.tiledb"), "Registered", ...onImage, "--web-server", server.web!.url],
    { last: ["annotationId"], lines: 1 },
  ],
  ["tag", () => ["good", "Image:1"], { last: ["type", "id", "value", "objects"], lines: 1 }],
  ["annotate", () => ["Image:1", "--comment", "seen"], { last: ["type", "id", "value", "objects"], lines: 1 }],
  ["render", () => [image(), "-o", at("image.png")], { last: ["image", "path", "format", "bytes"], lines: 1 }],
  ["rois", () => [image()], { last: [], lines: 0 }],
  ["serve", () => ["--no-plain"], { last: ["host", "tlsPort", "directory"], lines: 1, until: /tlsPort/ }],
  ["serve-flight", () => ["--listen", "0"], { last: ["url"], lines: 1, until: /url/ }],
  ["scan plan", () => ["--file-id", known.table!, "--partitions", "2"], { last: ["partition"], lines: 2 }],
  ["scan read", () => [known.job!, "-o", folder], { last: ["path"], lines: 1 }],
  ["scan session", () => [at("session")], { last: ["path"], lines: 1, until: /path/ }],
  ["store put", () => [at("store"), "things", "one", at("entry.json")], { last: ["key"], lines: 1 }],
  ["store ls", () => [at("store")], { last: ["name", "entries"], lines: 1 }],
  ["store get", () => [at("store"), "things", "one"], { last: ["a"], lines: 1 }],
  ["store du", () => [at("store")], { last: ["fileBytes"] }],
  ["store rm", () => [at("store"), "things", "one"], { last: ["removed"], lines: 1 }],
  ["jobs add", () => [...mapped(), ...queue()], { last: ["added", "known"], lines: 1 }],
  ["jobs work", () => ["--root", folder, ...queue()], { last: ["done", "before", "failed", "dead"] }],
  ["jobs status", () => queue(), { last: COUNTS, lines: 1 }],
  ["jobs watch", () => queue(), { last: COUNTS }],
  ["jobs retry", () => queue(), { last: ["retried"], lines: 1 }],
  ["jobs clear", () => queue(), { last: ["forgotten"], lines: 1 }],
  ["jobs run", () => mapped(), { last: ["done", "before", "failed", "dead"] }],
  ["completion", () => [], { last: ["command", "arguments", "options"] }],
  ["logout", () => [], { last: ["ended", "forgotten"], lines: 1 }],
];

const commands = commandsOf(program(new AbortController().signal)).filter(({ commands }) => commands.length === 0);

test("every command is among those that are run here, and takes --json", () => {
  const names = commands.map((command) => pathOf(command).slice("omero2frame ".length));
  expect([...new Set(CASES.map(([command]) => command))].sort()).toEqual(names.sort());
  const without = commands.filter(({ options }) => !options.some(({ long }) => long === "--json"));
  expect(without.map(pathOf)).toEqual([]);
});

test.each(CASES.map(([command, words, one], index) => [`${index} ${command}`, command, words, one] as const))(
  "%s",
  async (_, command, words, { last, lines, keep, ...options }) => {
    const { code, output, errors } = await run([...command.split(" "), ...words(), "--json"], options);
    expect([errors, code]).toEqual(["", 0]);
    const texts = output.split("\n").slice(0, -1);
    const objects = texts.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const object of objects) expect(object).toBeTypeOf("object");
    if (lines !== undefined) expect(objects).toHaveLength(lines);
    expect(Object.keys(objects.at(-1) ?? {})).toEqual(expect.arrayContaining([...last]));
    if (keep) known[keep[0]] = String(objects.at(-1)![keep[1]]);
    if (command === "scan plan") known.job = texts[0]!;
  },
);

test.each<[string, readonly string[], number, object]>([
  ["what the server says", ["head", "4711"], 1, { code: "NOT_FOUND", message: expect.stringContaining("4711") }],
  ["an option that is not there", ["head", "1", "--tabel"], 2, { code: "INVALID_ARGUMENT" }],
  ["options that do not go together", ["upload", "x.csv", "X"], 2, { code: "INVALID_ARGUMENT" }],
  ["a file that is not there", ["head", "none.csv"], 1, { code: "CANNOT_READ_FILE" }],
])("a failure is a line of JSON on standard error: %s", async (_, args, code, error) => {
  const ended = await run([...args, "--json"]);
  expect([ended.output, ended.code]).toEqual(["", code]);
  expect(JSON.parse(ended.errors)).toEqual({ error: { message: expect.any(String), ...error } });
});
