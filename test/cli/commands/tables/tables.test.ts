/** Commands for tables, each as a person runs it, against the embedded server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type OmeroServer, startServer } from "../../../../src/server/index.js";
import { commandLine } from "../../command-line.js";
import { inProcess } from "../../in-process.js";

// Some commands are processes of their own.
vi.setConfig({ testTimeout: 120_000 });

let server: OmeroServer;
let folder: string;
let run: ReturnType<typeof inProcess>;
/** As a process of its own, where what it writes is no text of this one's. */
let spawned: ReturnType<typeof commandLine>;
let file: string;
const at = (name: string) => join(folder, name);
const CELLS = "image,area,name\n1,2.5,a\n9007199254740993,,ä\n3,4,\n";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tables-"));
  server = await startServer();
  spawned = commandLine(server, folder);
  const login = { OMERO_HOST: `tcp://127.0.0.1:${server.port}`, OMERO_USER: "user", OMERO_PASSWORD: "pass" };
  run = inProcess({ HOME: folder, OMERO_USERDIR: folder, ...login });
  writeFileSync(at("cells.csv"), CELLS);
  const uploaded = await run(
    ["upload", "-", "Cells", "--link", "Image:1,Dataset:2", "--column-type", "image=Long", "--json"],
    { input: CELLS },
  );
  expect(uploaded.code, uploaded.errors).toBe(0);
  file = String(JSON.parse(uploaded.output).fileId);
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const BIG = "9007199254740993";

test.each<[string, () => string[], string]>([
  ["head", () => ["head", file, "-n", "1"], "\timage\tarea\tname\n0\t1\t2.5\ta\n"],
  ["head of nothing", () => ["head", file, "-n", "0"], "\timage\tarea\tname\n"],
  ["head of a file", () => ["head", at("cells.csv"), "-c", "area,name", "-n", "1"], "\tarea\tname\n0\t2.5\ta\n"],
  [
    "head of rows",
    () => ["head", "--file-id", file, "-r", "1:3", "-n", "1"],
    `\timage\tarea\tname\n1\t${BIG}\tNaN\tä\n`,
  ],
  ["tail", () => ["tail", file, "-n", "1", "-c", "name", "image"], "\timage\tname\n2\t3\t\n"],
  ["the table of an object", () => ["head", "Image:1", "-n", "1"], "\timage\tarea\tname\n0\t1\t2.5\ta\n"],
  ["tail of a condition", () => ["tail", file, "-n", "1", "-q", "area < 3"], "\timage\tarea\tname\n0\t1\t2.5\ta\n"],
  ["tail of some", () => ["tail", file, "-n", "1", "-r", "0:2", "-c", "area"], "\tarea\n1\tNaN\n"],
  ["tail by the file", () => ["tail", file, "-n", "1", "-c", "area", "--route", "file"], "\tarea\n2\t4\n"],
  ["a sample of all", () => ["sample", file, "-n", "9", "-c", "image"], `\timage\n0\t1\n1\t${BIG}\n2\t3\n`],
  ["query", () => ["query", "area > 3", file], "\timage\tarea\tname\n2\t3\t4\t\n"],
  ["query that nothing meets", () => ["query", "area > 30", file, "-c", "area"], "\tarea\n"],
  [
    "rows as JSON",
    () => ["head", file, "--json", "-n", "2"],
    `{"image":1,"area":2.5,"name":"a"}\n{"image":${BIG},"area":null,"name":"ä"}\n`,
  ],
  ["columns", () => ["columns", file], "image\tLong\t1\narea\tDouble\t1\nname\tString\t2\n3 rows, 3 columns\n"],
])("%s", async (_, args, output) => {
  expect(await run(args())).toEqual({ code: 0, output, errors: "" });
});

test("a sample is the same for the same seed", async () => {
  const [one, other] = [
    await run(["sample", file, "-n", "2", "--seed", "7"]),
    await run(["sample", file, "-n", "2", "--seed", "7"]),
  ];
  expect(one.output.trimEnd().split("\n")).toHaveLength(3);
  expect(other).toEqual(one);
});

test("download names table and target, or takes the format it is told", async () => {
  expect(await run(["download", file, at("t.parquet"), "--json"])).toMatchObject({
    code: 0,
    output: `{"path":"${at("t.parquet")}","rowCount":3}\n`,
  });
  expect((await run(["head", at("t.parquet"), "-n", "1"])).output).toBe("\timage\tarea\tname\n0\t1\t2.5\ta\n");
  const lines = await spawned(["download", file, "-", "--format", "ndjson"]);
  expect(lines.output).toBe(
    `{"image":1,"area":2.5,"name":"a"}\n{"image":${BIG},"area":null,"name":"ä"}\n{"image":3,"area":4.0,"name":""}\n`,
  );
});

test("update, append, metadata, copy and delete change what they say", async () => {
  const copied = JSON.parse((await run(["copy", file, "--table-name", "Copy", "--link", "Image:2", "--json"])).output);
  const copy = ["--file-id", String(copied.fileId)];
  expect(copied.rowCount).toBe(3);
  expect((await run(["update", ...copy, "--set", "area=9.5", "--set", 'name="b"', "-q", "image == 1"])).output).toBe(
    "1 row changed\n",
  );
  expect((await run(["append", "-", ...copy], { input: "image,area,name\n4,1,c\n" })).output).toBe(
    "1 row from row 3 on\n",
  );
  expect((await run(["metadata", ...copy, "--set", "reviewed=yes", "--set", `count=${BIG}`])).output).toBe(
    "2 entries set\n",
  );
  const metadata = (await run(["metadata", ...copy, "--json"])).output;
  expect(JSON.parse(metadata)).toMatchObject({ reviewed: "yes" });
  expect(metadata).toContain(`"count":${BIG}`);
  expect((await spawned(["download", "-", ...copy, "-c", "image,area,name"])).output).toBe(
    `,image,area,name\n0,1,9.5,b\n1,${BIG},,ä\n2,3,4.0,\n3,4,1.0,c\n`,
  );
  expect(await run(["delete", ...copy, "--yes"])).toEqual({
    code: 0,
    output: `removed the table of file ${copied.fileId}\n`,
    errors: "",
  });
  expect((await run(["columns", ...copy])).code).toBe(1);
});

test("files lists, attaches and fetches; open follows an address", async () => {
  writeFileSync(at("note.txt"), "as it is");
  const { fileId } = JSON.parse((await run(["files", "put", at("note.txt"), "--link", "Image:1", "--json"])).output);
  const listed = await run(["files", "ls", "Image:1"]);
  expect(listed.output).toContain(`\t${fileId}\tnote.txt\t8\ttext/plain\t`);
  const tables = await run(["files", "ls", "Image:1", "--tables", "--json"]);
  expect(JSON.parse(tables.output).name).toBe("Cells");
  expect((await run(["files", "get", at("copy.txt"), "--file-id", String(fileId)])).output).toBe(
    `8 bytes in ${at("copy.txt")}\n`,
  );
  expect(readFileSync(at("copy.txt"), "utf8")).toBe("as it is");
  const host = ["--server", `tcp://127.0.0.1:${server.port}`];
  const opened = await run(["open", "https://omero.example.org/webclient/?show=image-1", ...host]);
  expect(opened.output).toBe(listed.output);
  const table = await run(["open", `https://omero.example.org/webclient/omero_table/${file}/`, "-n", "1", ...host]);
  expect(table.output).toBe("3 rows, 3 columns\n\timage\tarea\tname\n0\t1\t2.5\ta\n");
});

test.each<[string, string[], string]>([
  ["no table", ["head"], "omero2frame head --help"],
  ["two tables", ["head", "402", "--annotation-id", "3"], "omero2frame head --help"],
  ["a name of nothing", ["head", "cells"], "omero2frame head --help"],
  ["an option that is not there", ["files", "ls", "Image:1", "--tabel"], "omero2frame files ls --help"],
  ["a number that is none", ["head", "1", "-n", "x"], "omero2frame head --help"],
  ["chunks of nothing", ["head", "1", "--chunk-size", "0"], "omero2frame head --help"],
  ["rows and a condition", ["head", "1", "-r", "1:2", "-q", "a > 1"], "omero2frame head --help"],
  ["nothing to attach to", ["upload", "cells.csv", "Cells"], "omero2frame upload --help"],
  ["a command that is not there", ["haed"], "omero2frame --help"],
  ["a key without its certificate", ["serve", "--tls-key", "key.pem"], "omero2frame serve --help"],
  ["a port that cannot be", ["serve", "--port", "70000"], "omero2frame serve --help"],
])("%s: one line, which says where to look", async (_, args, where) => {
  const { code, output, errors } = await run(args);
  expect([code, output]).toEqual([2, ""]);
  expect(errors).toMatch(/^omero2frame: [^\n]*\n$/);
  expect(errors).toContain(`(see ${where})`);
});

test("a port that is taken is told in a line", async () => {
  const { code, errors } = await run(["serve", "--port", String(server.port)]);
  expect([code, errors]).toEqual([
    1,
    `omero2frame: port ${server.port} is in use already: give another one, or 0 for any that is free\n`,
  ]);
});
