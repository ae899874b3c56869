/** Reads tiles and planes: some calls run side by side, each through a store of its own, and several planes come by one. */
import type { OnProgress } from "../../columns/table.js";
import type { RawPixelsStore } from "../../connect/ice/schema/omero.js";
import { releaseMessage } from "../../connect/ice/transport/message-memory.js";
import { ServerError } from "../../errors.js";
import { mapInOrder, steps } from "../../flow/map-in-order.js";
import {
  alignBytes,
  bytesPerPixel,
  elementsOf,
  fromWire,
  inPlaceOfWire,
  newPixelArray,
  type PixelArray,
} from "./pixel-arrays.js";
import { MOST_PIXEL_STORES, type PixelStores } from "./pixel-stores.js";
import type { PixelsInfo } from "./pixels-info.js";
import { type CheckedTile, isStepped, isWholePlane, tileShape } from "./plane-places.js";
import { cubeOf, inBoxes, placeInBox, type TileBox } from "./tile-boxes.js";
import { copyStepped, stripOf } from "./tile-strips.js";

/** Bytes of one answer at most: less than any server's largest message. */
const MOST_BYTES = 32 << 20;
/** Bytes of an answer, where a tile comes by several. */
const STRIP_BYTES = 8 << 20;
/** Bytes that are fetched ahead of whoever takes them, from which on no more is asked for. */
const MOST_AHEAD = 16 << 20;
const LABEL = "Reading pixels";

export interface TileReading {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** How many tiles there are, for `onProgress`. */
  readonly total?: number | undefined;
}

/** The tiles of a box, in its order. */
export interface FetchedTiles {
  readonly arrays: readonly PixelArray[];
  /** Called when nobody looks at the arrays any more. */
  readonly release?: (() => void) | undefined;
}

/** Where tiles come from: the pixels of one image. */
export interface TileSource {
  readonly info: PixelsInfo;
  fetch(box: TileBox, signal: AbortSignal): Promise<FetchedTiles>;
}

/** The pixels of tiles, in the tiles' order. */
export async function* readTiles(
  source: TileSource,
  tiles: Iterable<CheckedTile>,
  { signal, onProgress, total }: TileReading,
): AsyncGenerator<{ tile: CheckedTile; data: PixelArray }, void, undefined> {
  let ahead = 0;
  const fetched = mapInOrder(
    inBoxes(tiles, source.info),
    async (box, ended) => {
      ahead += bytesOfBox(box, source.info);
      return { box, fetched: await source.fetch(box, ended) };
    },
    {
      concurrency: () => (ahead < MOST_AHEAD ? MOST_PIXEL_STORES : 0),
      window: MOST_PIXEL_STORES,
      signal,
      label: LABEL,
    },
  );
  let done = 0;
  onProgress?.({ done, total, unit: "planes" });
  for await (const { box, fetched: given } of fetched) {
    ahead -= bytesOfBox(box, source.info);
    const arrays = [...given.arrays];
    for (const tile of box.tiles) {
      yield { tile, data: arrays.shift()! }; // whoever takes it decides how long it is kept
      done += 1;
      onProgress?.({ done, total, unit: "planes" });
    }
    given.release?.();
  }
}

function bytesOfBox({ tiles }: TileBox, { type }: PixelsInfo): number {
  return tiles.length * bytesOfTile(tiles[0]!, type);
}

function bytesOfTile(tile: CheckedTile, type: PixelsInfo["type"]): number {
  const { columns, rows } = tileShape(tile);
  return columns * rows * bytesPerPixel(type);
}

/** Tiles as a server gives them. */
export class ServerTiles implements TileSource {
  readonly info: PixelsInfo;
  readonly #stores: PixelStores;
  readonly #reuse: boolean;
  /** Some servers' images cannot be read in boxes. */
  #givesBoxes = true;

  /** @param reuse whether tiles may lie in the memory of the answers they came by */
  constructor(info: PixelsInfo, stores: PixelStores, reuse = false) {
    this.info = info;
    this.#stores = stores;
    this.#reuse = reuse;
  }

  fetch(box: TileBox, signal: AbortSignal): Promise<FetchedTiles> {
    return this.#stores.with((store) => this.#fetchBox(store, box, signal));
  }

  async #fetchBox(store: RawPixelsStore, box: TileBox, signal: AbortSignal): Promise<FetchedTiles> {
    const [first] = box.tiles;
    const isOne = box.tiles.length === 1 && !isStepped(first!);
    if (isOne && bytesOfTile(first!, this.info.type) <= MOST_BYTES) {
      return this.#cut(await this.#bytes(store, first!, signal), box);
    }
    if (!isOne && this.#givesBoxes) {
      try {
        return this.#cut(await this.#cube(store, box, signal), box);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        this.#givesBoxes = false;
      }
    }
    const arrays: PixelArray[] = [];
    for (const tile of box.tiles) arrays.push(await this.#alone(store, tile, signal));
    return { arrays };
  }

  #cube(store: RawPixelsStore, box: TileBox, signal: AbortSignal): Promise<Uint8Array> {
    const { offset, size, step } = cubeOf(box);
    return store.getHypercube(offset, size, step, { signal });
  }

  /** The tiles that an answer holds, one after the other. */
  #cut(answer: Uint8Array, box: TileBox): FetchedTiles {
    const { type } = this.info;
    const size = bytesOfTile(box.tiles[0]!, type);
    this.#checkLength(answer, size * box.tiles.length);
    const bytes = this.#reuse ? alignBytes(answer) : answer;
    const arrays = box.tiles.map((tile) => {
      const start = placeInBox(box, tile) * size;
      const part = bytes.subarray(start, start + size);
      return this.#reuse ? inPlaceOfWire(type, part) : fromWire(type, part);
    });
    if (this.#reuse) return { arrays, release: () => releaseMessage(answer) };
    releaseMessage(answer);
    return { arrays };
  }

  async #bytes(store: RawPixelsStore, tile: CheckedTile, signal: AbortSignal): Promise<Uint8Array> {
    const { z, c, t, x, y, width, height } = tile;
    const bytes = isWholePlane(tile, this.info)
      ? await store.getPlane(z, c, t, { signal })
      : await store.getTile(z, c, t, x, y, width, height, { signal });
    this.#checkLength(bytes, bytesOfTile(tile, this.info.type));
    return bytes;
  }

  /** A tile by itself: some rows at a time where it is larger than an answer may be, or only some of its pixels are wanted. */
  async #alone(store: RawPixelsStore, tile: CheckedTile, signal: AbortSignal): Promise<PixelArray> {
    const { type } = this.info;
    const elements = elementsOf(type);
    const { columns, rows } = tileShape(tile);
    const whole = newPixelArray(type, columns * rows);
    const most = Math.max(1, Math.floor(STRIP_BYTES / (tile.width * bytesPerPixel(type) * tile.stepY)));
    for (const row of steps(0, rows, most)) {
      const strip = stripOf(tile, row, Math.min(most, rows - row));
      const bytes = await this.#bytes(store, strip, signal);
      copyStepped(fromWire(type, bytes), tile, whole.subarray(row * columns * elements), elements);
      releaseMessage(bytes);
    }
    return whole;
  }

  #checkLength(bytes: Uint8Array, expected: number): void {
    if (bytes.length === expected) return;
    const text = `the server gave ${bytes.length} bytes of Pixels ${this.info.id} where ${expected} were asked for`;
    throw new ServerError("SERVER_FAILURE", text);
  }
}
