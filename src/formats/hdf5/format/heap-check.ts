/**
 * Looks for global heaps over which the HDF5 library would never come to an end: it goes on by the size of a heap's free
 * space (III.E of the HDF5 file format: the object with index 0), which must not be less than that of its own header.
 */
import { LocalFile } from "./local-file.js";
import { malformed } from "./malformed.js";

const SIGNATURE = "GCOL";
const COLLECTION_HEAD = 16;
const OBJECT_HEAD = 16;
const BLOCK = 1 << 20;
/** What is read of collections, in sizes of the file: honest ones do not overlap. */
const MOST_READ = 4;

/** @throws DataError `MALFORMED_FILE` */
export async function checkGlobalHeaps(path: string): Promise<void> {
  const file = await LocalFile.open(path, "read");
  try {
    let left = MOST_READ * file.size + BLOCK;
    for await (const at of signatures(file)) {
      left -= await checkCollection(file, at);
      if (left < 0) throw malformed("its global heaps overlap");
    }
  } finally {
    await file.close();
  }
}

/** Where the signature is in the file. */
async function* signatures(file: LocalFile): AsyncGenerator<number, void, undefined> {
  const block = Buffer.alloc(BLOCK);
  for (let start = 0; start + COLLECTION_HEAD <= file.size; start += BLOCK - SIGNATURE.length) {
    const bytes = block.subarray(0, Math.min(BLOCK, file.size - start));
    await file.read(bytes, start);
    const found: number[] = [];
    for (let at = bytes.indexOf(SIGNATURE); at >= 0; at = bytes.indexOf(SIGNATURE, at + 1)) found.push(start + at);
    yield* found;
  }
}

/** Bytes read for it. What ends too early, the library notices. */
async function checkCollection(file: LocalFile, at: number): Promise<number> {
  if (at + COLLECTION_HEAD > file.size) return 0;
  const head = Buffer.alloc(COLLECTION_HEAD);
  await file.read(head, at);
  const length = Number(head.readBigUInt64LE(8));
  if (length < COLLECTION_HEAD + OBJECT_HEAD || length > file.size - at) return COLLECTION_HEAD;
  const bytes = Buffer.alloc(length);
  await file.read(bytes, at);
  for (let place = COLLECTION_HEAD; place + OBJECT_HEAD <= length; ) {
    const size = Number(bytes.readBigUInt64LE(place + 8));
    const isFree = bytes.readUInt16LE(place) === 0;
    if (isFree && size < OBJECT_HEAD) throw malformed(`a global heap at byte ${at} has free space of ${size} bytes`);
    place += isFree ? size : OBJECT_HEAD + 8 * Math.ceil(size / 8);
  }
  return length;
}
