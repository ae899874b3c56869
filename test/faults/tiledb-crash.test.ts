/** What is at an array's path when the process that writes it is killed, at each of its file operations. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cp, mkdir, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTileDBTable } from "../../src/formats/tiledb/index.js";
import { createTileDB } from "../../src/write/create-tiledb.js";
import { cellsOf } from "../support/cells.js";

let folder: string;
/** The writer as one file, which starts several times faster than its modules. */
let writer: string;
/** The array that is to be replaced. */
let oldArray: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tiledb-crash-"));
  writer = join(folder, "writer.mjs");
  oldArray = join(folder, "old.tiledb");
  const entry = fileURLToPath(new URL("tiledb-writer.ts", import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: writer,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // What writing needs of packages goes into the file, which lies where none are found.
    plugins: [
      {
        name: "external but for names",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === "entry-point" || path === "damerau-levenshtein" ? undefined : { path, external: true },
          ),
      },
    ],
  });
  await createTileDB({ n: [100, 101], text: ["row 100", "row 101"] }, oldArray);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function write(
  path: string,
  overwrite: boolean,
  ...operation: number[]
): Promise<{ output: string; wasKilled: boolean }> {
  const running = spawn(process.execPath, [writer, path, String(overwrite), ...operation.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  running.stdout.on("data", (text) => {
    output += text;
  });
  const [code, signal] = (await once(running, "close")) as [number | null, string | null];
  expect([code, signal]).toEqual(signal === null ? [0, null] : [null, "SIGKILL"]);
  return { output, wasKilled: signal !== null };
}

const NEW = Array.from({ length: 25 }, (_, row) => BigInt(row));
const OLD = [100n, 101n];
/** Rows of the new array's first fragments. */
const FRAGMENTS = [0, 20, 25];

/** Operations at the end, in which the old array is replaced. */
const REPLACING = 15;

type State = "new" | "old" | "none";

/** Which array is at `path`; it must be that array to the last cell. */
async function stateOf(path: string): Promise<State> {
  const opened = await openTileDBTable(path).catch((error) => {
    expect(error).toMatchObject({ code: "NOT_FOUND" });
  });
  if (!opened) return "none";
  expect([...(await opened.getAllMetadata()).keys()]).toContain("__version");
  const numbers = await numbersIn(opened);
  const state = numbers.length === NEW.length ? "new" : "old";
  expect(numbers).toEqual(state === "new" ? NEW : OLD);
  return state;
}

async function numbersIn(table: Awaited<ReturnType<typeof openTileDBTable>>): Promise<bigint[]> {
  const [numbers, texts] = cellsOf(await table.read([0, 1], 0, table.rowCount));
  expect(texts).toEqual(numbers!.map((number) => `row ${number}`));
  return numbers as bigint[];
}

/** What is written so far holds whole fragments: none is committed before its files are there. Metadata may be cut short. */
async function checkPart(part: string): Promise<void> {
  const commits = await readdir(join(part, "__commits")).catch(() => []);
  if (commits.length === 0) return;
  const opened = await openTileDBTable(part).catch((error) => {
    expect(error).toMatchObject({ code: "MALFORMED_FILE", path: expect.stringContaining("__meta") });
  });
  if (!opened) return;
  const numbers = await numbersIn(opened);
  expect(FRAGMENTS).toContain(numbers.length);
  expect(numbers).toEqual(NEW.slice(0, numbers.length));
}

/** Kills a writer before `operation`; the state it leaves, and whether the old array is set aside. */
async function killAt(operation: number, overwrite: boolean): Promise<{ state: State; isOldAside: boolean }> {
  const here = join(folder, `${operation}`);
  const path = join(here, "table.tiledb");
  await mkdir(here);
  if (overwrite) await cp(oldArray, path, { recursive: true });
  const { wasKilled } = await write(path, overwrite, operation);
  expect(wasKilled).toBe(true);
  const state = await stateOf(path);
  const left = (await readdir(here)).filter((name) => name !== "table.tiledb");
  for (const name of left.filter((each) => each.endsWith(".part"))) await checkPart(join(here, name));
  const aside = left.find((each) => each.endsWith(".part.replaced"));
  const warnings: string[] = [];
  await createTileDB({ n: [1] }, path, { overwrite: true, onWarning: (warning) => warnings.push(warning) });
  expect(warnings).toEqual(left.map((name) => expect.stringContaining(join(here, name))));
  // What is set aside may be half removed already once the new array is there.
  if (aside !== undefined && state === "none") expect(await stateOf(join(here, aside))).toBe("old");
  rmSync(here, { recursive: true });
  return { state, isOldAside: aside !== undefined };
}

describe("a killed writer", () => {
  it.each([
    ["leaves no array or a whole one", false],
    ["leaves the old array, the new one, or the old one set aside", true],
  ])("%s", async (_, overwrite) => {
    const path = join(folder, "table.tiledb");
    if (overwrite) await cp(oldArray, path, { recursive: true });
    const { output } = await write(path, overwrite);
    expect(await stateOf(path)).toBe("new");
    expect((await readdir(folder)).sort()).toEqual(["old.tiledb", "table.tiledb", "writer.mjs"]);
    rmSync(path, { recursive: true });
    const operations = Number(output);
    expect(operations).toBeGreaterThan(80);
    // Until the old array is touched, overwriting does nothing else than writing.
    const killed = Array.from({ length: operations }, (_, operation) => operation).filter(
      (operation) => !overwrite || operation % 5 === 0 || operation > operations - REPLACING,
    );
    const states: State[] = [];
    for (let at = 0; at < killed.length; at += 2) {
      const found = await Promise.all(killed.slice(at, at + 2).map((operation) => killAt(operation, overwrite)));
      for (const { state, isOldAside } of found) {
        if (overwrite && state === "none") expect(isOldAside).toBe(true);
        states.push(state);
      }
    }
    const before = overwrite ? "old" : "none";
    const changed = states.findIndex((state) => state !== before);
    // Nothing goes back to what it was.
    expect(states.slice(changed).every((state) => state === "new" || (overwrite && state === "none"))).toBe(true);
    expect(changed).toBeGreaterThan(killed.length / 2);
    expect(states.at(-1)).toBe("new");
    expect(states.slice(changed).filter((state) => state === "none")).toHaveLength(overwrite ? 1 : 0);
  });
});
