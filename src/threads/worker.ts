/** What a thread does: the program it runs. */
import { createHash, type Hash } from "node:crypto";
import { fstatSync, readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import { scanSegment } from "../csv/scan-segment.js";
import { type Hdf5Table, openHdf5Table } from "../hdf5/index.js";
import { csvBlocks } from "../read/csv-writer.js";
import { buffersOf, type SharedFile, type TaskAnswer, type TaskName, type TaskRequest, type Tasks } from "./tasks.js";

type Work = { readonly [Name in TaskName]: (input: Tasks[Name]["input"]) => Promise<Tasks[Name]["output"]> };

const HASHED_AT_ONCE = 1 << 20;
const tables = new Map<SharedFile, Promise<Hdf5Table>>();
const hashes = new Map<number, { readonly hash: Hash; position: number }>();

const work: Work = {
  async readRows({ file, columns, start, stop }) {
    const table = await openedTable(file);
    return [...(await table.read(columns, start, stop)).columns];
  },

  async closeFile(file) {
    const table = tables.get(file);
    tables.delete(file);
    if (typeof file === "number") hashes.delete(file);
    await (await table)?.close();
    return undefined;
  },

  async sha1({ file, stop, last }) {
    const state = hashes.get(file) ?? { hash: createHash("sha1"), position: 0 };
    hashes.set(file, state);
    const block = Buffer.allocUnsafe(HASHED_AT_ONCE);
    while (state.position < stop) {
      const count = readSync(file, block, 0, Math.min(block.length, stop - state.position), state.position);
      if (count === 0) throw new Error("the file is shorter than it should be");
      state.hash.update(block.subarray(0, count));
      state.position += count;
    }
    if (!last) return undefined;
    hashes.delete(file);
    return state.hash.digest("hex");
  },

  scanCsv: scanSegment,

  async csvLines(batch) {
    return [...csvBlocks(batch)];
  },
};

function openedTable(file: SharedFile): Promise<Hdf5Table> {
  let table = tables.get(file);
  if (table === undefined) {
    table = openHdf5Table(typeof file === "string" ? file : openFile(file));
    tables.set(file, table);
    table.catch(() => tables.delete(file));
  }
  return table;
}

/** A descriptor of the process as far as reading needs a FileHandle, which belongs to the thread that made it. */
function openFile(descriptor: number): FileHandle {
  const file: Pick<FileHandle, "fd"> & Record<"stat" | "read", unknown> = {
    fd: descriptor,
    stat: async () => fstatSync(descriptor),
    read: async (buffer: Uint8Array, offset: number, length: number, position: number) => ({
      bytesRead: readSync(descriptor, buffer, offset, length, position),
    }),
  };
  return file as unknown as FileHandle;
}

parentPort!.on("message", async ({ id, name, input }: TaskRequest) => {
  let answer: TaskAnswer;
  try {
    answer = { id, output: await work[name](input as never) };
  } catch (error) {
    answer = { id, failure: error instanceof Error ? error.message : String(error) };
  }
  parentPort!.postMessage(answer, [...buffersOf(answer.output)]);
});
