/** The pixels of an image: planes, tiles and cubes as arrays of numbers. */
import type { OnProgress } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/connection.js";
import { invalidArgument } from "../../errors.js";
import { CallbackWatch } from "../../flow/callbacks.js";
import { inBackground } from "../../flow/failures.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { sourceFailure } from "../../formats/callers-source.js";
import { cacheOf, type StoreOption } from "../../store/cache/store-option.js";
import { type HistogramOptions, readHistogram } from "./histogram.js";
import { IdleStores } from "./idle-stores.js";
import { throughStore } from "./kept-tiles.js";
import type { PixelArray, PixelTypeName } from "./pixel-arrays.js";
import { type CubeOptions, cubePlan, type PixelCube, readCube } from "./pixel-cube.js";
import { PixelStores } from "./pixel-stores.js";
import type { PixelsInfo } from "./pixels-info.js";
import {
  allPlanes,
  type CheckedTile,
  checkedTile,
  type PlanePlace,
  type TileGridOptions,
  type TilePlace,
  tileGrid,
  tileShape,
} from "./plane-places.js";
import { readTiles, ServerTiles, type TileReading, type TileSource } from "./read-tiles.js";
import { levelsOf, type ResolutionLevel } from "./resolution-levels.js";
import { PixelStatistics, type ValueStatistics } from "./value-statistics.js";

/** What every reading of pixels takes. */
export interface ReadPixelsOptions extends StoreOption {
  /** Stops the reading: it throws an AbortError at once. */
  readonly signal?: AbortSignal | undefined;
  /** Told of planes, or tiles, read. */
  readonly onProgress?: OnProgress | undefined;
}

/** What a reading of many planes or tiles takes besides. */
export interface IteratePixelsOptions extends ReadPixelsOptions {
  /**
   * Whether memory is used again: the array of a plane, or tile, is then only as it was until the next one is asked for. 2,000 planes
   * take the memory of some 10 MiB so; otherwise what is dropped waits for the garbage collector. Default false. It does not go with `store`.
   */
  readonly reuse?: boolean | undefined;
}

const READ_PIXELS_OPTIONS: OptionNames<IteratePixelsOptions> = {
  store: true,
  signal: true,
  onProgress: true,
  reuse: true,
};

/** A plane, or a part of one. A store of `omero2frame/store` takes it as an image. */
export interface PixelPlane {
  /** One element a pixel, row by row, in the machine's byte order; two a pixel for complex numbers. */
  readonly data: PixelArray;
  /** Rows and columns; for complex numbers also 2. */
  readonly shape: readonly number[];
  /** OMERO's name of the type of each pixel. */
  readonly type: PixelTypeName;
  /** Section, from 0. */
  readonly z: number;
  /** Channel, from 0. */
  readonly c: number;
  /** Time point, from 0. */
  readonly t: number;
  /** First column, from 0. */
  readonly x: number;
  /** First row, from 0. */
  readonly y: number;
}

/**
 * The pixels of an image, as `image.pixels`. Nothing is read before it is asked for. Where many planes are wanted, ask for them at
 * once: {@link planes} brings several by one call and reads ahead, in bounded memory.
 *
 * @example
 * const { data, shape } = await image.pixels.getPlane({ z: 3, c: 1 });
 * for await (const plane of image.pixels.planes()) console.log(plane.z, plane.c, plane.t, plane.data[0]);
 */
export class ImagePixels {
  /** Size and type. */
  readonly info: PixelsInfo;
  readonly #connection: OmeroConnection;
  readonly #idle = new IdleStores();

  /** @param info as the server told it */
  constructor(connection: OmeroConnection, info: PixelsInfo) {
    this.#connection = connection;
    this.info = info;
  }

  /**
   * A plane.
   * @throws ArgumentError `INVALID_ARGUMENT` for a plane that the image does not have; AbortError; ServerError
   * @example
   * const { data, shape: [rows, columns] } = await image.pixels.getPlane({ z: 0, c: 1, t: 0 });
   */
  getPlane(place: PlanePlace & ReadPixelsOptions = {}): Promise<PixelPlane> {
    return this.getTile(place);
  }

  /**
   * Part of a plane.
   * @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image; AbortError; ServerError
   * @example
   * const corner = await image.pixels.getTile({ z: 0, c: 1, t: 0, x: 0, y: 0, width: 64, height: 64 });
   */
  async getTile({ store, signal, onProgress, ...place }: TilePlace & ReadPixelsOptions = {}): Promise<PixelPlane> {
    let tile: PixelPlane | undefined;
    for await (const plane of this.tiles([place], { store, signal, onProgress })) tile = plane;
    return tile!;
  }

  /**
   * Planes in the order they are named; all of the image unless they are: time points fastest, then
   * channels, then sections, as `createImage` takes them.
   * @throws ArgumentError `INVALID_ARGUMENT` for a plane that the image does not have; AbortError; ServerError
   * @example
   * for await (const { z, data } of image.pixels.planes([{ z: 0 }, { z: 1 }, { z: 2 }])) console.log(z, Math.max(...data));
   */
  planes(
    places: Iterable<PlanePlace> = [...allPlanes(this.info)],
    options: IteratePixelsOptions = {},
  ): AsyncGenerator<PixelPlane, void, undefined> {
    return this.tiles(places, options);
  }

  /**
   * Parts of planes, in the order they are named.
   * @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image; AbortError; ServerError
   * @example
   * const sections = [0, 1, 2].map((z) => ({ z, x: 50, y: 50, width: 10, height: 10 }));
   * for await (const tile of image.pixels.tiles(sections)) console.log(tile.z, tile.data);
   */
  async *tiles(
    places: Iterable<TilePlace>,
    options: IteratePixelsOptions = {},
  ): AsyncGenerator<PixelPlane, void, undefined> {
    checkOptions(options, READ_PIXELS_OPTIONS, "planes");
    if (options.store !== undefined) cacheOf(options.store);
    if (options.store !== undefined && options.reuse === true) {
      throw invalidArgument("reuse does not go with a store, which keeps the arrays: leave out one of them");
    }
    if (!isIterable(places)) throw invalidArgument("planes and tiles take a list of places: [{ z: 0, c: 1, t: 0 }]");
    // A list is looked through before anything is sent.
    const checked = Array.isArray(places)
      ? places.map((place) => checkedTile(place, this.info))
      : this.#eachChecked(places);
    const total = Array.isArray(places) ? places.length : undefined;
    const watch = new CallbackWatch();
    try {
      yield* this.#read(checked, { ...watch.watched(options), total });
      await watch.settled();
    } catch (error) {
      throw watch.reasonOf(error);
    }
  }

  /**
   * A part of all five axes as one array, which must fit into memory.
   * @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image; AbortError; ServerError
   * @example
   * const { data, shape } = await image.pixels.hypercube({ z: [0, 10], c: 1 }); // shape: time points, channels, sections, rows, columns
   */
  async hypercube(options: CubeOptions & ReadPixelsOptions = {}): Promise<PixelCube> {
    const { store, signal, onProgress, ...cube } = options;
    const plan = cubePlan(cube, this.info);
    const { tiles } = plan;
    const reading = { store, reuse: store === undefined, signal, onProgress, total: tiles.length };
    return readCube(plan, this.info, this.#read(tiles, reading));
  }

  /**
   * Least, greatest and mean value, and their deviation, of planes: all of the image unless they are named. NaN is left out.
   * @throws as {@link planes} does
   * @example
   * const { minimum, maximum, mean } = await image.pixels.statistics([{ c: 0 }]);
   */
  async statistics(places?: Iterable<TilePlace>, options: ReadPixelsOptions = {}): Promise<ValueStatistics> {
    const statistics = new PixelStatistics();
    const reading = { ...options, reuse: options.store === undefined };
    for await (const { data } of this.tiles(places ?? [...allPlanes(this.info)], reading)) statistics.add(data);
    return statistics.result();
  }

  /**
   * How often values occur in a plane, or a part of one, as the server counts them: equal bins from the least to the greatest value
   * of the plane, or with `globalRange` of the channel.
   * @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image; AbortError; ServerError
   * @example
   * const counts = await image.pixels.histogram({ c: 1, z: 3, bins: 256 });
   */
  async histogram(options: HistogramOptions = {}): Promise<Int32Array> {
    const stores = new PixelStores(this.#connection, this.info);
    try {
      return await readHistogram(stores, this.info, options);
    } finally {
      inBackground(stores.close());
    }
  }

  /**
   * The sizes in which the server keeps the image, the largest first: more than one of large images.
   * @example
   * const levels = await image.pixels.resolutionLevels(); // [{ level: 2, sizeX: 4000, sizeY: 3200 }, { level: 1, sizeX: 2000, ...
   */
  async resolutionLevels({ signal }: Pick<ReadPixelsOptions, "signal"> = {}): Promise<readonly ResolutionLevel[]> {
    const stores = new PixelStores(this.#connection, this.info);
    try {
      return await stores.with((store) => levelsOf(store, signal));
    } finally {
      inBackground(stores.close());
    }
  }

  /**
   * The pixels in one of the sizes that the server keeps. All that is read of them is in pixels of that size.
   * @param level 0 for the smallest, as {@link resolutionLevels} counts
   * @throws ArgumentError `INVALID_ARGUMENT` for a level that there is not
   * @example
   * const overview = await image.pixels.atLevel(0);
   * const { data, shape } = await overview.getPlane({ z: 0, c: 1 });
   */
  async atLevel(level: number, { signal }: Pick<ReadPixelsOptions, "signal"> = {}): Promise<ImagePixels> {
    const levels = await this.resolutionLevels({ signal });
    const found = levels.find((each) => each.level === level);
    if (found === undefined) {
      throw invalidArgument(`level is ${String(level)}; the image has ${levels.length}, counted from 0, the smallest`);
    }
    if (level === levels.length - 1) return this;
    return new ImagePixels(this.#connection, { ...this.info, ...found });
  }

  /**
   * The places of all tiles of a plane, row by row; those at its right and lower edges are smaller.
   * @throws ArgumentError `INVALID_ARGUMENT` for a plane that the image does not have, or sizes below 1
   * @example
   * for await (const tile of image.pixels.tiles(image.pixels.tileGrid({ z: 3, width: 512, height: 512 }))) console.log(tile.x, tile.y);
   */
  tileGrid(options: TileGridOptions = {}): TilePlace[] {
    return tileGrid(options, this.info);
  }

  toJSON(): PixelsInfo {
    return this.info;
  }

  *#eachChecked(places: Iterable<TilePlace>): Generator<CheckedTile> {
    for (const place of fromCaller(places)) yield checkedTile(place, this.info);
  }

  async *#read(
    tiles: Iterable<CheckedTile>,
    options: TileReading & IteratePixelsOptions,
  ): AsyncGenerator<PixelPlane, void, undefined> {
    const stores = this.#idle.take() ?? new PixelStores(this.#connection, this.info);
    let isDone = false;
    try {
      const server = new ServerTiles(this.info, stores, options.reuse);
      const source: TileSource = await throughStore(server, this.#connection, options, options.signal);
      for await (const { tile, data } of readTiles(source, tiles, options)) yield this.#plane(tile, data);
      isDone = true;
    } finally {
      // A server may still be at calls that nobody waits for any more.
      if (isDone) this.#idle.keep(stores);
      else inBackground(stores.close());
    }
  }

  #plane(tile: CheckedTile, data: PixelArray): PixelPlane {
    const { columns, rows } = tileShape(tile);
    const { z, c, t, x, y } = tile;
    const shape = data.length === columns * rows ? [rows, columns] : [rows, columns, 2];
    return { data, shape, type: this.info.type, z, c, t, x, y };
  }
}

/** @throws CallerError `SOURCE_FAILED` where whoever makes the places fails */
function* fromCaller<Place>(places: Iterable<Place>): Generator<Place> {
  try {
    yield* places;
  } catch (error) {
    throw sourceFailure(error, undefined);
  }
}

function isIterable(places: unknown): boolean {
  return typeof places === "object" && places !== null && Symbol.iterator in places;
}
