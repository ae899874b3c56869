import { clearUp } from "../../flow/failures.js";
import { attributeValue, type Hdf5MetadataValue, metadataAttribute } from "./attribute-values.js";
import { MASKS, maskListMessages } from "./new-table-file.js";
import { ChunkedList, type ListSource } from "./structure/chunks/chunked-list.js";
import { textUntilNul } from "./structure/field-reader.js";
import { FieldWriter } from "./structure/field-writer.js";
import { FileSpace } from "./structure/file-space.js";
import { type ByteSequences, GlobalHeap, HEAP_REFERENCE_SIZE, storeSequences } from "./structure/global-heap.js";
import { readGroup } from "./structure/group.js";
import { addGroupChild } from "./structure/group-editor.js";
import { type FileSource, Hdf5File } from "./structure/local-file.js";
import { malformedHdf5, unsupportedHdf5 } from "./structure/malformed.js";
import { readAttributes } from "./structure/objects/attribute.js";
import { readDataLayout } from "./structure/objects/data-layout.js";
import { readDataspace } from "./structure/objects/dataspace.js";
import { type CompoundType, readDatatype } from "./structure/objects/datatype.js";
import { objectHeaderBytes } from "./structure/objects/header-bytes.js";
import { HeaderEditor } from "./structure/objects/header-editor.js";
import { MESSAGE, needMessage, type ObjectHeader, readObjectHeader } from "./structure/objects/object-header.js";
import { readSuperblock, type Superblock } from "./structure/superblock.js";
import { isSystemAttribute, MAX_COLUMNS, type TableFile } from "./table-file.js";

const TABLE = "/OME/Measurements";

interface Parts {
  readonly file: Hdf5File;
  readonly superblock: Superblock;
  readonly source: ListSource;
  readonly groupAddress: number;
  readonly tableAddress: number;
  readonly records: ChunkedList;
  readonly masks: ChunkedList | undefined;
  readonly columnTypes: readonly string[];
  readonly columnDescriptions: readonly string[];
  /** Whether its structures carry checksums, which are not kept up to date here. */
  readonly hasChecksums: boolean;
}

/**
 * A table file read and written at the places its structures name: files as PyTables writes them for OMERO.tables (chunks
 * in a B-tree of version 1), compressed by the filters that HDF5 has of itself or not. Those of HDF5 1.8 are only read.
 */
export class PlainTableFile implements TableFile {
  readonly #file: Hdf5File;
  readonly #superblock: Superblock;
  readonly #source: ListSource;
  readonly #groupAddress: number;
  readonly #tableAddress: number;
  readonly #records: ChunkedList;
  #masks: ChunkedList | undefined;
  readonly #heap: GlobalHeap;
  readonly record: CompoundType;
  readonly columnTypes: readonly string[];
  readonly columnDescriptions: readonly string[];
  readonly #hasChecksums: boolean;
  /** Whether something may not be on the disk yet; at first, what the file was made of. */
  #unsynced = true;
  #committedEnd: number;

  private constructor(parts: Parts) {
    this.#file = parts.file;
    this.#superblock = parts.superblock;
    this.#source = parts.source;
    this.#groupAddress = parts.groupAddress;
    this.#tableAddress = parts.tableAddress;
    this.#records = parts.records;
    this.#masks = parts.masks;
    this.#heap = new GlobalHeap(parts.file);
    this.#hasChecksums = parts.hasChecksums;
    this.record = parts.records.type as CompoundType;
    this.columnTypes = parts.columnTypes;
    this.columnDescriptions = parts.columnDescriptions;
    this.#committedEnd = parts.superblock.endOfFile;
  }

  /**
   * @throws DataError `MALFORMED_FILE` for a file that holds no table; `UNSUPPORTED_TYPE` naming what is not handled here.
   */
  static async open(source: FileSource, writable: boolean): Promise<PlainTableFile> {
    const file = await Hdf5File.open(source, writable ? "write" : "read");
    try {
      return new PlainTableFile(await openParts(file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get rowCount(): number {
    return this.#records.length;
  }

  get chunkRows(): number {
    return this.#records.shape.length;
  }

  get maskCount(): number {
    return this.#masks?.length ?? 0;
  }

  /** @throws DataError `UNSUPPORTED_TYPE` */
  #beginChange(): void {
    if (this.#hasChecksums)
      throw unsupportedHdf5("structures with checksums (HDF5 1.8 and later), so it can only be read");
    this.#unsynced = true;
  }

  async readRecords(target: Uint8Array, firstRow: number, signal?: AbortSignal): Promise<void> {
    await this.#records.read(target, firstRow, signal);
  }

  async writeRecords(records: Uint8Array, firstRow: number): Promise<void> {
    this.#beginChange();
    await this.#records.write(records, firstRow);
  }

  async dropRows(rowCount: number): Promise<void> {
    this.#records.drop(rowCount);
    this.#masks?.drop(rowCount);
    if (this.#records.hasNewValues || this.#masks?.hasNewValues) return;
    // Nothing beyond is wanted any more: a full disk gets its room back.
    await clearUp(() => this.#file.cut(this.#committedEnd));
  }

  async readMasks(firstRow: number, count: number): Promise<ByteSequences> {
    const references = new Uint8Array(count * HEAP_REFERENCE_SIZE);
    await this.#masks?.read(references, firstRow);
    return this.#heap.resolve(references, MASKS);
  }

  async writeMasks(masks: ByteSequences, firstRow: number): Promise<void> {
    this.#beginChange();
    this.#masks ??= await this.#addMaskList();
    const references = await storeSequences(this.#file, this.#source.space, masks);
    if (firstRow < this.#masks.length) await this.#settle(true);
    await this.#masks.write(references, firstRow);
  }

  /** The file of a table that never had a row has no list of masks yet. */
  async #addMaskList(): Promise<ChunkedList> {
    const bytes = objectHeaderBytes(maskListMessages());
    const headerAddress = this.#source.space.allocate(bytes.length);
    await this.#file.write(bytes, headerAddress);
    const group = await readObjectHeader(this.#file, this.#groupAddress, "/OME");
    const child = { name: MASKS, headerAddress };
    await addGroupChild(this.#file, this.#source.space, group, child, () => this.#settle(true));
    return ChunkedList.open(this.#source, await readObjectHeader(this.#file, headerAddress, MASKS));
  }

  async readMetadata(): Promise<Map<string, Hdf5MetadataValue>> {
    const header = await readObjectHeader(this.#file, this.#tableAddress, TABLE);
    const metadata = new Map<string, Hdf5MetadataValue>();
    for (const attribute of readAttributes(header)) {
      const { name } = attribute;
      if (!isSystemAttribute(name) && !metadata.has(name)) metadata.set(name, attributeValue(attribute));
    }
    return metadata;
  }

  async setMetadata(key: string, value: Hdf5MetadataValue): Promise<void> {
    this.#beginChange();
    await this.#headerEditor().setAttribute(metadataAttribute(key, value));
    await this.#records.relocate();
  }

  async removeMetadata(key: string): Promise<void> {
    this.#beginChange();
    await this.#headerEditor().removeAttribute(key);
  }

  #headerEditor(): HeaderEditor {
    return new HeaderEditor(this.#file, this.#source.space, this.#tableAddress, TABLE, () => this.#settle(true));
  }

  async commit(durable: boolean): Promise<void> {
    const grown = this.#records.hasChanged || this.#masks?.hasChanged === true;
    if (grown) {
      await this.#masks?.prepareCommit();
      await this.#records.prepareCommit();
      await this.#settle(durable);
      await this.#masks?.commit();
      await this.#records.commit();
      await this.#writeRowCountAttribute();
    }
    if (durable && this.#unsynced) {
      await this.#file.sync();
      this.#unsynced = false;
    }
  }

  /** Makes new parts at the end of the file belong to it. */
  async #settle(durable: boolean): Promise<void> {
    const { end } = this.#source.space;
    await this.#file.extend(end);
    if (durable) await this.#file.sync();
    if (end === this.#committedEnd) return;
    await this.#file.write(new FieldWriter().uint64(this.#file.base + end).finish(), this.#superblock.endOfFileAt);
    this.#committedEnd = end;
  }

  async #writeRowCountAttribute(): Promise<void> {
    const header = await readObjectHeader(this.#file, this.#tableAddress, TABLE);
    const attribute = readAttributes(header).find(({ name }) => name === "NROWS");
    if (attribute?.type.class !== "integer" || attribute.type.size !== 8 || !attribute.type.littleEndian) return;
    await this.#file.write(new FieldWriter().uint64(this.rowCount).finish(), attribute.valueAt);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function openParts(file: Hdf5File): Promise<Parts> {
  const superblock = await readSuperblock(file);
  const source = { file, space: new FileSpace(superblock.endOfFile), chunkTreeWidth: superblock.chunkTreeWidth };
  const root = await readGroup(file, await readObjectHeader(file, superblock.rootAddress, "/"));
  const groupAddress = child(root, "OME", "/");
  const children = await readGroup(file, await readObjectHeader(file, groupAddress, "/OME"));
  const tableAddress = child(children, "Measurements", "/OME");
  const header = await readObjectHeader(file, tableAddress, TABLE);
  const records = await ChunkedList.open(source, header);
  if (records.type.class !== "compound") throw malformedHdf5(`${TABLE} holds no records`);
  const masksAddress = children.get(MASKS);
  return {
    file,
    superblock,
    source,
    groupAddress,
    tableAddress,
    hasChecksums: superblock.version > 1 || header.version > 1,
    records,
    masks: masksAddress === undefined ? undefined : await openMasks(source, masksAddress),
    columnTypes: await readTexts(file, child(children, "ColumnTypes", "/OME"), "/OME/ColumnTypes"),
    columnDescriptions: await readTexts(file, child(children, "ColumnDescriptions", "/OME"), "/OME/ColumnDescriptions"),
  };
}

function child(children: ReadonlyMap<string, number>, name: string, parent: string): number {
  const address = children.get(name);
  if (address === undefined) throw malformedHdf5(`it is no file of OMERO.tables: ${parent} has no "${name}"`);
  return address;
}

async function openMasks(source: ListSource, address: number): Promise<ChunkedList> {
  const masks = await ChunkedList.open(source, await readObjectHeader(source.file, address, MASKS));
  const { type } = masks;
  if (type.class !== "variable-length" || type.size !== HEAP_REFERENCE_SIZE || type.base.size !== 1) {
    throw malformedHdf5(`${MASKS} holds no bytes`);
  }
  return masks;
}

async function readTexts(file: Hdf5File, address: number, subject: string): Promise<string[]> {
  const header: ObjectHeader = await readObjectHeader(file, address, subject);
  const type = readDatatype(needMessage(header, MESSAGE.datatype, "data type"));
  const { dimensions } = readDataspace(needMessage(header, MESSAGE.dataspace, "data space"));
  const count = dimensions?.length === 1 ? dimensions[0]! : Number.POSITIVE_INFINITY;
  if (type.class !== "string" || count > MAX_COLUMNS) throw malformedHdf5(`${subject} is no list of texts`);
  const length = count * type.size;
  const layout = readDataLayout(needMessage(header, MESSAGE.dataLayout, "data layout"));
  if (layout.kind === "chunked") throw unsupportedHdf5("a chunked list of texts");
  if (layout.kind === "contiguous" && layout.address === undefined) throw malformedHdf5(`${subject} is empty`);
  const bytes = layout.kind === "compact" ? layout.bytes : (await file.fields(layout.address!, length, subject)).bytes;
  if (bytes.length < length) throw malformedHdf5(`${subject} is cut short`);
  return Array.from({ length: count }, (_, index) =>
    textUntilNul(bytes.subarray(index * type.size, (index + 1) * type.size)),
  );
}
