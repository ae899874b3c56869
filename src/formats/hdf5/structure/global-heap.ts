/**
 * Global heaps ("The HDF5 File Format Specification", III.E): where sequences of any length are kept. A list holds
 * references to them: length (4 bytes), address of the collection (8), index in it (4).
 */
import { FieldReader } from "./field-reader.js";
import { FieldWriter } from "./field-writer.js";
import type { FileSpace } from "./file-space.js";
import type { Hdf5File } from "./local-file.js";
import { malformedHdf5 } from "./malformed.js";

export const HEAP_REFERENCE_SIZE = 16;

const COLLECTION_HEAD = 16;
const OBJECT_HEAD = 16;
const SMALLEST_COLLECTION = 4096;
const USUAL_COLLECTION = 1 << 20;
const MAX_OBJECTS = 0xfff0;
const COLLECTIONS_KEPT = 8;
/** Offsets are int32. */
const MAX_BYTES = 0x7fffffff;

/** Some byte sequences: sequence `i` is `bytes[offsets[i]] ..< bytes[offsets[i + 1]]`. */
export interface ByteSequences {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

type Collection = Map<number, Uint8Array>;

/** Reads sequences, keeping the collections used last. */
export class GlobalHeap {
  readonly #file: Hdf5File;
  readonly #collections = new Map<number, Collection>();

  constructor(file: Hdf5File) {
    this.#file = file;
  }

  /** The sequences that `references` (16 bytes each) stand for. */
  async resolve(references: Uint8Array, subject: string): Promise<ByteSequences> {
    const fields = new FieldReader(references, subject);
    const offsets = new Int32Array(references.length / HEAP_REFERENCE_SIZE + 1);
    const parts: Uint8Array[] = [];
    for (let index = 1; index < offsets.length; index++) {
      const part = await this.#sequence(fields, subject);
      const end = offsets[index - 1]! + part.length;
      if (end > Math.min(this.#file.size, MAX_BYTES)) throw malformedHdf5(`${subject}: more bytes than there can be`);
      offsets[index] = end;
      parts.push(part);
    }
    const bytes = new Uint8Array(offsets.at(-1)!);
    for (const [index, part] of parts.entries()) bytes.set(part, offsets[index]!);
    return { offsets, bytes };
  }

  async #sequence(fields: FieldReader, subject: string): Promise<Uint8Array> {
    const length = fields.uint32();
    const address = fields.address();
    const index = fields.uint32();
    if (length === 0 || address === undefined || address === 0) return new Uint8Array(0);
    const object = (await this.#collection(address, subject)).get(index);
    if (object === undefined || object.length < length)
      throw malformedHdf5(`${subject}: a sequence is missing in its heap`);
    return object.subarray(0, length);
  }

  async #collection(at: number, subject: string): Promise<Collection> {
    const kept = this.#collections.get(at);
    if (kept !== undefined) return kept;
    const collection = await readCollection(this.#file, at, subject);
    if (this.#collections.size >= COLLECTIONS_KEPT) {
      this.#collections.delete(this.#collections.keys().next().value!);
    }
    this.#collections.set(at, collection);
    return collection;
  }
}

async function readCollection(file: Hdf5File, at: number, subject: string): Promise<Collection> {
  const head = await file.fields(at, COLLECTION_HEAD, `${subject}: global heap`);
  head.expectSignature("GCOL");
  head.skip(4);
  const length = head.uint64();
  if (length < COLLECTION_HEAD) throw malformedHdf5(`${subject}: a global heap of ${length} bytes`);
  const fields = await file.fields(at + COLLECTION_HEAD, length - COLLECTION_HEAD, `${subject}: global heap`);
  const collection: Collection = new Map();
  while (fields.remaining >= OBJECT_HEAD) {
    const index = fields.uint16();
    if (index === 0) break;
    fields.skip(6);
    const size = fields.uint64();
    collection.set(index, fields.take(size));
    fields.align8();
  }
  return collection;
}

/** Writes sequences into new collections. Returns their references, 16 bytes each. */
export async function storeSequences(
  file: Hdf5File,
  space: FileSpace,
  { offsets, bytes }: ByteSequences,
): Promise<Uint8Array> {
  const references = new FieldWriter();
  const count = offsets.length - 1;
  let next = 0;
  while (next < count) {
    const last = lastInCollection(offsets, next, count);
    const collection = collectionBytes(collectionObjects(offsets, bytes, next, last));
    const at = space.allocate(collection.length);
    await file.write(collection, at);
    let index = 0;
    for (; next < last; next++) {
      const size = offsets[next + 1]! - offsets[next]!;
      if (size === 0) references.uint32(0).uint64(0).uint32(0);
      else references.uint32(size).address(at).uint32(++index);
    }
  }
  return references.finish();
}

/** How many sequences, from `first` on, go into one collection: up to the one this returns. */
function lastInCollection(offsets: Int32Array, first: number, count: number): number {
  let last = first + 1;
  const limit = Math.min(count, first + MAX_OBJECTS);
  while (last < limit && offsets[last + 1]! - offsets[first]! <= USUAL_COLLECTION) last++;
  return last;
}

function collectionObjects(offsets: Int32Array, bytes: Uint8Array, first: number, last: number): Uint8Array {
  const objects = new FieldWriter();
  let index = 0;
  for (let sequence = first; sequence < last; sequence++) {
    const content = bytes.subarray(offsets[sequence], offsets[sequence + 1]);
    if (content.length === 0) continue;
    objects.uint16(++index).uint16(0).uint32(0).uint64(content.length).bytes(content).align8();
  }
  return objects.finish();
}

function collectionBytes(objects: Uint8Array): Uint8Array {
  if (objects.length === 0) return objects;
  const length = Math.max(SMALLEST_COLLECTION, COLLECTION_HEAD + objects.length);
  const fields = new FieldWriter().text("GCOL").uint8(1, 0, 0, 0).uint64(length).bytes(objects);
  const free = length - fields.length;
  if (free >= OBJECT_HEAD) fields.uint16(0).uint16(0).uint32(0).uint64(free);
  return fields.fill(length - fields.length).finish();
}
