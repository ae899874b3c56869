import { open } from "node:fs/promises";
import type { Metadata } from "h5wasm/node";
import { DataError } from "../../errors.js";
import { attributeValue, type MetadataValue, metadataAttribute } from "./attribute-values.js";
import type { CompoundType } from "./format/datatype.js";
import { textUntilNul } from "./format/field-reader.js";
import type { ByteSequences } from "./format/global-heap.js";
import { checkGlobalHeaps } from "./format/heap-check.js";
import { malformed } from "./format/malformed.js";
import { Hdf5Library } from "./hdf5-library.js";
import { libraryDatatype } from "./library-datatype.js";
import { MASKS } from "./new-table-file.js";
import { isSystemAttribute, MAX_COLUMNS, type TableFile } from "./table-file.js";

const TABLE = "/OME/Measurements";
const MASK_LIST = `/OME/${MASKS}`;
/** A sequence in the library's memory: length and pointer, 4 bytes each. */
const SEQUENCE_SIZE = 8;
/** More than any list of column types or descriptions, or attribute, has. */
const MAX_TEXT_BYTES = 64 << 20;
const READ_ONLY = 0;
const READ_WRITE = 1;

/**
 * A table file read and written through the HDF5 library: compressed ones, and ones in newer forms. The library does not
 * order its writes: a crash before {@link commit} returns can damage such a file.
 */
export class LibraryTableFile implements TableFile {
  readonly #path: string;
  readonly #library: Hdf5Library;
  readonly #id: bigint;
  readonly record: CompoundType;
  readonly chunkRows: number;
  readonly columnTypes: readonly string[];
  readonly columnDescriptions: readonly string[];
  readonly #hasMasks: boolean;
  #rowCount: number;
  #maskCount: number;
  #committedRowCount: number;

  private constructor(path: string, library: Hdf5Library, id: bigint) {
    this.#path = path;
    this.#library = library;
    this.#id = id;
    const table = this.#describe(TABLE);
    const type = libraryDatatype(table);
    if (type.class !== "compound" || table.shape?.length !== 1) throw malformed(`${TABLE} holds no records`);
    this.record = type;
    this.#rowCount = table.shape[0]!;
    this.#committedRowCount = this.#rowCount;
    this.chunkRows = table.chunks?.[0] ?? 1;
    this.columnTypes = this.#readTexts("/OME/ColumnTypes");
    this.columnDescriptions = this.#readTexts("/OME/ColumnDescriptions");
    this.#hasMasks = this.#library.call("look for masks", (hdf5) => hdf5.get_names(id, "/OME", false)).includes(MASKS);
    this.#maskCount = this.#hasMasks ? (this.#describe(MASK_LIST).shape?.[0] ?? 0) : 0;
  }

  /**
   * @param path absolute: the library resolves others its own way.
   * @throws DataError `MALFORMED_FILE` for a file that holds no table.
   */
  static async open(path: string, writable: boolean): Promise<LibraryTableFile> {
    await checkGlobalHeaps(path);
    const library = await Hdf5Library.start();
    try {
      const mode = writable ? READ_WRITE : READ_ONLY;
      const id = library.call("open the file", (hdf5) =>
        hdf5.open(path, mode, false, hdf5.H5F_LIBVER_EARLIEST, hdf5.H5F_LIBVER_LATEST),
      );
      if (id < 0n) throw malformed("the HDF5 library cannot open the file");
      return new LibraryTableFile(path, library, id);
    } catch (error) {
      library.close();
      throw error;
    }
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get maskCount(): number {
    return this.#maskCount;
  }

  #describe(object: string): Metadata {
    return this.#library.call(`find ${object}`, (hdf5) => hdf5.get_dataset_metadata(this.#id, object));
  }

  #readTexts(object: string): string[] {
    const { shape, size, type } = this.#describe(object);
    const count = shape?.[0] ?? 0;
    if (shape?.length !== 1 || type !== 3 || count > MAX_COLUMNS || count * size > MAX_TEXT_BYTES) {
      throw malformed(`${object} is no list of texts`);
    }
    const bytes = new Uint8Array(count * size);
    this.#readValues(object, bytes, 0, count);
    return Array.from({ length: count }, (_, index) => textUntilNul(bytes.subarray(index * size, (index + 1) * size)));
  }

  #readValues(object: string, target: Uint8Array, first: number, count: number): void {
    if (count === 0) return;
    this.#library.withMemory(target.length, (pointer, hdf5) => {
      const [counts, firsts] = [[BigInt(count)], [BigInt(first)]];
      if (hdf5.get_dataset_data(this.#id, object, counts, firsts, [1n], BigInt(pointer)) < 0) {
        throw malformed(`the HDF5 library cannot read ${object}; it may be compressed in a way that is not supported`);
      }
      target.set(hdf5.HEAPU8.subarray(pointer, pointer + target.length));
    });
  }

  #writeValues(object: string, values: Uint8Array, first: number, count: number): void {
    this.#library.withMemory(values.length, (pointer, hdf5) => {
      hdf5.HEAPU8.set(values, pointer);
      const status = hdf5.set_dataset_data(this.#id, object, [BigInt(count)], [BigInt(first)], [1n], BigInt(pointer));
      if (status < 0) throw malformed(`the HDF5 library cannot write ${object}`);
    });
  }

  #resize(object: string, length: number): void {
    this.#library.call(`resize ${object}`, (hdf5) => hdf5.resize_dataset(this.#id, object, [BigInt(length)]));
  }

  async readRecords(target: Uint8Array, firstRow: number): Promise<void> {
    this.#readValues(TABLE, target, firstRow, target.length / this.record.size);
  }

  async writeRecords(records: Uint8Array, firstRow: number): Promise<void> {
    const count = records.length / this.record.size;
    if (firstRow + count > this.#rowCount) {
      this.#resize(TABLE, firstRow + count);
      this.#rowCount = firstRow + count;
    }
    this.#writeValues(TABLE, records, firstRow, count);
  }

  async dropRows(rowCount: number): Promise<void> {
    if (rowCount < this.#rowCount) this.#resize(TABLE, rowCount);
    if (this.#hasMasks && rowCount < this.#maskCount) this.#resize(MASK_LIST, rowCount);
    this.#rowCount = Math.min(rowCount, this.#rowCount);
    this.#maskCount = Math.min(rowCount, this.#maskCount);
  }

  async readMasks(firstRow: number, count: number): Promise<ByteSequences> {
    return this.#library.withMemory(count * SEQUENCE_SIZE, (pointer, hdf5) => {
      const counts = [BigInt(count)];
      const status = hdf5.get_dataset_data(this.#id, MASK_LIST, counts, [BigInt(firstRow)], [1n], BigInt(pointer));
      if (status < 0) throw malformed(`the HDF5 library cannot read ${MASK_LIST}`);
      try {
        return copySequences(hdf5.HEAPU8, pointer, count);
      } finally {
        hdf5.reclaim_vlen_memory_count(this.#id, MASK_LIST, "", BigInt(pointer), counts);
      }
    });
  }

  async writeMasks({ offsets, bytes }: ByteSequences, firstRow: number): Promise<void> {
    if (!this.#hasMasks)
      throw new DataError("UNSUPPORTED_TYPE", "masks cannot be added to this file: it has no list of them");
    const count = offsets.length - 1;
    const start = offsets[0]!;
    const content = bytes.subarray(start, offsets[count]);
    if (firstRow + count > this.#maskCount) {
      this.#resize(MASK_LIST, firstRow + count);
      this.#maskCount = firstRow + count;
    }
    this.#library.withMemory(content.length, (pointer, hdf5) => {
      hdf5.HEAPU8.set(content, pointer);
      const sequences = new Uint32Array(2 * count);
      for (let index = 0; index < count; index++) {
        sequences[2 * index] = offsets[index + 1]! - offsets[index]!;
        sequences[2 * index + 1] = pointer + offsets[index]! - start;
      }
      this.#writeValues(MASK_LIST, new Uint8Array(sequences.buffer), firstRow, count);
    });
  }

  async readMetadata(): Promise<Map<string, MetadataValue>> {
    const names = this.#library.call("list the metadata", (hdf5) => hdf5.get_attribute_names(this.#id, TABLE));
    const user = names.filter((name) => !isSystemAttribute(name));
    return new Map(user.map((name) => [name, this.#readAttribute(name)]));
  }

  #readAttribute(name: string): MetadataValue {
    const described = this.#library.call(`find metadata "${name}"`, (hdf5) =>
      hdf5.get_attribute_metadata(this.#id, TABLE, name),
    );
    const length = described.total_size * described.size;
    if (length > MAX_TEXT_BYTES) throw malformed(`metadata "${name}" is too long`);
    const value = this.#library.withMemory(length, (pointer, hdf5) => {
      if (length > 0 && hdf5.get_attribute_data(this.#id, TABLE, name, BigInt(pointer)) < 0) {
        throw malformed(`the HDF5 library cannot read metadata "${name}"`);
      }
      return hdf5.HEAPU8.slice(pointer, pointer + length);
    });
    // The library gives numbers in little-endian order, whatever the file has.
    const type = libraryDatatype({ ...described, littleEndian: true });
    const dimensions = described.shape ?? undefined;
    return attributeValue({ name, type, space: { dimensions, dimensionsAt: 0 }, value });
  }

  async setMetadata(key: string, value: MetadataValue): Promise<void> {
    const { value: bytes } = metadataAttribute(key, value);
    const described = typeof value === "string" ? textType(bytes.length) : numberType(typeof value);
    this.#writeAttribute(key, bytes, described);
  }

  async removeMetadata(key: string): Promise<void> {
    this.#library.call(`remove metadata "${key}"`, (hdf5) => {
      const exists = hdf5.get_attribute_names(this.#id, TABLE).includes(key);
      return exists ? hdf5.delete_attribute(this.#id, TABLE, key) : 0;
    });
  }

  #writeAttribute(name: string, bytes: Uint8Array, type: Pick<Metadata, "type" | "size" | "signed" | "cset">): void {
    this.#library.withMemory(type.size, (pointer, hdf5) => {
      hdf5.HEAPU8.fill(0, pointer, pointer + type.size);
      hdf5.HEAPU8.set(bytes, pointer);
      const described = { ...type, shape: [], maxshape: null, vlen: false, littleEndian: true, total_size: 1 };
      const exists = hdf5.get_attribute_names(this.#id, TABLE).includes(name);
      if (exists && hdf5.delete_attribute(this.#id, TABLE, name) < 0) throw malformed(`cannot replace "${name}"`);
      if (hdf5.create_attribute(this.#id, TABLE, name, BigInt(pointer), described) < 0) {
        throw malformed(`the HDF5 library cannot write metadata "${name}"`);
      }
    });
  }

  async commit(durable: boolean): Promise<void> {
    if (this.#rowCount !== this.#committedRowCount) {
      const { value } = metadataAttribute("NROWS", BigInt(this.#rowCount));
      this.#writeAttribute("NROWS", value, numberType("bigint"));
      this.#committedRowCount = this.#rowCount;
    }
    this.#library.call("write the file", (hdf5) => hdf5.flush(this.#id));
    if (durable) await syncFile(this.#path);
  }

  async close(): Promise<void> {
    try {
      this.#library.call("close the file", (hdf5) => hdf5.close_file(this.#id));
    } finally {
      this.#library.close();
    }
  }
}

function copySequences(memory: Uint8Array, pointer: number, count: number): ByteSequences {
  const view = new DataView(memory.buffer, memory.byteOffset + pointer, count * SEQUENCE_SIZE);
  const offsets = new Int32Array(count + 1);
  for (let index = 0; index < count; index++)
    offsets[index + 1] = offsets[index]! + view.getUint32(index * SEQUENCE_SIZE, true);
  const bytes = new Uint8Array(offsets[count]!);
  for (let index = 0; index < count; index++) {
    const from = view.getUint32(index * SEQUENCE_SIZE + 4, true);
    bytes.set(memory.subarray(from, from + offsets[index + 1]! - offsets[index]!), offsets[index]!);
  }
  return { offsets, bytes };
}

function textType(length: number) {
  // The library makes texts padded by spaces, which PyTables would read into an empty one: that is kept as bytes.
  return { type: 3, size: Math.max(1, length), signed: false, cset: length === 0 ? 0 : 1 };
}

function numberType(kind: string) {
  return kind === "bigint" ? { type: 0, size: 8, signed: true } : { type: 1, size: 8, signed: false };
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r+");
  await handle.datasync().finally(() => handle.close());
}
