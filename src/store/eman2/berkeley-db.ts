/**
 * Reads the B-trees of Berkeley DB files, versions 4 to 6, in either byte order: names of databases within a file, keys and
 * values. No package for Node does; writing them is not intended.
 */
import { open } from "node:fs/promises";
import { DataError, FileError } from "../../errors.js";

const MAGIC = 0x053162;
const LEAF = 5;
const INTERNAL = 3;
const OVERFLOW = 7;
const PAGE_HEADER = 26;
const HAS_DATABASES = 0x20;

const INLINE = 1;
const LONG = 3;
const DELETED = 0x80;

export interface Pair {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export class BerkeleyFile {
  readonly path: string;
  readonly #bytes: Buffer;
  readonly littleEndian: boolean;
  readonly #pageSize: number;
  /** Of the long values of a walk: each has pages of its own. */
  #longBytes = 0;

  private constructor(path: string, bytes: Buffer, littleEndian: boolean) {
    this.path = path;
    this.#bytes = bytes;
    this.littleEndian = littleEndian;
    this.#pageSize = this.#u32(20);
  }

  /** @throws FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE` */
  static async open(path: string): Promise<BerkeleyFile> {
    const bytes = await readBytes(path);
    const isLittle = bytes.length >= 512 && bytes.readUInt32LE(12) === MAGIC;
    if (!isLittle && !(bytes.length >= 512 && bytes.readUInt32BE(12) === MAGIC)) {
      throw new DataError("MALFORMED_FILE", `${path} is no B-tree of Berkeley DB`, { path });
    }
    const file = new BerkeleyFile(path, bytes, isLittle);
    const size = file.#pageSize;
    if (size < 512 || size > 65_536 || (size & (size - 1)) !== 0) throw file.#damaged("its page size is impossible");
    return file;
  }

  /** The entries of the database with a name in the file; of the file's only database where it has no names. */
  entries(name: string): Generator<Pair, void, undefined> {
    const hasDatabases = (this.#u32(48) & HAS_DATABASES) !== 0;
    if (!hasDatabases) return this.#tree(0);
    for (const { key, value } of this.#tree(0)) {
      if (Buffer.from(key).toString() === name) return this.#tree(Buffer.from(value).readUInt32BE(0));
    }
    throw this.#damaged(`it has no database ${name}`);
  }

  *#tree(meta: number): Generator<Pair, void, undefined> {
    this.#longBytes = 0;
    let page = this.#firstLeaf(this.#u32(this.#page(meta) + 88));
    for (let left = this.#pageCount; page !== 0; left--) {
      if (left === 0) throw this.#damaged("its pages go round in a circle");
      yield* this.#leaf(page);
      page = this.#u32(this.#page(page) + 16);
    }
  }

  /** Down the left side of the tree. */
  #firstLeaf(root: number): number {
    let page = root;
    for (let left = this.#pageCount; left > 0; left--) {
      const at = this.#page(page);
      const type = this.#bytes[at + 25];
      if (type === LEAF) return page;
      if (type !== INTERNAL) break;
      page = this.#u32(this.#item(page, 0) + 4);
    }
    throw this.#damaged("its tree has no leaf");
  }

  *#leaf(page: number): Generator<Pair, void, undefined> {
    const count = this.#u16(this.#page(page) + 20);
    if (PAGE_HEADER + count * 2 > this.#pageSize) throw this.#damaged("a page has more entries than room");
    for (let index = 0; index + 1 < count; index += 2) {
      const [key, value] = [this.#item(page, index), this.#item(page, index + 1)];
      if ((this.#bytes[value + 2]! & DELETED) !== 0) continue;
      yield { key: this.#content(key), value: this.#content(value) };
    }
  }

  /** Where item `index` of a page begins. */
  #item(page: number, index: number): number {
    const offset = this.#u16(this.#page(page) + PAGE_HEADER + index * 2);
    if (offset < PAGE_HEADER || offset + 12 > this.#pageSize + 8)
      throw this.#damaged("an entry lies outside of its page");
    return this.#page(page) + offset;
  }

  #content(at: number): Uint8Array {
    const type = this.#bytes[at + 2]! & ~DELETED;
    if (type === INLINE) return this.#slice(at + 3, this.#u16(at));
    if (type === LONG) return this.#chain(this.#u32(at + 4), this.#u32(at + 8));
    throw this.#damaged(`it has entries of type ${type}`);
  }

  /** A value on pages of its own. */
  #chain(first: number, length: number): Uint8Array {
    this.#longBytes += length;
    if (this.#longBytes > this.#bytes.length) throw this.#damaged("its long values are longer than the file");
    const parts: Uint8Array[] = [];
    let found = 0;
    for (let page = first; found < length; ) {
      const at = this.#page(page);
      const used = this.#u16(at + 22);
      const isFull = used === this.#pageSize - PAGE_HEADER || found + used >= length;
      if (page === 0 || this.#bytes[at + 25] !== OVERFLOW || used === 0 || !isFull)
        throw this.#damaged("a long value is cut off");
      parts.push(this.#slice(at + PAGE_HEADER, used));
      found += used;
      page = this.#u32(at + 16);
    }
    return Buffer.concat(parts).subarray(0, length);
  }

  get #pageCount(): number {
    return Math.ceil(this.#bytes.length / this.#pageSize);
  }

  #page(number: number): number {
    const at = number * this.#pageSize;
    if (at + this.#pageSize > this.#bytes.length) throw this.#damaged(`it has no page ${number}`);
    return at;
  }

  #slice(at: number, length: number): Uint8Array {
    if (at + length > this.#bytes.length) throw this.#damaged("an entry reaches beyond the end");
    return this.#bytes.subarray(at, at + length);
  }

  #u16(at: number): number {
    this.#slice(at, 2);
    return this.littleEndian ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  #u32(at: number): number {
    this.#slice(at, 4);
    return this.littleEndian ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  #damaged(why: string): DataError {
    return new DataError("MALFORMED_FILE", `${this.path} cannot be read: ${why}`, { path: this.path });
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, "r");
    return await file.readFile();
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
  }
}
