/** Bulk jobs from the command line, on the queue of a local store. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type OmeroServer, startServer } from "../../../src/server/index.js";
import { commandLine } from "../../cli/command-line.js";

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const MAIN = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

let server: OmeroServer;
let folder: string;
let run: ReturnType<typeof commandLine>;
const at = (name: string) => join(folder, name);
const root = () => ["--root", folder];
const tablesOn = async (object: string): Promise<{ name: string; fileId: number }[]> =>
  (await run(["files", "ls", object, "--json"])).output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const namesOn = async (object: string) => (await tablesOn(object)).map(({ name }) => name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "jobs-cli-"));
  server = await startServer();
  run = commandLine(server, folder, { OMERO2FRAME_JOBS: at("queue") });
  mkdirSync(at("plates"));
  for (const name of ["one", "two é"]) writeFileSync(at(`plates/${name}.csv`), `area,name\n${name.length},ä\n`);
  writeFileSync(at("plates/[bad].csv"), `area\n"1\n2\n`);
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("stores what a map says, once, and lists what is dead with its reason", async () => {
  writeFileSync(
    at("map.csv"),
    "File,Target,Name\nplates/one.csv,Image:1,007\nplates/two é.csv,Image:1 Dataset:1,\nplates/[bad].csv,Image:1,\n",
  );
  expect((await run(["jobs", "status"])).code).toBe(1);
  const patterns = [at("plates/{one,two é}.csv"), at("plates/[bad].csv")];
  const add = ["jobs", "add", ...patterns, "--map", at("map.csv"), ...root(), "--json"];
  expect(JSON.parse((await run(add)).output)).toEqual({ added: 3, known: 0 });
  expect(JSON.parse((await run(add)).output)).toEqual({ added: 0, known: 3 });
  const worked = await run(["jobs", "work", ...root(), "--state", at("state.ndjson"), "--json"]);
  expect(worked.code).toBe(3);
  expect(JSON.parse(worked.output.trimEnd().split("\n").at(-1)!)).toMatchObject({
    done: 2,
    before: 0,
    failed: 0,
    dead: 1,
  });
  expect((await namesOn("Image:1")).sort()).toEqual(["007", "two é"]);
  expect(await namesOn("Dataset:1")).toEqual(["two é"]);
  const lines = readFileSync(at("state.ndjson"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ file, result }) => [file, result]).sort()).toEqual([
    ["plates/[bad].csv", "dead"],
    ["plates/one.csv", "done"],
    ["plates/two é.csv", "done"],
  ]);
  const status = await run(["jobs", "status"]);
  expect(status.code).toBe(3);
  expect(status.output).toMatch(
    /^waiting\t0\ndelayed\t0\nactive\t0\ndone\t2\ndead\t1\ndead\t.*\[bad\]\.csv\t1 failure\t/,
  );
  expect((await server.contents()).files.length).toBe(2);
});

test("a dead job is tried again when told, and not where its file is another by now", async () => {
  const unknown = await run(["jobs", "retry", "0123"]);
  expect([unknown.code, unknown.errors]).toEqual([1, expect.stringContaining("1 job of those named: not dead")]);
  expect((await run(["jobs", "retry", "--json"])).output).toBe('{"retried":1}\n');
  writeFileSync(at("plates/[bad].csv"), "area\n1\n2\n3\n");
  expect((await run(["jobs", "work", ...root()])).errors).toContain("was changed since the job was added");
  expect((await run(["jobs", "add", at("plates/[bad].csv"), "--map", at("map.csv"), ...root()])).output).toBe(
    "1 job added, 0 there already\n",
  );
  expect((await run(["jobs", "work", ...root()])).code).toBe(0);
  const watched = await run(["jobs", "watch"]);
  expect([watched.code, watched.output]).toEqual([3, "3 jobs done, 1 dead\n"]);
  expect((await run(["jobs", "clear", "--all"])).output).toBe("4 jobs forgotten\n");
});

test("files that were stored before are not stored again, whatever the queue knows", async () => {
  await run(["jobs", "add", "--map", at("map.csv"), ...root()]);
  const { output } = await run(["jobs", "work", ...root()]);
  expect(output).toContain("0 jobs done, 3 done before, 0 failed, 0 given back");
  expect((await server.contents()).files.length).toBe(3);
  await run(["jobs", "clear"]);
});

test("runs jobs without a queue, a part each, and goes by the state", async () => {
  writeFileSync(at("run.csv"), "file,target\nplates/one.csv,Image:2\nplates/two é.csv,Image:2\n");
  const words = ["jobs", "run", "--map", at("run.csv"), ...root(), "--state", at("run.ndjson")];
  expect((await run([...words, "--part", "2/2"])).output).toContain("1 job done");
  expect(await namesOn("Image:2")).toEqual(["two é"]);
  writeFileSync(at("run.ndjson"), `${readFileSync(at("run.ndjson"), "utf8")}{"id":"cut`);
  expect((await run(words)).output).toContain("1 job done, 0 done before");
  expect((await run(words)).output).toBe("0 jobs done, 0 done before, 0 failed, 0 given back\n");
  expect((await namesOn("Image:2")).sort()).toEqual(["one", "two é"]);
  expect((await run([...words, "--part", "3/2"])).code).toBe(2);
});

test("writes tables to files, which appear whole, and removes what was half-made", async () => {
  const { fileId } = (await tablesOn("Image:2"))[0]!;
  mkdirSync(at("out"));
  writeFileSync(at(`out/.${fileId}.ndjson.0123456789ab.part`), "half");
  const add = ["jobs", "add", "--download", String(fileId), "--to", at("out"), "--format", "ndjson", ...root()];
  expect((await run(add)).code).toBe(0);
  expect((await run(["jobs", "work", ...root()])).code).toBe(0);
  expect(readdirSync(at("out"))).toEqual([`${fileId}.ndjson`]);
  expect(readFileSync(at(`out/${fileId}.ndjson`), "utf8")).toContain('"name":"ä"');
  const again = await run(add);
  expect([again.code, again.errors]).toEqual([1, expect.stringContaining("is there already")]);
});

test.each<[string, string]>([
  ["with a line twice", "file,target\nplates/one.csv,Image:1\nplates/one.csv,Image:1\n"],
  ["with a target that is none", "file,target\nplates/one.csv,Picture:1\n"],
  ["without a target", "file,target\nplates/one.csv,\nplates/two é.csv,Image:1\n"],
  ["without its columns", "path,target\nplates/one.csv,Image:1\n"],
])("a map %s is refused, and nothing is added", async (_, text) => {
  writeFileSync(at("wrong.csv"), text);
  expect((await run(["jobs", "add", "--map", at("wrong.csv"), ...root()])).code).toBe(2);
  expect(JSON.parse((await run(["jobs", "status", "--json"])).output.split("\n")[0]!)).toMatchObject({ waiting: 0 });
});

test("nothing outside of the root folder is added, whatever way leads there", async () => {
  symlinkSync(tmpdir(), at("away"));
  writeFileSync(at("away.csv"), `file,target\n${at("away/far.csv")},Image:1\n`);
  writeFileSync(join(tmpdir(), "far.csv"), "a\n1\n");
  const { code, errors } = await run(["jobs", "add", "--map", at("away.csv"), ...root()]);
  expect([code, errors]).toEqual([2, expect.stringContaining("is outside of")]);
});

test("a worker that is told to end finishes what it has in hand, and ends with 0", async () => {
  const lines = Array.from({ length: 40 }, (_, number) => {
    writeFileSync(at(`plates/many ${number}.csv`), `n\n${number}\n`);
    return `plates/many ${number}.csv,Image:3`;
  });
  writeFileSync(at("many.csv"), `file,target\n${lines.join("\n")}\n`);
  await run(["jobs", "add", "--map", at("many.csv"), ...root()]);
  const login = { OMERO_HOST: `tcp://127.0.0.1:${server.port}`, OMERO_USER: "user", OMERO_PASSWORD: "pass" };
  const env = { PATH: process.env.PATH, HOME: folder, OMERO2FRAME_JOBS: at("queue"), ...login };
  const worker = spawn(process.execPath, [MAIN, "jobs", "work", ...root(), "--concurrency", "2"], { env });
  await once(worker.stdout, "data");
  worker.kill("SIGTERM");
  expect(await once(worker, "close")).toEqual([0, null]);
  const counts = JSON.parse((await run(["jobs", "status", "--json"])).output.split("\n")[0]!);
  expect(counts).toMatchObject({ active: 0, delayed: 0, dead: 0 });
  expect(counts.waiting).toBeGreaterThan(0);
  expect(await namesOn("Image:3")).toHaveLength(40 - counts.waiting);
});

test("a queue is for one server; passwords stand on no command line", async () => {
  const other = await run(["jobs", "add", "--map", at("many.csv"), ...root(), "--server", "other.example.org"]);
  expect([other.code, other.errors]).toEqual([1, expect.stringContaining("not for other.example.org:4064")]);
  const { code, errors } = await run(["jobs", "status", "--redis", "redis://:hidden-word@127.0.0.1"]);
  expect([code, errors]).toEqual([2, expect.stringContaining("OMERO2FRAME_REDIS")]);
  expect((await run(["jobs", "work", ...root()], { OMERO_PASSWORD: "wrong" })).code).toBe(4);
});
