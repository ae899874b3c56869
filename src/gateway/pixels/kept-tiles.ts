/** Tiles that a store keeps, as long as the pixels are the same on the server. */
import type { OmeroConnection } from "../../connect/connection.js";
import { TableError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";
import { emitWarning } from "../../flow/warnings.js";
import { type RLong, type RString, rlong } from "../../rtypes.js";
import type { StoreCache } from "../../store/cache/store-cache.js";
import { cacheOf, type StoreOption } from "../../store/cache/store-option.js";
import { inGroup, queryParameters } from "../query-parameters.js";
import { elementsOf, newPixelArray, type PixelArray } from "./pixel-arrays.js";
import type { PixelsInfo } from "./pixels-info.js";
import { type CheckedTile, tileShape } from "./plane-places.js";
import type { FetchedTiles, TileSource } from "./read-tiles.js";
import type { TileBox } from "./tile-boxes.js";

/**
 * By what a change of pixels is seen: the event of their last change, and the checksum that is taken when whoever wrote them is
 * done. Those imported with their files never change.
 */
const PIXELS_NOW = `select p.sha1, p.details.updateEvent.id, p.image.fileset.id
  from Pixels p left outer join p.image as i where p.id = :id`;
/** What a server notes for pixels that are still being written. */
const UNFINISHED = "Pending...";

/**
 * The source, or the same through the cache of an option. It asks the server whether the pixels are as they were, so that those who
 * may not read them get nothing from the store either.
 * @throws ArgumentError `INVALID_ARGUMENT` for what is no store; TableError `NOT_FOUND` where the pixels are gone
 */
export async function throughStore(
  source: TileSource,
  connection: OmeroConnection,
  { store }: StoreOption,
  signal: AbortSignal | undefined,
): Promise<TileSource> {
  const cache = store === undefined ? undefined : cacheOf(store);
  if (cache === undefined) return source;
  const { info } = source;
  const level = info.level === undefined ? "" : ` level ${info.level}`;
  const config = connection.service("::omero::api::IConfig");
  const [uuid, stamp] = await Promise.all([config.getDatabaseUuid({ signal }), pixelsStamp(connection, info, signal)]);
  if (stamp !== undefined) return new KeptTiles(source, cache, `${uuid} Pixels ${info.id}${level}`, stamp);
  emitWarning(
    `Pixels ${info.id} are not finished on the server, which takes no checksum of them: the store keeps nothing of them`,
  );
  return source;
}

/** Undefined where a change would not be seen. */
async function pixelsStamp(
  connection: OmeroConnection,
  info: PixelsInfo,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const parameters = queryParameters({ id: rlong(info.id) });
  const call = { signal, context: inGroup(info.groupId) };
  const [row] = await connection.getQueryService().projection(PIXELS_NOW, parameters, call);
  if (!row) throw new TableError("NOT_FOUND", `There are no Pixels ${info.id} that this user may read`);
  const [sha1, event, fileset] = row as unknown as [RString | null, RLong | null, RLong | null];
  if (!event || (!fileset && (!sha1 || sha1.val === UNFINISHED))) return undefined;
  const { type, sizeX, sizeY, sizeZ, sizeC, sizeT } = info;
  return JSON.stringify([String(event.val), sha1?.val, type, sizeX, sizeY, sizeZ, sizeC, sizeT]);
}

class KeptTiles implements TileSource {
  readonly #source: TileSource;
  readonly #cache: StoreCache;
  readonly #name: string;
  readonly #stamp: string;

  constructor(source: TileSource, cache: StoreCache, name: string, stamp: string) {
    this.#source = source;
    this.#cache = cache;
    this.#name = name;
    this.#stamp = stamp;
  }

  get info(): PixelsInfo {
    return this.#source.info;
  }

  /** Where one of a box is missing all are fetched. */
  async fetch(box: TileBox, signal: AbortSignal): Promise<FetchedTiles> {
    const kept: PixelArray[] = [];
    for (const tile of box.tiles) {
      const array = await this.#cache.get<PixelArray>(this.#slot(tile), signal);
      if (array === undefined || !isOfTile(array, tile, this.info)) return this.#fetch(box, signal);
      kept.push(array);
    }
    return { arrays: kept };
  }

  async #fetch(box: TileBox, signal: AbortSignal): Promise<FetchedTiles> {
    const fetched = await this.#source.fetch(box, signal);
    for (const [index, tile] of box.tiles.entries()) {
      await ifPossible(this.#cache.set(this.#slot(tile), fetched.arrays[index]!, signal));
    }
    return fetched;
  }

  #slot({ z, c, t, x, y, width, height, stepX, stepY }: CheckedTile) {
    return { key: `${this.#name} ${JSON.stringify([z, c, t, x, y, width, height, stepX, stepY])}`, stamp: this.#stamp };
  }
}

/** Whether a tile has such pixels: anyone may write to a store. */
function isOfTile(array: unknown, tile: CheckedTile, { type }: PixelsInfo): boolean {
  const { columns, rows } = tileShape(tile);
  const isOfType = (array as PixelArray | null)?.constructor === newPixelArray(type, 0).constructor;
  return isOfType && (array as PixelArray).length === columns * rows * elementsOf(type);
}
