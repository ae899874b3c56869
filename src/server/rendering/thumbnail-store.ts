/** `omero::api::ThumbnailStore`: small pictures of pixels. */

import type { RInt } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { rint, rstring } from "../../rtypes.js";
import { apiUsage, internal, resourceError, validation } from "../exceptions.js";
import { PixelSource } from "../pixels/pixel-source.js";
import { readPixels, type StoredPixels } from "../pixels/stored-pixels.js";
import { StatefulServant } from "../services/stateful-servant.js";
import type { Access } from "../world/access.js";
import { changeStored, createStored } from "../world/create-stored.js";
import { defaultSettings } from "./settings/default-settings.js";
import type { RenderingSettings } from "./settings/rendering-settings.js";
import { addSettings, findSettings, readSettings } from "./settings/settings-store.js";
import { longestSide, type ThumbnailPlane, type ThumbnailSize, thumbnailPicture } from "./thumbnail-picture.js";

/** Longest and shortest side unless another is asked for. */
const DEFAULT_SIDE = 48;
const MAXIMUM_SIDE = 4096;
/** Pixels that one call asks for. */
const MAXIMUM_SET = 10_000;

/** As a real server that has lost its pixels in a call for many. */
const LOST = (name: string) =>
  ` Wrapped Exception: (java.lang.NullPointerException):\nCannot invoke "java.lang.Long.longValue()" because "${name}" is null`;

interface Chosen {
  readonly pixels: StoredPixels;
  readonly settings: RenderingSettings | undefined;
}

export class ThumbnailStore extends StatefulServant {
  #chosen: Chosen | "lost" | undefined;
  /** The first size asked for, which a real server keeps to for the same pixels. */
  #size: ThumbnailSize | undefined;

  /** Whether there are settings, mine or, where I may not make any, the owner's. */
  async setPixelsId(id: bigint, current: Current): Promise<boolean> {
    const access = this.context.access(current);
    const pixels = readPixels(this.#world, access, id);
    if (!pixels) throw validation(`Cannot read pixels id=${id}`);
    const found = findSettings(this.#world, access, pixels);
    const isSame = this.#chosen !== "lost" && this.#chosen?.pixels.id === id;
    if (!isSame) this.#size = undefined;
    this.#chosen = { pixels, settings: found && readSettings(this.#world, found) };
    return found !== undefined;
  }

  isInProgress(): boolean {
    return false;
  }

  setRenderingDefId(id: bigint, current: Current): void {
    const { pixels } = this.#ready;
    const object = this.#world.store.get("RenderingDef", id);
    if (!object || !this.context.access(current).canRead(object)) {
      throw validation(`No rendering definition exists with ID: ${id}`);
    }
    this.#chosen = { pixels, settings: readSettings(this.#world, object) };
  }

  getRenderingDefId(): bigint {
    const id = this.#chosen === "lost" ? undefined : this.#chosen?.settings?.id;
    if (id === undefined) throw apiUsage("No rendering def");
    return id;
  }

  async getThumbnail(sizeX: RInt | null, sizeY: RInt | null, current: Current): Promise<Uint8Array> {
    const { pixels, settings } = this.#withSettings;
    this.#size ??= sides(sizeX, sizeY);
    this.#note(pixels, this.#size, current);
    return this.#picture(pixels, settings, this.#size, {});
  }

  async getThumbnailWithoutDefault(sizeX: RInt | null, sizeY: RInt | null, current: Current): Promise<Uint8Array> {
    return this.getThumbnail(sizeX, sizeY, current);
  }

  async getThumbnailByLongestSide(size: RInt | null, current: Current): Promise<Uint8Array> {
    const { pixels } = this.#withSettings;
    const { width, height } = longestSide(pixels, sides(size, size).width);
    return this.getThumbnail(rint(width), rint(height), current);
  }

  async getThumbnailDirect(sizeX: RInt | null, sizeY: RInt | null): Promise<Uint8Array> {
    const { pixels, settings } = this.#withSettings;
    return this.#picture(pixels, settings, sides(sizeX, sizeY), {});
  }

  async getThumbnailByLongestSideDirect(size: RInt | null): Promise<Uint8Array> {
    const { pixels, settings } = this.#withSettings;
    return this.#picture(pixels, settings, longestSide(pixels, sides(size, size).width), {});
  }

  async getThumbnailForSectionDirect(
    theZ: number,
    theT: number,
    sizeX: RInt | null,
    sizeY: RInt | null,
  ): Promise<Uint8Array> {
    const { pixels, settings } = this.#withSettings;
    return this.#picture(pixels, settings, sides(sizeX, sizeY), { z: theZ, t: theT });
  }

  async getThumbnailForSectionByLongestSideDirect(theZ: number, theT: number, size: RInt | null): Promise<Uint8Array> {
    const { pixels, settings } = this.#withSettings;
    return this.#picture(pixels, settings, longestSide(pixels, sides(size, size).width), { z: theZ, t: theT });
  }

  async getThumbnailSet(sizeX: RInt | null, sizeY: RInt | null, ids: BigInt64Array, current: Current) {
    const size = sides(sizeX, sizeY);
    return this.#set(ids, () => size, current);
  }

  async getThumbnailByLongestSideSet(size: RInt | null, ids: BigInt64Array, current: Current) {
    const { width } = sides(size, size);
    return this.#set(ids, (pixels) => longestSide(pixels, width), current);
  }

  async createThumbnail(sizeX: RInt | null, sizeY: RInt | null, current: Current): Promise<void> {
    await this.getThumbnail(sizeX, sizeY, current);
  }

  createThumbnails(): void {
    void this.#ready;
  }

  async createThumbnailsByLongestSideSet(size: RInt | null, ids: BigInt64Array, current: Current): Promise<void> {
    await this.getThumbnailByLongestSideSet(size, ids, current);
  }

  /** Whether one was made before, other than directly. */
  thumbnailExists(sizeX: RInt | null, sizeY: RInt | null, current: Current): boolean {
    if (this.#chosen === "lost") throw internal(LOST("pixelsId"));
    const { pixels } = this.#withSettings;
    return this.#thumbnail(pixels, sides(sizeX, sizeY), this.context.access(current)) !== undefined;
  }

  /** Makes settings where there are none. */
  async resetDefaults(current: Current): Promise<void> {
    if (this.#chosen === "lost" || this.#ready.settings) {
      throw apiUsage(
        "The thumbnail service only resets **empty** rendering settings. " +
          "Resetting of existing settings should either be performed using the RenderingEngine or IRenderingSettings.",
      );
    }
    const { pixels } = this.#ready;
    this.#chosen = { pixels, settings: await this.#makeSettings(this.context.access(current), pixels) };
  }

  /** Pictures by id of the pixels; those that cannot be read or made are left out. */
  async #set(ids: BigInt64Array, sizeOf: (pixels: StoredPixels) => ThumbnailSize, current: Current) {
    if (ids.length > MAXIMUM_SET) throw apiUsage(`${ids.length} thumbnails at once: ask for at most ${MAXIMUM_SET}`);
    const access = this.context.access(current);
    this.#chosen = this.#chosen && "lost";
    const made = new Map<bigint, Uint8Array>();
    for (const id of new Set(ids)) {
      const pixels = readPixels(this.#world, access, id);
      if (!pixels || !(await this.#world.pixels.exists(id))) continue;
      const found = findSettings(this.#world, access, pixels);
      const settings = found ? readSettings(this.#world, found) : await this.#makeSettings(access, pixels);
      const size = sizeOf(pixels);
      this.#note(pixels, size, current);
      made.set(id, await this.#picture(pixels, settings, size, {}));
    }
    return made;
  }

  async #makeSettings(access: Access, pixels: StoredPixels): Promise<RenderingSettings> {
    const settings = await defaultSettings(this.#world, pixels, this.#source(pixels));
    if (!access.rights(pixels.object).annotate) return settings;
    return readSettings(this.#world, addSettings(this.#world, access.in(pixels.object.group), pixels, settings));
  }

  async #picture(
    pixels: StoredPixels,
    settings: RenderingSettings,
    size: ThumbnailSize,
    plane: ThumbnailPlane,
  ): Promise<Uint8Array> {
    if (!(await this.#world.pixels.exists(pixels.id)))
      throw resourceError(`There are no pixels for id=${pixels.id} yet`);
    return thumbnailPicture({
      pixels,
      source: this.#source(pixels),
      tables: this.#world.lookupTables,
      settings,
      size,
      plane,
    });
  }

  #source(pixels: StoredPixels): PixelSource {
    return new PixelSource(this.#world.pixels, pixels.id, pixels.layout, this.context.messageSizeMax);
  }

  /** Thumbnails are made anew for each call; what is stored says that one was, and how often settings changed since. */
  #note(pixels: StoredPixels, size: ThumbnailSize, current: Current): void {
    const access = this.context.access(current);
    const known = this.#thumbnail(pixels, size, access);
    if (known) {
      const settings = findSettings(this.#world, access, pixels);
      const isOld = settings !== undefined && settings.updated > known.updated;
      const version = (known.values.version as { val: number } | null)?.val ?? 0;
      if (isOld) changeStored(this.#world, known, { version: rint(version + 1) });
    } else if (access.rights(pixels.object).annotate) {
      createStored(this.#world, access.in(pixels.object.group), "Thumbnail", {
        pixels: pixels.object,
        mimeType: rstring("image/jpeg"),
        sizeX: rint(size.width),
        sizeY: rint(size.height),
      });
    }
  }

  #thumbnail(pixels: StoredPixels, { width, height }: ThumbnailSize, access: Access) {
    const has = (value: unknown, side: number) => (value as { val: number } | null | undefined)?.val === side;
    return this.#world.store
      .referring("Thumbnail", "pixels", pixels.object)
      .find(({ owner, values }) => owner === access.user.id && has(values.sizeX, width) && has(values.sizeY, height));
  }

  get #world() {
    return this.context.world;
  }

  get #ready(): Chosen {
    if (this.#chosen === "lost") throw internal(LOST("this.pixelsId"));
    if (!this.#chosen) throw apiUsage("Thumbnail service not ready: Pixels not set.");
    return this.#chosen;
  }

  get #withSettings(): { pixels: StoredPixels; settings: RenderingSettings } {
    const { pixels, settings } = this.#ready;
    if (settings) return { pixels, settings };
    const reason = `Fatal error retrieving rendering settings or settings not loaded for Pixels set id:${pixels.id}`;
    throw internal(reason);
  }
}

function sides(sizeX: RInt | null, sizeY: RInt | null): ThumbnailSize {
  const [width, height] = [sizeX?.val ?? DEFAULT_SIDE, sizeY?.val ?? DEFAULT_SIDE];
  for (const [name, size] of Object.entries({ sizeX: width, sizeY: height })) {
    if (size < 0) throw apiUsage(`${name} is negative`);
    if (size > MAXIMUM_SIDE)
      throw apiUsage(`${name} is ${size}: thumbnails have at most ${MAXIMUM_SIDE} pixels a side`);
  }
  return { width, height };
}
