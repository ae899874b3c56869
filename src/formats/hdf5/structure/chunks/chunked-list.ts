import { FieldWriter } from "../field-writer.js";
import type { FileSpace } from "../file-space.js";
import { type ChunkFilter, readFilterPipeline, skipsAll } from "../filters/filter-pipeline.js";
import type { Hdf5File } from "../local-file.js";
import { malformedHdf5, unsupportedHdf5 } from "../malformed.js";
import { readDataLayout } from "../objects/data-layout.js";
import { readDataspace } from "../objects/dataspace.js";
import { type Hdf5Datatype, readDatatype } from "../objects/datatype.js";
import { findMessage, MESSAGE, needMessage, type ObjectHeader, readObjectHeader } from "../objects/object-header.js";
import { type ChunkPlace, type ChunkShape, type ChunkTree, chunkBytes, readChunkTree } from "./chunk-tree.js";
import { ChunkTreeWriter } from "./chunk-tree-writer.js";
import { FilteredChunks } from "./filtered-chunks.js";

/** What must hold of a file for a list in it to be opened. */
export interface ListSource {
  readonly file: Hdf5File;
  readonly space: FileSpace;
  readonly chunkTreeWidth: number;
}

/** Where in the file the numbers are that change when a list grows. */
interface Places {
  readonly length: number;
  readonly treeAddress: number;
}

/**
 * A list of values of one size, kept in chunks: a data set of one dimension that can grow. New values are not part of the
 * list, for other readers and after a crash, before {@link commit}. Chunks that went through filters are read; what is
 * written is stored as it is, and a chunk that something is written into moves to where it has room for that.
 */
export class ChunkedList {
  readonly #source: ListSource;
  readonly #subject: string;
  readonly #headerAddress: number;
  readonly type: Hdf5Datatype;
  readonly shape: ChunkShape;
  readonly #filters: readonly ChunkFilter[];
  readonly #filtered: FilteredChunks;
  readonly #chunks: ChunkPlace[];
  readonly #index: ChunkTreeWriter;
  /** Numbers of chunks in the index that are somewhere else by now. */
  readonly #moved = new Set<number>();
  #indexedChunks: number;
  #committedRoot: number | undefined;
  #committedLength: number;
  #length: number;
  #places: Places;

  private constructor(source: ListSource, header: ObjectHeader, parts: ListParts) {
    const { tree, shape, filters } = parts;
    this.#source = source;
    this.#subject = header.subject;
    this.#headerAddress = header.at;
    this.type = parts.type;
    this.shape = shape;
    this.#filters = filters;
    this.#filtered = new FilteredChunks(source.file, filters, chunkBytes(shape), header.subject);
    this.#chunks = tree.chunks;
    this.#index = new ChunkTreeWriter(tree, source.chunkTreeWidth, shape);
    this.#indexedChunks = this.#chunks.length;
    this.#committedRoot = this.#index.rootAddress;
    this.#committedLength = parts.length;
    this.#length = parts.length;
    this.#places = parts.places;
  }

  /** @throws DataError `UNSUPPORTED_TYPE` where the list is stored by a filter, or indexed in a way, that is not read here. */
  static async open(source: ListSource, header: ObjectHeader): Promise<ChunkedList> {
    const { subject } = header;
    const pipeline = findMessage(header, MESSAGE.filterPipeline, "filters");
    const filters = pipeline === undefined ? [] : readFilterPipeline(pipeline);
    const layout = readDataLayout(needMessage(header, MESSAGE.dataLayout, "data layout"));
    if (layout.kind !== "chunked") throw unsupportedHdf5(`a ${layout.kind} table`);
    const type = readDatatype(needMessage(header, MESSAGE.datatype, "data type"));
    const { dimensions } = readDataspace(needMessage(header, MESSAGE.dataspace, "data space"));
    if (dimensions?.length !== 1 || layout.chunk.length !== 1) throw malformedHdf5(`${subject} is no list`);
    if (layout.valueSize !== type.size) throw malformedHdf5(`${subject}: its chunks do not fit its type`);
    const shape = { length: layout.chunk[0]!, valueSize: type.size, filtered: filters.length > 0 };
    const length = dimensions[0]!;
    const tree = await readChunkTree(source.file, layout.address, source.chunkTreeWidth, shape, subject);
    if (tree.chunks.length < Math.ceil(length / shape.length)) {
      throw malformedHdf5(`${subject}: it should have ${length} values, and ${tree.chunks.length} chunks are there`);
    }
    const odd = tree.chunks.find(
      ({ skipped, storedBytes }) => skipped === skipsAll(filters) && storedBytes !== chunkBytes(shape),
    );
    if (odd !== undefined) throw malformedHdf5(`${subject}: a chunk of ${odd.storedBytes} bytes`);
    return new ChunkedList(source, header, { type, shape, filters, tree, length, places: places(header) });
  }

  get length(): number {
    return this.#length;
  }

  /** Fills `target` with the values from `first` on; values that were just written are seen. */
  async read(target: Uint8Array, first: number, signal?: AbortSignal): Promise<void> {
    for (const { chunk, offset, start, end } of this.#runs(first, target.length / this.shape.valueSize)) {
      const part = target.subarray(start, end);
      const place = this.#chunks[chunk]!;
      if (this.#isPlain(place)) await this.#source.file.read(part, place.address + offset);
      else part.set((await this.#filtered.read(place, signal)).subarray(offset, offset + part.length));
    }
  }

  /** Writes values from `first` on, at most up to right after the last one: then the list grows. */
  async write(values: Uint8Array, first: number): Promise<void> {
    const count = values.length / this.shape.valueSize;
    await this.#makePlain(first, count);
    this.#provide(first + count);
    for (const { chunk, offset, start, end } of this.#runs(first, count)) {
      await this.#source.file.write(values.subarray(start, end), this.#chunks[chunk]!.address + offset);
    }
    this.#length = Math.max(this.#length, first + count);
  }

  /** Forgets values added since the last {@link commit}, down to `length`. */
  drop(length: number): void {
    this.#length = Math.max(length, this.#committedLength);
  }

  #isPlain({ skipped }: ChunkPlace): boolean {
    return skipped === skipsAll(this.#filters);
  }

  /**
   * Stretches of `count` values from `first` on: in a chunk, `offset` bytes from its beginning, or on through the chunks that
   * lie right behind it. `start` and `end` count bytes from the first value.
   */
  *#runs(first: number, count: number): Generator<{ chunk: number; offset: number; start: number; end: number }> {
    const { length, valueSize } = this.shape;
    const size = chunkBytes(this.shape);
    let done = 0;
    while (done < count) {
      const value = first + done;
      const chunk = Math.floor(value / length);
      const offset = (value - chunk * length) * valueSize;
      const wanted = (count - done) * valueSize;
      let bytes = size - offset;
      for (let last = chunk; bytes < wanted && this.#isFollowed(last); last++) bytes += size;
      bytes = Math.min(bytes, wanted);
      yield { chunk, offset, start: done * valueSize, end: done * valueSize + bytes };
      done += bytes / valueSize;
    }
  }

  /** Whether the next chunk lies right behind a chunk, both as they are without filters. */
  #isFollowed(number: number): boolean {
    const chunk = this.#chunks[number]!;
    const next = this.#chunks[number + 1];
    if (next === undefined || !this.#isPlain(chunk) || !this.#isPlain(next)) return false;
    return next.address === chunk.address + chunkBytes(this.shape);
  }

  /** Makes chunks for values up to `length`, next to each other. */
  #provide(length: number): void {
    while (this.#chunks.length * this.shape.length < length) this.#chunks.push(this.#newChunk());
  }

  #newChunk(): ChunkPlace {
    const storedBytes = chunkBytes(this.shape);
    return { address: this.#source.space.allocate(storedBytes), storedBytes, skipped: skipsAll(this.#filters) };
  }

  /** Moves the chunks of these values that went through filters to where they lie as they are. */
  async #makePlain(first: number, count: number): Promise<void> {
    if (this.#filters.length === 0) return;
    const last = Math.min(this.#chunks.length - 1, Math.floor((first + count - 1) / this.shape.length));
    for (let number = Math.floor(first / this.shape.length); number <= last; number++) {
      const place = this.#chunks[number]!;
      if (this.#isPlain(place)) continue;
      const moved = this.#newChunk();
      await this.#source.file.write(await this.#filtered.read(place), moved.address);
      this.#chunks[number] = moved;
      this.#moved.add(number);
    }
  }

  /** Whether there are values that are not yet part of the list for others. */
  get hasNewValues(): boolean {
    return this.#length !== this.#committedLength || this.#moved.size > 0;
  }

  get hasChanged(): boolean {
    return this.hasNewValues || this.#indexedChunks !== this.#chunks.length;
  }

  /** Puts new chunks in the index, as far as nothing that is in use changes. */
  async prepareCommit(): Promise<void> {
    const { file, space } = this.#source;
    for (const chunk of this.#chunks.slice(this.#indexedChunks)) this.#index.add(chunk, space);
    this.#indexedChunks = this.#chunks.length;
    for (const number of this.#moved) this.#index.move(number, this.#chunks[number]!);
    await this.#index.writeFresh(file);
  }

  /** Makes the new values part of the list. What {@link prepareCommit} wrote must be on the disk. */
  async commit(): Promise<void> {
    const { file } = this.#source;
    await this.#index.writeChanged(file);
    this.#moved.clear();
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
    this.#places = places(await readObjectHeader(this.#source.file, this.#headerAddress, this.#subject));
  }
}

interface ListParts {
  readonly type: Hdf5Datatype;
  readonly shape: ChunkShape;
  readonly filters: readonly ChunkFilter[];
  readonly tree: ChunkTree;
  readonly length: number;
  readonly places: Places;
}

function places(header: ObjectHeader): Places {
  const space = header.messages.find(({ type }) => type === MESSAGE.dataspace)!;
  const layout = header.messages.find(({ type }) => type === MESSAGE.dataLayout)!;
  const { dimensionsAt } = readDataspace(needMessage(header, MESSAGE.dataspace, "data space"));
  const { addressAt } = readDataLayout(needMessage(header, MESSAGE.dataLayout, "data layout")) as { addressAt: number };
  return { length: space.at + dimensionsAt, treeAddress: layout.at + addressAt };
}
