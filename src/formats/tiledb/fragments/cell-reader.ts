/** Reads cells of an attribute from the fragments that hold them. */
import type { ColumnData } from "../../../columns/batch.js";
import { takeRows } from "../../../columns/batch-operations.js";
import { joinColumns, sliceColumn } from "../../../columns/kinds/kinds.js";
import { DataError, throwIfAborted } from "../../../errors.js";
import { unsupportedArray } from "../bytes/byte-reader.js";
import { emptyCells } from "../bytes/tile-values.js";
import type { Attribute } from "../schema.js";
import type { Fragment } from "./fragment-reader.js";
import type { CellList } from "./row-order.js";

const READING = "Reading the TileDB array";

/** Tiles decoded at a time for cells that lie scattered. */
const TILES_AT_ONCE = 64;

/** A decoded tile, kept for the read that goes on from it. */
interface KeptTile {
  readonly fragment: Fragment;
  readonly tile: number;
  readonly column: ColumnData;
}

/** Cells `start ..< stop` of one fragment or of a list; at least one. */
export interface CellSpan {
  readonly cells: Fragment | CellList;
  readonly start: number;
  readonly stop: number;
}

/** Most bytes of text in one column of a batch, whose offsets have 32 bits. */
const TEXT_LIMIT = 2 ** 31 - 1;

export class CellReader {
  readonly #path: string;
  readonly #kept = new Map<string, KeptTile>();

  constructor(path: string) {
    this.#path = path;
  }

  /** The cells of all spans, one after the other. @throws DataError; FileError; AbortError. */
  async read(attribute: Attribute, spans: readonly CellSpan[], signal: AbortSignal | undefined): Promise<ColumnData> {
    const parts: ColumnData[] = [];
    for (const { cells, start, stop } of spans) {
      if ("which" in cells) parts.push(...(await this.#listed(attribute, cells, start, stop, signal)));
      else parts.push(await this.#consecutive(attribute, cells, start, stop, signal));
    }
    checkTextSize(attribute, parts);
    return parts.length === 0 ? emptyCells(attribute) : joinColumns(parts);
  }

  /** Bytes of the longest text that any fragment holds, at least 1. */
  async longestText(attribute: Attribute, fragments: readonly Fragment[]): Promise<number> {
    let longest = 1;
    for (const fragment of fragments) {
      longest = Math.max(longest, await fragment.longestText(this.#indexIn(fragment, attribute)));
    }
    return longest;
  }

  async #consecutive(
    attribute: Attribute,
    fragment: Fragment,
    start: number,
    stop: number,
    signal: AbortSignal | undefined,
  ): Promise<ColumnData> {
    throwIfAborted(signal, READING);
    const { capacity } = fragment.schema;
    const [first, last] = [fragment.tileOf(start), fragment.tileOf(stop - 1)];
    const tiles = await this.#tiles(attribute, fragment, first, last);
    checkTextSize(attribute, tiles);
    return sliceColumn(joinColumns(tiles), start - first * capacity, stop - first * capacity);
  }

  async #listed(
    attribute: Attribute,
    list: CellList,
    start: number,
    stop: number,
    signal: AbortSignal | undefined,
  ): Promise<ColumnData[]> {
    const parts: ColumnData[] = [];
    for (let at = start; at < stop; ) {
      throwIfAborted(signal, READING);
      const block = new TileBlock(list, at, stop);
      const tiles: ColumnData[] = [];
      for (const { fragment, tile } of block.tiles) {
        tiles.push(...(await this.#tiles(attribute, fragment, tile, tile)));
      }
      checkTextSize(attribute, tiles);
      parts.push(take(joinColumns(tiles), block.positions));
      at = block.stop;
    }
    return parts;
  }

  /** Tiles `first` to `last`; the last one is kept. */
  async #tiles(attribute: Attribute, fragment: Fragment, first: number, last: number): Promise<ColumnData[]> {
    const kept = this.#kept.get(attribute.name);
    const isKept = kept?.fragment === fragment && kept.tile === first;
    const columns = isKept ? [kept.column] : [];
    const next = first + columns.length;
    if (next <= last) {
      columns.push(...(await fragment.tileColumns(this.#indexIn(fragment, attribute), next, last + 1)));
      this.#kept.set(attribute.name, { fragment, tile: last, column: columns.at(-1)! });
    }
    return columns;
  }

  /** Position of an attribute in the schema of a fragment, which may be older than the array's. */
  #indexIn(fragment: Fragment, { name, storage, size }: Attribute): number {
    const index = fragment.schema.attributes.findIndex((candidate) => candidate.name === name);
    const found = fragment.schema.attributes[index];
    if (found?.storage === storage && found.size === size) return index;
    throw unsupportedArray(this.#path, `the attribute "${name}", added or changed after rows were written,`);
  }
}

/** As many cells of a list as lie in {@link TILES_AT_ONCE} tiles, and where each lies in those tiles put end to end. */
class TileBlock {
  readonly tiles: { readonly fragment: Fragment; readonly tile: number }[] = [];
  readonly positions: Int32Array;
  /** Cell after the last. */
  readonly stop: number;
  readonly #begins = new Map<Fragment, Map<number, number>>();
  #cells = 0;

  constructor({ fragments, which, cell }: CellList, start: number, stop: number) {
    const positions = new Int32Array(stop - start);
    let at = start;
    for (; at < stop; at++) {
      const fragment = fragments[which[at]!]!;
      const begin = this.#beginOf(fragment, fragment.tileOf(cell[at]!));
      if (begin === undefined) break;
      positions[at - start] = begin + (cell[at]! % fragment.schema.capacity);
    }
    this.stop = at;
    this.positions = positions.subarray(0, at - start);
  }

  /** Undefined where there is no room for one more tile. */
  #beginOf(fragment: Fragment, tile: number): number | undefined {
    const tiles = this.#begins.get(fragment) ?? new Map<number, number>();
    this.#begins.set(fragment, tiles);
    const known = tiles.get(tile);
    if (known !== undefined || this.tiles.length === TILES_AT_ONCE) return known;
    const begin = this.#cells;
    tiles.set(tile, begin);
    this.tiles.push({ fragment, tile });
    this.#cells += fragment.cellsIn(tile);
    return begin;
  }
}

function checkTextSize({ name }: Attribute, parts: readonly ColumnData[]): void {
  const bytes = parts.reduce((sum, part) => sum + (part.kind === "string" ? part.offsets.at(-1)! : 0), 0);
  if (bytes <= TEXT_LIMIT) return;
  const message = `column "${name}": the rows asked for hold ${bytes} bytes of text, more than one batch can; read fewer rows at a time`;
  throw new DataError("VALUE_DOES_NOT_FIT", message, { column: name });
}

/** The rows of a column at `positions`. */
export function take(column: ColumnData, positions: Int32Array): ColumnData {
  const batch = { fields: [], columns: [column], rowCount: positions.length, rowNumbers: { start: 0, step: 1 } };
  return takeRows(batch, positions, batch.rowNumbers).columns[0]!;
}
