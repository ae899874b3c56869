/**
 * Looks at LMDB's file before LMDB does, which maps it into memory and trusts it: a file of another kind, or one that lost its
 * end, would end the process.
 */
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { StoreError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";

/** What a page of its own data begins with, after the 24 bytes that every page begins with. */
const MAGIC = 0xbeefc0de;
const PAGE_HEADER = 24;
/** Where the page of its own data (`MDB_meta`) has the size of pages, the number of the last one, and that of the write it is of. */
const PAGE_SIZE_AT = PAGE_HEADER + 24;
const LAST_PAGE_AT = PAGE_HEADER + 120;
const WRITE_AT = PAGE_HEADER + 128;
const META_BYTES = WRITE_AT + 8;
/** LMDB does not write the pages at the end that a write has used and given back: so many may be missing of a whole file. */
const MOST_UNWRITTEN = 256;

/** Milliseconds. */
const PAUSES = [10, 100, 300];

/**
 * @param writable where the file is to be written: what is missing at its end is then added
 * @throws StoreError `STORE_FAILED`
 */
export async function checkStoreFile(folder: string, writable: boolean): Promise<void> {
  const path = join(folder, "data.mdb");
  const file = await ifPossible(open(path, writable ? "r+" : "r"));
  if (file === undefined) return; // there is none, or LMDB says why it cannot be opened
  try {
    const missing = await settled(() => missingBytes(file, path));
    if (missing > 0 && writable) await addZeros(path, missing);
  } finally {
    await file.close();
  }
}

/** What `look` finds once another process that is just making the file has made it. */
async function settled(look: () => Promise<number>): Promise<number> {
  for (const pause of PAUSES) {
    const found = await ifPossible(look());
    if (found !== undefined) return found;
    await setTimeout(pause);
  }
  return look();
}

/** How many bytes a file has less than its last write has used. */
async function missingBytes(file: FileHandle, path: string): Promise<number> {
  if ((await file.stat()).size === 0) return 0;
  const first = await metaAt(file, 0);
  if (first === undefined || first.readUInt32LE(PAGE_HEADER) !== MAGIC) throw damaged(path, "is no file of a store");
  const pageSize = first.readUInt32LE(PAGE_SIZE_AT);
  const second = await metaAt(file, pageSize);
  if (second === undefined) throw damaged(path, "has lost its end");
  const isNewer = second.readBigUInt64LE(WRITE_AT) > first.readBigUInt64LE(WRITE_AT);
  const pages = Number((isNewer ? second : first).readBigUInt64LE(LAST_PAGE_AT)) + 1;
  const missing = pages * pageSize - (await file.stat()).size;
  if (missing > MOST_UNWRITTEN * pageSize) throw damaged(path, `has lost its end, ${missing} bytes`);
  return missing;
}

async function metaAt(file: FileHandle, position: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(META_BYTES);
  const { bytesRead } = await file.read(bytes, 0, META_BYTES, position);
  return bytesRead === META_BYTES ? bytes : undefined;
}

/** At the end, wherever that is by now: another process may be writing. */
async function addZeros(path: string, count: number): Promise<void> {
  await using file = await open(path, "a");
  await file.appendFile(Buffer.alloc(count));
}

function damaged(path: string, what: string): StoreError {
  return new StoreError("STORE_FAILED", `${path} ${what}: restore it from a copy`, { path: dirname(path) });
}
