/**
 * Writes one fragment: a batch of consecutive rows in a folder of its own. The data files come first, then the fragment's
 * metadata, then the empty commit file that makes the rows visible.
 */
import type { ArrayColumn, ColumnBatch, StringColumn } from "../../../columns/batch.js";
import { applyByKind, type ByKind } from "../../../columns/kinds/by-kind.js";
import { throwIfAborted } from "../../../errors.js";
import { type FileHandle, join, mkdir, open, writeFile } from "../../node.js";
import { ByteWriter, bytesOf } from "../bytes/byte-writer.js";
import { type Filter, ZSTD } from "../bytes/filters.js";
import { encodeTile, FORMAT_VERSION, fixedChunkEnds, variableChunkEnds } from "../bytes/tile.js";
import { CAPACITY } from "../schema.js";
import { blankSlot, encodeFragmentMetadata, legacySlot, type Slot } from "./fragment-metadata.js";
import { type Numbers, type Statistics, statistics } from "./statistics.js";

/**
 * @param batch at least one row
 * @param name unique and later than every other name in the array; see {@link PartNames}
 */
export async function writeFragment(
  array: string,
  name: string,
  schemaName: string,
  batch: ColumnBatch,
  firstRow: number,
  signal?: AbortSignal,
): Promise<void> {
  const { rowCount } = batch;
  const tiles = Math.ceil(rowCount / CAPACITY);
  const stem = `${name}_${FORMAT_VERSION}`;
  const folder = join(array, "__fragments", stem);
  await mkdir(folder);
  const slots: Slot[] = [];
  for (const [index, column] of batch.columns.entries()) {
    throwIfAborted(signal, "Writing the TileDB array");
    slots.push(await applyByKind(WRITE_COLUMN, column, join(folder, `a${index}`), tiles));
  }
  slots.push(legacySlot(tiles), await writeRows(join(folder, "d0"), firstRow, rowCount, tiles));
  const metadata = encodeFragmentMetadata({ schemaName, firstRow, rowCount, capacity: CAPACITY, slots });
  await writeFile(join(folder, "__fragment_metadata.tdb"), metadata, { flag: "wx" });
  await writeFile(join(array, "__commits", `${stem}.wrt`), "", { flag: "wx" });
}

const WRITE_COLUMN: ByKind<Promise<Slot>, [stem: string, tiles: number]> = {
  long: writeNumbers,
  double: writeNumbers,
  bool: writeNumbers,
  string: writeText,
  array: writeArrays,
  mask() {
    throw new TypeError("masks are refused with the schema");
  },
};

async function writeNumbers({ values }: { readonly values: Numbers }, stem: string, tiles: number): Promise<Slot> {
  const file = await writeTiles(`${stem}.tdb`, bytesOf(values), values.BYTES_PER_ELEMENT, tiles);
  const stats = statistics(values, CAPACITY);
  return { ...blankSlot(tiles), ...file, ...encodeStatistics(stats, tiles) };
}

function encodeStatistics(stats: Statistics, tiles: number): Pick<Slot, "mins" | "maxs" | "sums" | "whole"> {
  const extremes = (bytes: Uint8Array) => new ByteWriter().uint64(bytes.length, 0).bytes(bytes).result();
  const whole = new ByteWriter().uint64(stats.min.length).bytes(stats.min);
  whole.uint64(stats.max.length).bytes(stats.max, stats.sum).uint64(0);
  return {
    mins: extremes(stats.tileMins),
    maxs: extremes(stats.tileMaxs),
    sums: new ByteWriter().uint64(tiles).bytes(stats.tileSums).result(),
    whole: whole.result(),
  };
}

/** Cells of several values have no statistics. */
async function writeArrays({ values, size }: ArrayColumn, stem: string, tiles: number): Promise<Slot> {
  const file = await writeTiles(`${stem}.tdb`, bytesOf(values), values.BYTES_PER_ELEMENT * size, tiles);
  return { ...blankSlot(tiles), ...file };
}

/** The dimension: the rows' numbers. Only their sum is kept; their range stands in the footer. */
async function writeRows(stem: string, firstRow: number, rowCount: number, tiles: number): Promise<Slot> {
  const rows = new BigInt64Array(rowCount);
  const halves = new Uint32Array(rows.buffer);
  for (let i = 0; i < rowCount; i++) {
    const row = firstRow + i;
    halves[2 * i] = row;
    halves[2 * i + 1] = row / 2 ** 32;
  }
  const file = await writeTiles(`${stem}.tdb`, bytesOf(rows), 8, tiles, ZSTD);
  const { tileSums, sum } = statistics(rows, CAPACITY);
  return {
    ...blankSlot(tiles),
    ...file,
    sums: new ByteWriter().uint64(tiles).bytes(tileSums).result(),
    whole: new ByteWriter().uint64(0, 0).bytes(sum).uint64(0).result(),
  };
}

async function writeTiles(
  path: string,
  bytes: Uint8Array,
  cellBytes: number,
  tiles: number,
  filter?: Filter,
): Promise<Pick<Slot, "fileSize" | "tileOffsets">> {
  await using file = await TileFile.create(path);
  for (let tile = 0; tile < tiles; tile++) {
    const part = bytes.subarray(tile * CAPACITY * cellBytes, (tile + 1) * CAPACITY * cellBytes);
    await file.append(part, fixedChunkEnds(part.length, cellBytes), filter);
  }
  return { fileSize: await file.finish(), tileOffsets: file.tileOffsets };
}

/** Text lies in two files: where each cell begins within its tile, and the bytes. */
async function writeText(column: StringColumn, stem: string, tiles: number): Promise<Slot> {
  await using offsets = await TileFile.create(`${stem}.tdb`);
  await using text = await TileFile.create(`${stem}_var.tdb`);
  const variableSizes: number[] = [];
  for (let tile = 0; tile < tiles; tile++) {
    const ends = column.offsets.subarray(tile * CAPACITY, Math.min((tile + 1) * CAPACITY + 1, column.offsets.length));
    const [from, to] = [ends[0]!, ends[ends.length - 1]!];
    const cells = ends.length - 1;
    // Each start is a uint64 of which the upper half is 0.
    const starts = new Uint32Array(2 * cells);
    for (let cell = 0; cell < cells; cell++) starts[2 * cell] = ends[cell]! - from;
    await offsets.append(bytesOf(starts), fixedChunkEnds(starts.byteLength, 8), ZSTD);
    await text.append(column.bytes.subarray(from, to), variableChunkEnds(ends), undefined);
    variableSizes.push(to - from);
  }
  return {
    ...blankSlot(tiles),
    fileSize: await offsets.finish(),
    variableSize: await text.finish(),
    tileOffsets: offsets.tileOffsets,
    variableOffsets: text.tileOffsets,
    variableSizes,
  };
}

/** Bytes gathered before they are written. */
const WRITE_BYTES = 4 << 20;

/** A file of tiles, written in large pieces. */
class TileFile {
  /** Where each tile begins. */
  readonly tileOffsets: number[] = [];
  readonly #handle: FileHandle;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #length = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<TileFile> {
    return new TileFile(await open(path, "wx"));
  }

  async append(bytes: Uint8Array, chunkEnds: readonly number[], filter: Filter | undefined): Promise<void> {
    const { pieces, length } = encodeTile(bytes, chunkEnds, filter);
    this.tileOffsets.push(this.#length);
    this.#waiting.push(...pieces);
    this.#waitingBytes += length;
    this.#length += length;
    if (this.#waitingBytes >= WRITE_BYTES) await this.#flush();
  }

  /** Writes what is left; gives the file's size. */
  async finish(): Promise<number> {
    await this.#flush();
    return this.#length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    if (this.#waitingBytes === 0) return;
    let pieces = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    while (pieces.length > 0) pieces = behind(pieces, (await this.#handle.writev(pieces)).bytesWritten);
  }
}

/** What is left of pieces whose first `count` bytes have been written; `left` falls below 0 by as much as is left of one. */
function behind(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  const index = pieces.findIndex(({ length }) => {
    left -= length;
    return left < 0;
  });
  return index < 0 ? [] : [pieces[index]!.subarray(left), ...pieces.slice(index + 1)];
}
