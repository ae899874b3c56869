/** Reads tiles and planes: some calls run side by side, each through a store of its own, and several planes come by one. */
import type { OnProgress } from "../../columns/table.js";
import type { RawPixelsStore } from "../../connect/ice/schema/omero.js";
import { ServerError } from "../../errors.js";
import { mapInOrder, steps } from "../../flow/map-in-order.js";
import { bytesPerPixel, elementsOf, fromWire, newPixelArray, type PixelArray } from "./pixel-arrays.js";
import { MOST_PIXEL_STORES, type PixelStores } from "./pixel-stores.js";
import type { PixelsInfo } from "./pixels-info.js";
import { type CheckedTile, isStepped, isWholePlane, tileShape } from "./plane-places.js";
import { cubeOf, inBoxes, placeInBox, type TileBox } from "./tile-boxes.js";

/** Bytes of one answer at most: less than any server's largest message. */
const MOST_BYTES = 32 << 20;
const LABEL = "Reading pixels";

export interface TileReading {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** How many tiles there are, for `onProgress`. */
  readonly total?: number | undefined;
}

/** Where tiles come from: the pixels of one image. */
export interface TileSource {
  readonly info: PixelsInfo;
  /** The tiles of a box, in its order. */
  fetch(box: TileBox, signal: AbortSignal): Promise<PixelArray[]>;
}

/** The pixels of tiles, in the tiles' order. */
export async function* readTiles(
  source: TileSource,
  tiles: Iterable<CheckedTile>,
  { signal, onProgress, total }: TileReading,
): AsyncGenerator<{ tile: CheckedTile; data: PixelArray }, void, undefined> {
  const fetched = mapInOrder(
    inBoxes(tiles, source.info),
    async (box, ended) => ({ box, arrays: await source.fetch(box, ended) }),
    { concurrency: MOST_PIXEL_STORES, window: MOST_PIXEL_STORES, signal, label: LABEL },
  );
  let done = 0;
  onProgress?.({ done, total, unit: "planes" });
  for await (const { box, arrays } of fetched) {
    for (const tile of box.tiles) {
      yield { tile, data: arrays.shift()! }; // whoever takes it decides how long it is kept
      done += 1;
      onProgress?.({ done, total, unit: "planes" });
    }
  }
}

/** Tiles as a server gives them. */
export class ServerTiles implements TileSource {
  readonly info: PixelsInfo;
  readonly #stores: PixelStores;
  /** Some servers' images cannot be read in boxes. */
  #givesBoxes = true;

  constructor(info: PixelsInfo, stores: PixelStores) {
    this.info = info;
    this.#stores = stores;
  }

  fetch(box: TileBox, signal: AbortSignal): Promise<PixelArray[]> {
    return this.#stores.with((store) => this.#fetchBox(store, box, signal));
  }

  async #fetchBox(store: RawPixelsStore, box: TileBox, signal: AbortSignal): Promise<PixelArray[]> {
    const isOne = box.tiles.length === 1 && !isStepped(box.tiles[0]!);
    if (!isOne && this.#givesBoxes) {
      try {
        return this.#cut(await this.#cube(store, box, signal), box);
      } catch (error) {
        if (!(error instanceof ServerError) || isStepped(box.tiles[0]!)) throw error;
        this.#givesBoxes = false;
      }
    }
    const arrays: PixelArray[] = [];
    for (const tile of box.tiles) arrays.push(await this.#tile(store, tile, signal));
    return arrays;
  }

  #cube(store: RawPixelsStore, box: TileBox, signal: AbortSignal): Promise<Uint8Array> {
    const { offset, size, step } = cubeOf(box);
    return store.getHypercube(offset, size, step, { signal });
  }

  #cut(bytes: Uint8Array, box: TileBox): PixelArray[] {
    const size = this.#bytesOf(box.tiles[0]!);
    this.#checkLength(bytes, size * box.tiles.length);
    return box.tiles.map((tile) => {
      const start = placeInBox(box, tile) * size;
      return fromWire(this.info.type, bytes.subarray(start, start + size));
    });
  }

  async #tile(store: RawPixelsStore, tile: CheckedTile, signal: AbortSignal): Promise<PixelArray> {
    const size = this.#bytesOf(tile);
    if (size > MOST_BYTES) return this.#strips(store, tile, signal);
    const { z, c, t, x, y, width, height } = tile;
    const bytes = isWholePlane(tile, this.info)
      ? await store.getPlane(z, c, t, { signal })
      : await store.getTile(z, c, t, x, y, width, height, { signal });
    this.#checkLength(bytes, size);
    return fromWire(this.info.type, bytes);
  }

  /** A tile larger than an answer may be, some rows at a time. */
  async #strips(store: RawPixelsStore, tile: CheckedTile, signal: AbortSignal): Promise<PixelArray> {
    const { type } = this.info;
    const rows = Math.max(1, Math.floor(MOST_BYTES / (tile.width * bytesPerPixel(type))));
    const whole = newPixelArray(type, tile.width * tile.height);
    for (const row of steps(0, tile.height, rows)) {
      const strip = { ...tile, y: tile.y + row, height: Math.min(rows, tile.height - row) };
      whole.set(await this.#tile(store, strip, signal), row * tile.width * elementsOf(type));
    }
    return whole;
  }

  #bytesOf(tile: CheckedTile): number {
    const { columns, rows } = tileShape(tile);
    return columns * rows * bytesPerPixel(this.info.type);
  }

  #checkLength(bytes: Uint8Array, expected: number): void {
    if (bytes.length === expected) return;
    const text = `the server gave ${bytes.length} bytes of Pixels ${this.info.id} where ${expected} were asked for`;
    throw new ServerError("SERVER_FAILURE", text);
  }
}
