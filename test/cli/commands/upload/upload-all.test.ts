/** Many files as tables: by a map, going on where it stopped. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type OmeroServer, startServer } from "../../../../src/server/index.js";
import { commandLine } from "../../command-line.js";

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

let server: OmeroServer;
let folder: string;
let run: ReturnType<typeof commandLine>;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bulk-"));
  server = await startServer();
  run = commandLine(server, folder);
  for (const name of ["one", "two", "three"]) writeFileSync(at(`${name}.csv`), `area\n${name.length}\n`);
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function namesOn(object: string): Promise<string[]> {
  const { output } = await run(["files", "ls", object, "--json"]);
  return output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).name);
}

test("stores what a map says, once, and tells which failed", async () => {
  writeFileSync(
    at("map.csv"),
    "file,target,name\none.csv,Image:1,First\ntwo.csv,Image:2 Dataset:1,\nthree.csv,Image:999999,\n",
  );
  const planned = await run(["upload", "--map", at("map.csv"), "--dry-run"]);
  expect(planned.output).toBe(
    `${at("one.csv")} as "First" on Image:1\n${at("two.csv")} as "two" on Image:2 Dataset:1\n${at("three.csv")} as "three" on Image:999999\nNothing was made.\n`,
  );
  const first = await run(["upload", "--map", at("map.csv")]);
  expect([first.code, first.output.split("\n").at(-2)]).toEqual([3, "2 files stored, 0 stored before, 1 failed"]);
  expect(first.errors).toMatch(/^omero2frame: 3 of 3: .*three\.csv: .*999999.*\n$/);
  expect([await namesOn("Image:1"), await namesOn("Dataset:1")]).toEqual([["First"], ["two"]]);

  writeFileSync(at("map.csv"), readFileSync(at("map.csv"), "utf8").replace("Image:999999", "Image:3"));
  const second = await run(["upload", at("*.csv").replace("*", "{one,two,three}"), "--map", at("map.csv"), "--json"]);
  expect([second.code, JSON.parse(second.output.trimEnd().split("\n").at(-1)!)]).toEqual([
    0,
    { stored: 1, before: 2, failed: 0 },
  ]);
  expect([await namesOn("Image:1"), await namesOn("Image:3")]).toEqual([["First"], ["three"]]);
});

function linesOf(journal: string) {
  const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line)) as [{ before: number[] }, { annotationId: number }];
}

test("takes a table for stored whose upload was cut off before that was noted", async () => {
  writeFileSync(at("cut.csv"), "file,target\none.csv,Image:4\n");
  expect((await run(["upload", "--map", at("cut.csv")])).code).toBe(0);
  const journal = at("cut.csv.uploaded.ndjson");
  const [begun, ended] = readFileSync(journal, "utf8").split("\n");
  expect(ended).toContain("annotationId");
  writeFileSync(journal, `${begun}\n${ended!.slice(0, 20)}`);
  const again = await run(["upload", "--map", at("cut.csv")]);
  expect(again.output).toMatch(/: stored before\n0 files stored, 1 stored before, 0 failed\n$/);
  expect(await namesOn("Image:4")).toEqual(["one"]);
  // What was there before the upload was begun with is none of its own.
  await run(["upload", "--map", at("cut.csv"), "--journal", at("second.ndjson")]);
  expect(await namesOn("Image:4")).toEqual(["one", "one"]);
  const [line, { annotationId }] = linesOf(at("second.ndjson"));
  writeFileSync(at("third.ndjson"), JSON.stringify({ ...line, before: [...line.before, annotationId] }));
  await run(["upload", "--map", at("cut.csv"), "--journal", at("third.ndjson")]);
  expect(await namesOn("Image:4")).toEqual(["one", "one", "one"]);
  appendFileSync(at("one.csv"), "8\n");
  expect((await run(["upload", "--map", at("cut.csv")])).output).toContain("2 rows as annotation");
});

test.each<[string, string, string[]]>([
  ["without its columns", "a,b\n1,2\n", []],
  ["with a target that is none", "file,target\none.csv,Image\n", []],
  ["without a line for a file that matches", "file,target\none.csv,Image:1\n", ["two.csv"]],
  ["with a line twice", "file,target\none.csv,Image:1\none.csv,Image:1\n", []],
])("a map %s is refused before anything is stored", async (_, content, patterns) => {
  writeFileSync(at("bad.csv"), content);
  const { code, errors } = await run(["upload", ...patterns.map(at), "--map", at("bad.csv")]);
  expect([code, errors]).toEqual([
    2,
    expect.stringMatching(/^omero2frame: [^\n]*\(see omero2frame upload --help\)\n$/),
  ]);
});

test("a map that names a file that is not there is refused", async () => {
  writeFileSync(at("bad.csv"), "file,target\nnone.csv,Image:1\n");
  expect(await run(["upload", "--map", at("bad.csv")])).toMatchObject({
    code: 1,
    errors: expect.stringContaining("none.csv"),
  });
});
