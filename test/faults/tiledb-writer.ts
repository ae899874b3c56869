/**
 * Writes an array and kills itself before a file operation: `tiledb-writer.ts PATH OVERWRITE [OPERATION]`. A write is two
 * operations, one for each half of its bytes. Without OPERATION it prints how many there are.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [path, overwrite, operation] = process.argv.slice(2);
const killAt = operation === undefined ? -1 : Number(operation);
let operations = 0;

type Work = (...args: unknown[]) => Promise<unknown>;

function killing(work: () => Promise<unknown>): Promise<unknown> {
  if (operations++ === killAt) process.kill(process.pid, "SIGKILL");
  return work();
}

/** Cuts what is written in two. */
async function writeHalves(handle: unknown, write: Work, bytes: Uint8Array): Promise<number> {
  const half = bytes.length >> 1;
  await killing(() => write.call(handle, bytes.subarray(0, half)));
  await killing(() => write.call(handle, bytes.subarray(half)));
  return bytes.length;
}

const promises = fs.promises as unknown as Record<string, Work>;
const probe = await fs.promises.open(process.argv[1]!, "r");
const handles = Object.getPrototypeOf(probe) as Record<string, Work>;
await probe.close();
for (const name of ["mkdir", "open", "rename", "rm"]) {
  const work = promises[name]!;
  promises[name] = (...args) => killing(() => work(...args));
}
for (const name of ["datasync", "sync"]) {
  const work = handles[name]!;
  handles[name] = function (this: unknown) {
    return killing(() => work.call(this));
  };
}
const writeToHandle = handles.writeFile!;
handles.writev = async function (this: unknown, pieces) {
  return { bytesWritten: await writeHalves(this, writeToHandle, Buffer.concat(pieces as Uint8Array[])) };
};
promises.writeFile = async (file, bytes, options) => {
  const handle = await fs.promises.open(file as string, (options as { flag: string }).flag);
  await writeHalves(handle, writeToHandle, Buffer.from(bytes as Uint8Array));
  await handle.close();
};
syncBuiltinESMExports();

const { createTileDB } = await import("../../src/write/create-tiledb.js");
const rows = {
  n: Array.from({ length: 25 }, (_, row) => row),
  text: Array.from({ length: 25 }, (_, row) => `row ${row}`),
};
await createTileDB(rows, path!, { chunkSize: 20, overwrite: overwrite === "true" });
process.stdout.write(String(operations));
