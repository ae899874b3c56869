/** Reads cells of one fragment, tile by tile. */

import type { ColumnData } from "../../../columns/batch.js";
import { keepUnlessFailed } from "../../../flow/failures.js";
import { join } from "../../node.js";
import { timesOf } from "../array-files.js";
import { ByteCursor, malformedArray } from "../bytes/byte-reader.js";
import type { Filter } from "../bytes/filters.js";
import { ArrayFile } from "../bytes/local-file.js";
import { decodeTile, type TileShape } from "../bytes/tile.js";
import { decodeText, decodeValues, longestText } from "../bytes/tile-values.js";
import { type ArraySchema, type Attribute, cellBytes } from "../schema.js";
import { type FragmentFooter, readFooter, readList } from "./fragment-footer.js";

/** A file of the fragment: one of an attribute, or that of the dimension or of the times. */
interface TileFile {
  readonly name: string;
  /** Position in the lists of the footer. */
  readonly slot: number;
  readonly cellBytes: number;
  readonly filter: Filter | undefined;
}

/** Where a tile lies in its file. */
interface TileExtent extends TileShape {
  readonly start: number;
  readonly stop: number;
}

export class Fragment {
  readonly firstRow: bigint;
  readonly lastRow: bigint;
  readonly cellCount: number;
  readonly hasTimestamps: boolean;
  readonly schema: ArraySchema;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  readonly #folder: string;
  readonly #footer: FragmentFooter;
  readonly #lists = new Map<number, Promise<number[]>>();

  private constructor(folder: string, writtenAt: number, footer: FragmentFooter) {
    this.#folder = folder;
    this.writtenAt = writtenAt;
    this.schema = footer.schema;
    this.#footer = footer;
    this.firstRow = footer.firstRow;
    this.lastRow = footer.lastRow;
    this.hasTimestamps = footer.hasTimestamps;
    this.cellCount = (footer.tiles - 1) * footer.schema.capacity + footer.lastTileCells;
  }

  /** @throws DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE`; FileError. */
  static async open(array: string, stem: string, schemas: ReadonlyMap<string, ArraySchema>): Promise<Fragment> {
    const folder = join(array, "__fragments", stem);
    await using file = await ArrayFile.open(join(folder, METADATA_FILE));
    const fragment = new Fragment(folder, timesOf(stem)[1], await readFooter(file, schemas));
    await fragment.#checkSize(file.path);
    return fragment;
  }

  /** The rows it claims must have room in the file of their numbers, whose tiles are listed one by one. */
  async #checkSize(path: string): Promise<void> {
    const { cellCount, firstRow, lastRow, hasTimestamps } = this;
    const span = lastRow - firstRow + 1n;
    if (!Number.isSafeInteger(cellCount) || (!hasTimestamps && BigInt(cellCount) > span)) {
      throw malformedArray(path, `${cellCount} cells for ${span} rows`);
    }
    await this.#extents(this.#rowsFile, 0, 1);
  }

  get #rowsFile(): TileFile {
    const { coordinates, attributes } = this.schema;
    return { name: "d0", slot: attributes.length + 1, cellBytes: 8, filter: coordinates };
  }

  /** Row numbers of all cells, ascending. @throws DataError `MALFORMED_FILE` where they are not. */
  async coordinates(): Promise<BigInt64Array> {
    const rows = await this.#int64s(this.#rowsFile);
    for (let cell = 1; cell < rows.length; cell++) {
      if (rows[cell]! < rows[cell - 1]!)
        throw malformedArray(this.#path("d0"), `row ${rows[cell]} after ${rows[cell - 1]}`);
    }
    return rows;
  }

  /** When each cell was written, in milliseconds since 1970; only where {@link hasTimestamps}. */
  async timestamps(): Promise<BigInt64Array> {
    const { timestamps, attributes } = this.schema;
    return this.#int64s({ name: "t", slot: attributes.length + 2, cellBytes: 8, filter: timestamps });
  }

  async #int64s(file: TileFile): Promise<BigInt64Array> {
    const tiles = await this.#tiles(file, 0, this.#footer.tiles);
    const all = new BigInt64Array(this.cellCount);
    for (const [tile, bytes] of tiles.entries()) {
      all.set(new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8), tile * this.schema.capacity);
    }
    return all;
  }

  /** The tile that holds a cell. */
  tileOf(cell: number): number {
    return Math.floor(cell / this.schema.capacity);
  }

  /** Tiles `first ..< last` of the attribute at `index` of the fragment's schema. */
  async tileColumns(index: number, first: number, last: number): Promise<ColumnData[]> {
    const attribute = this.schema.attributes[index]!;
    const path = this.#path(`a${index}`);
    const tiles = await this.#tiles(this.#attributeFile(index), first, last);
    if (attribute.storage !== "text") {
      return tiles.map((bytes, i) => decodeValues(bytes, attribute, this.cellsIn(first + i), path));
    }
    const texts = await this.#texts(index, attribute, first, last);
    return tiles.map((bytes, i) => decodeText(bytes, texts[i]!, this.cellsIn(first + i), path));
  }

  /** Bytes of the longest text of the attribute at `index`. Reads where the texts begin, not the texts. */
  async longestText(index: number): Promise<number> {
    let longest = 0;
    const sizes = await this.#list(this.#footer.variableSizesAt[index]!);
    for (const [tile, size] of sizes.entries()) {
      if (size <= longest) continue;
      const [starts] = await this.#tiles(this.#attributeFile(index), tile, tile + 1);
      longest = Math.max(longest, longestText(starts!, size, this.#path(`a${index}`)));
    }
    return longest;
  }

  #attributeFile(index: number): TileFile {
    const attribute = this.schema.attributes[index]!;
    const filter = attribute.storage === "text" ? this.schema.offsets : attribute.filter;
    return { name: `a${index}`, slot: index, cellBytes: cellBytes(attribute), filter };
  }

  async #tiles(file: TileFile, first: number, last: number): Promise<Uint8Array[]> {
    return readTiles(this.#path(file.name), await this.#extents(file, first, last), file.filter);
  }

  async #extents(file: TileFile, first: number, last: number): Promise<TileExtent[]> {
    const offsets = await this.#list(this.#footer.tileOffsetsAt[file.slot]!);
    const end = this.#footer.fileSizes[file.slot]!;
    return extents(offsets, end, first, last, (tile) => this.cellsIn(tile) * file.cellBytes, file.cellBytes);
  }

  async #texts(slot: number, { filter }: Attribute, first: number, last: number): Promise<Uint8Array[]> {
    const offsets = await this.#list(this.#footer.variableOffsetsAt[slot]!);
    const sizes = await this.#list(this.#footer.variableSizesAt[slot]!);
    const end = this.#footer.variableSizes[slot]!;
    return readTiles(
      this.#path(`a${slot}_var`),
      extents(offsets, end, first, last, (tile) => sizes[tile]!, 1),
      filter,
    );
  }

  cellsIn(tile: number): number {
    return tile === this.#footer.tiles - 1 ? this.#footer.lastTileCells : this.schema.capacity;
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.tdb`);
  }

  #list(at: number): Promise<number[]> {
    return this.#lists.get(at) ?? keepUnlessFailed(this.#lists, at, this.#readList(at));
  }

  async #readList(at: number): Promise<number[]> {
    await using file = await ArrayFile.open(join(this.#folder, METADATA_FILE));
    return await readList(file, at, this.#footer.tiles);
  }
}

const METADATA_FILE = "__fragment_metadata.tdb";

/** @param offsets where each tile begins; the last one ends at `end`. */
function extents(
  offsets: readonly number[],
  end: number,
  first: number,
  last: number,
  bytesOf: (tile: number) => number,
  cellBytes: number,
): TileExtent[] {
  return offsets.slice(first, last).map((start, i) => {
    const tile = first + i;
    return { start, stop: offsets[tile + 1] ?? end, bytes: bytesOf(tile), cellBytes };
  });
}

/** Tiles that follow each other in a file, fetched together. */
async function readTiles(
  path: string,
  tiles: readonly TileExtent[],
  filter: Filter | undefined,
): Promise<Uint8Array[]> {
  await using file = await ArrayFile.open(path);
  const from = tiles[0]!.start;
  const all = await file.read(from, tiles.at(-1)!.stop);
  const contents: Uint8Array[] = [];
  for (const tile of tiles) {
    const { start, stop } = tile;
    if (!(from <= start && start <= stop && stop - from <= all.length)) {
      throw malformedArray(path, `a tile from byte ${start} to ${stop}`);
    }
    contents.push(await decodeTile(new ByteCursor(all.subarray(start - from, stop - from), path), filter, tile, path));
  }
  return contents;
}
