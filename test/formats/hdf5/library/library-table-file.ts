import type { Metadata } from "h5wasm/node";
import { attributeValue, type Hdf5MetadataValue } from "../../../../src/formats/hdf5/attribute-values.js";
import { MASKS } from "../../../../src/formats/hdf5/new-table-file.js";
import { textUntilNul } from "../../../../src/formats/hdf5/structure/field-reader.js";
import type { ByteSequences } from "../../../../src/formats/hdf5/structure/global-heap.js";
import { malformedHdf5 } from "../../../../src/formats/hdf5/structure/malformed.js";
import type { CompoundType } from "../../../../src/formats/hdf5/structure/objects/datatype.js";
import { isSystemAttribute, MAX_COLUMNS } from "../../../../src/formats/hdf5/table-file.js";
import { Hdf5Library } from "./hdf5-library.js";
import { libraryDatatype } from "./library-datatype.js";

const TABLE = "/OME/Measurements";
const MASK_LIST = `/OME/${MASKS}`;
/** A sequence in the library's memory: length and pointer, 4 bytes each. */
const SEQUENCE_SIZE = 8;
/** More than any list of column types or descriptions, or attribute, has. */
const MAX_TEXT_BYTES = 64 << 20;
const READ_ONLY = 0;

/** A table file read through the HDF5 library, to compare with what our own reader finds. */
export class LibraryTableFile {
  readonly #library: Hdf5Library;
  readonly #id: bigint;
  readonly record: CompoundType;
  readonly chunkRows: number;
  readonly columnTypes: readonly string[];
  readonly columnDescriptions: readonly string[];
  readonly #hasMasks: boolean;
  #rowCount: number;
  #maskCount: number;

  private constructor(library: Hdf5Library, id: bigint) {
    this.#library = library;
    this.#id = id;
    const table = this.#describe(TABLE);
    const type = libraryDatatype(table);
    if (type.class !== "compound" || table.shape?.length !== 1) throw malformedHdf5(`${TABLE} holds no records`);
    this.record = type;
    this.#rowCount = table.shape[0]!;
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
  static async open(path: string): Promise<LibraryTableFile> {
    const library = await Hdf5Library.start();
    try {
      const id = library.call("open the file", (hdf5) =>
        hdf5.open(path, READ_ONLY, false, hdf5.H5F_LIBVER_EARLIEST, hdf5.H5F_LIBVER_LATEST),
      );
      if (id < 0n) throw malformedHdf5("the HDF5 library cannot open the file");
      return new LibraryTableFile(library, id);
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
      throw malformedHdf5(`${object} is no list of texts`);
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
        throw malformedHdf5(
          `the HDF5 library cannot read ${object}; it may be compressed in a way that is not supported`,
        );
      }
      target.set(hdf5.HEAPU8.subarray(pointer, pointer + target.length));
    });
  }

  async readRecords(target: Uint8Array, firstRow: number): Promise<void> {
    this.#readValues(TABLE, target, firstRow, target.length / this.record.size);
  }

  async readMasks(firstRow: number, count: number): Promise<ByteSequences> {
    return this.#library.withMemory(count * SEQUENCE_SIZE, (pointer, hdf5) => {
      const counts = [BigInt(count)];
      const status = hdf5.get_dataset_data(this.#id, MASK_LIST, counts, [BigInt(firstRow)], [1n], BigInt(pointer));
      if (status < 0) throw malformedHdf5(`the HDF5 library cannot read ${MASK_LIST}`);
      try {
        return copySequences(hdf5.HEAPU8, pointer, count);
      } finally {
        hdf5.reclaim_vlen_memory_count(this.#id, MASK_LIST, "", BigInt(pointer), counts);
      }
    });
  }

  async readMetadata(): Promise<Map<string, Hdf5MetadataValue>> {
    const names = this.#library.call("list the metadata", (hdf5) => hdf5.get_attribute_names(this.#id, TABLE));
    const user = names.filter((name) => !isSystemAttribute(name));
    return new Map(user.map((name) => [name, this.#readAttribute(name)]));
  }

  #readAttribute(name: string): Hdf5MetadataValue {
    const described = this.#library.call(`find metadata "${name}"`, (hdf5) =>
      hdf5.get_attribute_metadata(this.#id, TABLE, name),
    );
    const length = described.total_size * described.size;
    if (length > MAX_TEXT_BYTES) throw malformedHdf5(`metadata "${name}" is too long`);
    const value = this.#library.withMemory(length, (pointer, hdf5) => {
      if (length > 0 && hdf5.get_attribute_data(this.#id, TABLE, name, BigInt(pointer)) < 0) {
        throw malformedHdf5(`the HDF5 library cannot read metadata "${name}"`);
      }
      return hdf5.HEAPU8.slice(pointer, pointer + length);
    });
    // The library gives numbers in little-endian order, whatever the file has.
    const type = libraryDatatype({ ...described, littleEndian: true });
    const dimensions = described.shape ?? undefined;
    return attributeValue({ name, type, space: { dimensions, dimensionsAt: 0 }, value });
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
