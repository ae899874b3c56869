import { type ChunkShape, type ChunkTree, readChunkTree } from "./chunk-tree.js";
import { ChunkTreeWriter } from "./chunk-tree-writer.js";
import { readDataLayout } from "./data-layout.js";
import { readDataspace } from "./dataspace.js";
import { type Datatype, readDatatype } from "./datatype.js";
import { FieldWriter } from "./field-writer.js";
import type { FileSpace } from "./file-space.js";
import type { LocalFile } from "./local-file.js";
import { malformed, UnusualLayout } from "./malformed.js";
import { findMessage, MESSAGE, needMessage, type ObjectHeader, readObjectHeader } from "./object-header.js";

/** What must hold of a file for a list in it to be opened. */
export interface ListSource {
  readonly file: LocalFile;
  readonly space: FileSpace;
  readonly chunkTreeWidth: number;
}

/** Where in the file the numbers are that change when a list grows. */
interface Places {
  readonly length: number;
  readonly treeAddress: number;
}

/**
 * A list of values of one size, kept in chunks without compression: a data set of one dimension that can grow. New
 * values are not part of the list, for other readers and after a crash, before {@link commit}.
 */
export class ChunkedList {
  readonly #source: ListSource;
  readonly #what: string;
  readonly #headerAddress: number;
  readonly type: Datatype;
  readonly shape: ChunkShape;
  readonly #chunkAddresses: number[];
  readonly #index: ChunkTreeWriter;
  #indexedChunks: number;
  #committedRoot: number | undefined;
  #committedLength: number;
  #length: number;
  #places: Places;

  private constructor(
    source: ListSource,
    header: ObjectHeader,
    parts: { type: Datatype; shape: ChunkShape; tree: ChunkTree; length: number; places: Places },
  ) {
    this.#source = source;
    this.#what = header.what;
    this.#headerAddress = header.at;
    this.type = parts.type;
    this.shape = parts.shape;
    this.#chunkAddresses = parts.tree.chunkAddresses;
    this.#index = new ChunkTreeWriter(parts.tree, source.chunkTreeWidth, parts.shape);
    this.#indexedChunks = this.#chunkAddresses.length;
    this.#committedRoot = this.#index.rootAddress;
    this.#committedLength = parts.length;
    this.#length = parts.length;
    this.#places = parts.places;
  }

  /** @throws UnusualLayout where the list is compressed or indexed in another way. */
  static async open(source: ListSource, header: ObjectHeader): Promise<ChunkedList> {
    const { what } = header;
    const filters = findMessage(header, MESSAGE.filterPipeline, "filters");
    if (filters !== undefined) throw new UnusualLayout("filters");
    const layout = readDataLayout(needMessage(header, MESSAGE.dataLayout, "data layout"));
    if (layout.kind !== "chunked") throw new UnusualLayout(`a ${layout.kind} table`);
    const type = readDatatype(needMessage(header, MESSAGE.datatype, "data type"));
    const { dimensions } = readDataspace(needMessage(header, MESSAGE.dataspace, "data space"));
    if (dimensions?.length !== 1 || layout.chunk.length !== 1) throw malformed(`${what} is no list`);
    if (layout.valueSize !== type.size) throw malformed(`${what}: its chunks do not fit its type`);
    const shape = { length: layout.chunk[0]!, valueSize: type.size };
    const length = dimensions[0]!;
    const tree = await readChunkTree(source.file, layout.address, source.chunkTreeWidth, shape, what);
    if (tree.chunkAddresses.length < Math.ceil(length / shape.length)) {
      throw malformed(`${what}: it should have ${length} values, and ${tree.chunkAddresses.length} chunks are there`);
    }
    return new ChunkedList(source, header, { type, shape, tree, length, places: places(header) });
  }

  get length(): number {
    return this.#length;
  }

  /** Fills `target` with the values from `first` on; values that were just written are seen. */
  async read(target: Uint8Array, first: number): Promise<void> {
    for (const { at, start, end } of this.#runs(first, target.length / this.shape.valueSize)) {
      await this.#source.file.read(target.subarray(start, end), at);
    }
  }

  /** Writes values from `first` on, at most up to right after the last one: then the list grows. */
  async write(values: Uint8Array, first: number): Promise<void> {
    const count = values.length / this.shape.valueSize;
    this.#provide(first + count);
    for (const { at, start, end } of this.#runs(first, count)) {
      await this.#source.file.write(values.subarray(start, end), at);
    }
    this.#length = Math.max(this.#length, first + count);
  }

  /** Forgets values added since the last {@link commit}, down to `length`. */
  drop(length: number): void {
    this.#length = Math.max(length, this.#committedLength);
  }

  /** Stretches of the file that hold `count` values from `first` on; `start` and `end` count bytes from there. */
  *#runs(first: number, count: number): Generator<{ at: number; start: number; end: number }> {
    const { length, valueSize } = this.shape;
    const chunkSize = length * valueSize;
    let done = 0;
    while (done < count) {
      const value = first + done;
      let chunk = Math.floor(value / length);
      const inChunk = (value - chunk * length) * valueSize;
      const at = this.#chunkAddresses[chunk]! + inChunk;
      let bytes = chunkSize - inChunk;
      const wanted = (count - done) * valueSize;
      while (bytes < wanted && this.#chunkAddresses[chunk + 1] === this.#chunkAddresses[chunk]! + chunkSize) {
        bytes += chunkSize;
        chunk++;
      }
      bytes = Math.min(bytes, wanted);
      yield { at, start: done * valueSize, end: done * valueSize + bytes };
      done += bytes / valueSize;
    }
  }

  /** Makes chunks for values up to `length`, next to each other. */
  #provide(length: number): void {
    const { length: chunkLength, valueSize } = this.shape;
    while (this.#chunkAddresses.length * chunkLength < length) {
      this.#chunkAddresses.push(this.#source.space.allocate(chunkLength * valueSize));
    }
  }

  /** Whether there are values that are not yet part of the list for others. */
  get hasNewValues(): boolean {
    return this.#length !== this.#committedLength;
  }

  get hasChanged(): boolean {
    return this.hasNewValues || this.#indexedChunks !== this.#chunkAddresses.length;
  }

  /** Puts new chunks in the index, as far as nothing that is in use changes. */
  async prepareCommit(): Promise<void> {
    const { file, space } = this.#source;
    for (const address of this.#chunkAddresses.slice(this.#indexedChunks)) this.#index.add(address, space);
    this.#indexedChunks = this.#chunkAddresses.length;
    await this.#index.writeFresh(file);
  }

  /** Makes the new values part of the list. What {@link prepareCommit} wrote must be on the disk. */
  async commit(): Promise<void> {
    const { file } = this.#source;
    await this.#index.writeChanged(file);
    const root = this.#index.rootAddress;
    if (root !== this.#committedRoot) {
      await file.write(new FieldWriter().address(root).finish(), this.#places.treeAddress);
      this.#committedRoot = root;
    }
    if (this.#length !== this.#committedLength) {
      await file.write(new FieldWriter().uint64(this.#length).finish(), this.#places.length);
      this.#committedLength = this.#length;
    }
  }

  /** To be called when the messages of the list's header have moved. */
  async relocate(): Promise<void> {
    this.#places = places(await readObjectHeader(this.#source.file, this.#headerAddress, this.#what));
  }
}

function places(header: ObjectHeader): Places {
  const space = header.messages.find(({ type }) => type === MESSAGE.dataspace)!;
  const layout = header.messages.find(({ type }) => type === MESSAGE.dataLayout)!;
  const { dimensionsAt } = readDataspace(needMessage(header, MESSAGE.dataspace, "data space"));
  const { addressAt } = readDataLayout(needMessage(header, MESSAGE.dataLayout, "data layout")) as { addressAt: number };
  return { length: space.at + dimensionsAt, treeAddress: layout.at + addressAt };
}
