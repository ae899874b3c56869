/** TileDB's engine through TileDB-Py: the version that omero2pandas pins, and the newest. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { tableFromIPC, tableToIPC } from "apache-arrow";
import type { ColumnBatch, ColumnData } from "../../src/columns/batch.js";
import { joinColumns } from "../../src/columns/kinds/kinds.js";
import { toArrowTable } from "../../src/formats/arrow/arrow-sink.js";
import { openSource } from "../../src/formats/open-source.js";
import { openTileDBTable, TILEDB_RULES } from "../../src/formats/tiledb/index.js";
import { referencePython } from "./reference-server.js";

export const ENGINES = ["pinned", "newest"] as const;
export type EngineName = (typeof ENGINES)[number];

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function pythonOf(engine: EngineName): Promise<string> {
  if (engine === "pinned") return referencePython();
  const { stdout } = await promisify(execFile)("bash", [path("setup-tiledb.sh")]);
  return stdout.trim().split("\n").at(-1)!;
}

/** Runs steps of `tiledb_check.py`, in a folder that goes with it. */
export class TileDBEngine {
  readonly #python: string;
  #process: ChildProcess;
  #lines: AsyncIterator<string>;
  readonly #folder = mkdtempSync(join(tmpdir(), "tiledb-"));
  #files = 0;

  private constructor(python: string) {
    this.#python = python;
    [this.#process, this.#lines] = this.#begin();
  }

  static async start(engine: EngineName): Promise<TileDBEngine> {
    return new TileDBEngine(await pythonOf(engine));
  }

  #begin(): [ChildProcess, AsyncIterator<string>] {
    const begun = spawn(this.#python, [path("tiledb_check.py")], { stdio: ["pipe", "pipe", "inherit"] });
    return [begun, createInterface(begun.stdout!)[Symbol.asyncIterator]()];
  }

  /** A path nothing is at. */
  newPath(suffix = ""): string {
    return join(this.#folder, `${this.#files++}${suffix}`);
  }

  async run(step: string, ...args: unknown[]): Promise<unknown> {
    this.#process.stdin!.write(`${JSON.stringify([step, ...args])}\n`);
    const answer = await this.#lines.next();
    if (answer.done) {
      // The engine itself has been seen to crash; a step needs none before it.
      [this.#process, this.#lines] = this.#begin();
      throw new Error(`TileDB-Py ended in the step "${step}"`);
    }
    const { result, error } = JSON.parse(answer.value) as { result?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, "exit");
    this.#process.stdin!.end();
    await exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Rows as an Arrow file for the steps. */
  async arrowFile(batch: ColumnBatch): Promise<string> {
    const file = this.newPath(".arrow");
    const table = await toArrowTable(
      (async function* () {
        yield batch;
      })(),
    );
    await writeFile(file, tableToIPC(table, "file"));
    return file;
  }
}

/** The rows of an Arrow file that a step wrote. */
export async function readArrowFile(file: string): Promise<ColumnBatch> {
  const table = tableFromIPC(await readFile(file));
  const source = await openSource(table, {
    types: new Map(),
    checkNames: () => {},
    rules: TILEDB_RULES,
    csv: {},
    onWarning: () => {},
    signal: undefined,
    onProgress: undefined,
  });
  const batches: ColumnBatch[] = [];
  for await (const batch of source.batches(1_000_000)) batches.push(batch);
  await source.close();
  return {
    fields: source.fields,
    columns: source.fields.map((_, index) => joinColumns(batches.map(({ columns }) => columns[index]!))),
    rowCount: table.numRows,
    rowNumbers: { start: 0, step: 1 },
  };
}

/** All rows we read of an array. */
export async function readArray(array: string): Promise<ColumnBatch> {
  const table = await openTileDBTable(array);
  return table.read(
    table.fields.map((_, index) => index),
    0,
    table.rowCount,
  );
}

/** What differs between the columns of two batches, to the bit. */
export function differences(found: ColumnBatch, expected: ColumnBatch): string[] {
  const names = (batch: ColumnBatch) => batch.fields.map(({ name }) => name).join();
  if (names(found) !== names(expected)) return [`columns ${names(found)}`];
  return found.columns.flatMap((column, index) => {
    const { name } = found.fields[index]!;
    const [ours, theirs] = [buffersOf(column), buffersOf(expected.columns[index]!)];
    const same = ours.length === theirs.length && ours.every((bytes, part) => bytes.equals(theirs[part]!));
    return same ? [] : [`column ${name}`];
  });
}

function buffersOf(column: ColumnData): Buffer[] {
  return Object.values(column)
    .filter((value) => ArrayBuffer.isView(value))
    .map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
}
