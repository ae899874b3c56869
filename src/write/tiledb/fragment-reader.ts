/** Reads cells of one fragment, tile by tile. */
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { ColumnData } from "../../batch.js";
import { joinColumns, sliceColumn } from "../../rebatch.js";
import { readDescription } from "./array-files.js";
import { ByteReader, malformed, unsupported } from "./byte-reader.js";
import type { Filter } from "./filters.js";
import { decodeFooter, decodeList, type FragmentFooter } from "./fragment-metadata.js";
import { type ArraySchema, type Attribute, cellBytes } from "./schema.js";
import { decodeTile } from "./tile.js";
import { decodeText, decodeValues } from "./tile-values.js";

/** A decoded tile, kept for the next read. */
interface KeptTile {
  readonly tile: number;
  readonly column: ColumnData;
}

export class Fragment {
  readonly firstRow: bigint;
  readonly lastRow: bigint;
  readonly cellCount: number;
  readonly hasTimestamps: boolean;
  readonly schema: ArraySchema;
  readonly #folder: string;
  readonly #footer: FragmentFooter;
  readonly #metadata: Uint8Array;
  readonly #lists = new Map<number, Promise<number[]>>();
  readonly #kept = new Map<string, KeptTile>();

  private constructor(folder: string, schema: ArraySchema, footer: FragmentFooter, metadata: Uint8Array) {
    this.#folder = folder;
    this.schema = schema;
    this.#footer = footer;
    this.#metadata = metadata;
    this.firstRow = footer.firstRow;
    this.lastRow = footer.lastRow;
    this.hasTimestamps = footer.hasTimestamps;
    this.cellCount = (footer.tiles - 1) * schema.capacity + footer.lastTileCells;
  }

  /** @throws DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE`. */
  static async open(array: string, stem: string, schemas: ReadonlyMap<string, ArraySchema>): Promise<Fragment> {
    const folder = join(array, "__fragments", stem);
    const path = join(folder, "__fragment_metadata.tdb");
    const metadata = await readDescription(path);
    const schema = await schemaOf(metadata, schemas, path);
    const footer = decodeFooter(metadata, schema.attributes.length, path);
    const { tiles, lastTileCells } = footer;
    if (lastTileCells > schema.capacity || lastTileCells < 1 || tiles > metadata.length * 1100) {
      throw malformed(path, `${tiles} tiles of which the last holds ${lastTileCells} cells`);
    }
    return new Fragment(folder, schema, footer, metadata);
  }

  /** Row numbers of all cells, ascending. */
  async coordinates(): Promise<BigInt64Array> {
    const file = { name: "d0", slot: this.schema.attributes.length + 1, cellBytes: 8, filter: this.schema.coordinates };
    return this.#int64s(file);
  }

  /** When each cell was written, in milliseconds; only where {@link hasTimestamps}. */
  async timestamps(): Promise<BigInt64Array> {
    return this.#int64s({
      name: "t",
      slot: this.schema.attributes.length + 2,
      cellBytes: 8,
      filter: this.schema.coordinates,
    });
  }

  /** Cells `start ..< stop` of the attribute at `index` of the fragment's schema. */
  async cells(index: number, start: number, stop: number): Promise<ColumnData> {
    const { capacity } = this.schema;
    const parts: ColumnData[] = [];
    for (let tile = Math.floor(start / capacity); tile * capacity < stop; tile++) {
      const column = await this.#tileColumn(index, tile);
      const first = tile * capacity;
      parts.push(sliceColumn(column, Math.max(start - first, 0), Math.min(stop - first, this.#cellsOf(tile))));
    }
    return joinColumns(parts);
  }

  async #tileColumn(index: number, tile: number): Promise<ColumnData> {
    const key = String(index);
    const kept = this.#kept.get(key);
    if (kept?.tile === tile) return kept.column;
    const attribute = this.schema.attributes[index]!;
    const column = await this.#decodeColumn(attribute, index, tile);
    this.#kept.set(key, { tile, column });
    return column;
  }

  async #decodeColumn(attribute: Attribute, slot: number, tile: number): Promise<ColumnData> {
    const name = `a${slot}`;
    const path = join(this.#folder, `${name}.tdb`);
    const cells = this.#cellsOf(tile);
    if (attribute.storage !== "text") {
      const bytes = await this.#tile({ name, slot, cellBytes: cellBytes(attribute), filter: attribute.filter }, tile);
      return decodeValues(bytes, attribute, cells, path);
    }
    const offsets = await this.#tile({ name, slot, cellBytes: 8, filter: this.schema.offsets }, tile);
    return decodeText(offsets, await this.#text(slot, tile, attribute.filter), cells, path);
  }

  async #int64s(file: TileFile): Promise<BigInt64Array> {
    const all = new BigInt64Array(this.cellCount);
    for (let tile = 0; tile < this.#footer.tiles; tile++) {
      const bytes = await this.#tile(file, tile);
      all.set(new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8), tile * this.schema.capacity);
    }
    return all;
  }

  #cellsOf(tile: number): number {
    return tile === this.#footer.tiles - 1 ? this.#footer.lastTileCells : this.schema.capacity;
  }

  async #tile(file: TileFile, tile: number): Promise<Uint8Array> {
    const offsets = await this.#list(this.#footer.tileOffsetsAt[file.slot]!);
    const end = offsets[tile + 1] ?? this.#footer.fileSizes[file.slot]!;
    const path = join(this.#folder, `${file.name}.tdb`);
    return decodeTileAt(path, offsets[tile]!, end, file.filter, this.#cellsOf(tile) * file.cellBytes);
  }

  async #text(slot: number, tile: number, filter: Filter | undefined): Promise<Uint8Array> {
    const offsets = await this.#list(this.#footer.variableOffsetsAt[slot]!);
    const sizes = await this.#list(this.#footer.variableSizesAt[slot]!);
    const end = offsets[tile + 1] ?? this.#footer.variableSizes[slot]!;
    return decodeTileAt(join(this.#folder, `a${slot}_var.tdb`), offsets[tile]!, end, filter, sizes[tile]!);
  }

  #list(at: number): Promise<number[]> {
    let found = this.#lists.get(at);
    if (!found) {
      found = decodeList(this.#metadata, at, this.#footer.tiles, join(this.#folder, "__fragment_metadata.tdb"));
      this.#lists.set(at, found);
    }
    return found;
  }
}

interface TileFile {
  readonly name: string;
  readonly slot: number;
  readonly cellBytes: number;
  readonly filter: Filter | undefined;
}

/** The schema a fragment was written with: its footer names it, whatever the number of its attributes. */
async function schemaOf(
  metadata: Uint8Array,
  schemas: ReadonlyMap<string, ArraySchema>,
  path: string,
): Promise<ArraySchema> {
  if (metadata.length < 8) throw malformed(path, `only ${metadata.length} bytes`);
  const end = new ByteReader(metadata.subarray(metadata.length - 8), path).size();
  if (end > metadata.length - 8) throw malformed(path, `a footer of ${end} bytes`);
  const input = new ByteReader(metadata.subarray(metadata.length - 8 - end), path);
  input.uint32();
  const name = input.decodeText(input.bytes(input.size()));
  const schema = schemas.get(name);
  if (!schema) throw unsupported(path, `a fragment of the schema ${name}, which is missing,`);
  return schema;
}

/** Most a tile may shrink when it is compressed: Zstandard's runs of zeros. A larger claim is not believed. */
const MOST_SHRINKING = 30_000;

async function decodeTileAt(
  path: string,
  start: number,
  end: number,
  filter: Filter | undefined,
  expected: number,
): Promise<Uint8Array> {
  await using file = await openFile(path);
  const { size } = await file.handle.stat();
  const length = end - start;
  if (!(start >= 0 && length >= 8 && end <= size))
    throw malformed(path, `a tile from ${start} to ${end} in ${size} bytes`);
  if (expected > length * (filter ? MOST_SHRINKING : 1))
    throw malformed(path, `a tile of ${expected} bytes in ${length}`);
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.handle.read(bytes, 0, length, start);
  if (bytesRead !== length) throw malformed(path, `${bytesRead} of ${length} bytes`);
  return decodeTile(new ByteReader(bytes, path), filter, expected, path);
}

async function openFile(path: string): Promise<AsyncDisposable & { handle: FileHandle }> {
  try {
    const handle = await open(path, "r");
    return { handle, [Symbol.asyncDispose]: () => handle.close() };
  } catch (cause) {
    throw malformed(path, "it cannot be opened", cause);
  }
}
