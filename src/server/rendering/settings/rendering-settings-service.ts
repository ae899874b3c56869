/** `omero::api::IRenderingSettings`: rendering settings of many images at once. */
import type { Current } from "../../../connect/ice/serve/served-object.js";
import { apiUsage, securityViolation, validation } from "../../exceptions.js";
import type { Instance } from "../../model/materialize.js";
import { PixelSource } from "../../pixels/pixel-source.js";
import { readPixels, type StoredPixels } from "../../pixels/stored-pixels.js";
import type { SessionContext } from "../../services/context.js";
import type { Access } from "../../world/access.js";
import { defaultSettings, knownRange } from "./default-settings.js";
import { imageOf, isSimilar, pixelsIn } from "./rendered-images.js";
import type { RenderingSettings } from "./rendering-settings.js";
import {
  addSettings,
  changeSettings,
  findSettings,
  RENDERING_PLAN,
  readSettings,
  settingsOf,
} from "./settings-store.js";

const NOT_REMOTE = "This method allows no remote access.";
/** Most images that one call is for. */
const MAXIMUM_IMAGES = 10_000;

type Applied = Map<boolean, BigInt64Array>;

export class RenderingSettingsService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  sanityCheckPixels(): never {
    throw securityViolation(NOT_REMOTE);
  }

  createNewRenderingDef(): never {
    throw securityViolation(NOT_REMOTE);
  }

  resetDefaults(): never {
    throw securityViolation(NOT_REMOTE);
  }

  resetDefaultsNoSave(): never {
    throw securityViolation(NOT_REMOTE);
  }

  getRenderingSettings(pixelsId: bigint, current: Current): Instance | null {
    const access = this.#context.access(current);
    const pixels = readPixels(this.#world, access, pixelsId);
    const found = pixels && findSettings(this.#world, access, pixels);
    return found ? this.#world.materializer(access).load(found, RENDERING_PLAN) : null;
  }

  async resetDefaultsInImage(id: bigint, current: Current): Promise<void> {
    await this.#reset("Image", BigInt64Array.of(id), true, current);
  }

  async resetDefaultsForPixels(id: bigint, current: Current): Promise<void> {
    await this.#reset("Pixels", BigInt64Array.of(id), true, current);
  }

  async resetDefaultsInDataset(id: bigint, current: Current): Promise<BigInt64Array> {
    return this.#reset("Dataset", BigInt64Array.of(id), true, current);
  }

  async resetDefaultsInSet(type: string, ids: BigInt64Array, current: Current): Promise<BigInt64Array> {
    return this.#reset(type, ids, true, current);
  }

  async setOriginalSettingsInImage(id: bigint, current: Current): Promise<void> {
    await this.#reset("Image", BigInt64Array.of(id), false, current);
  }

  async setOriginalSettingsForPixels(id: bigint, current: Current): Promise<void> {
    await this.#reset("Pixels", BigInt64Array.of(id), false, current);
  }

  async setOriginalSettingsInDataset(id: bigint, current: Current): Promise<BigInt64Array> {
    return this.#reset("Dataset", BigInt64Array.of(id), false, current);
  }

  async setOriginalSettingsInSet(type: string, ids: BigInt64Array, current: Current): Promise<BigInt64Array> {
    return this.#reset(type, ids, false, current);
  }

  /** My settings become those of the pixels' owners. */
  resetDefaultsByOwnerInSet(type: string, ids: BigInt64Array, current: Current): BigInt64Array {
    const access = this.#context.access(current);
    const images = this.#pixelsIn(access, type, ids).flatMap((pixels) => {
      const [theirs] = settingsOf(this.#world, access, pixels.id, pixels.object.owner);
      if (!theirs || !this.#mayStore(access, pixels)) return [];
      this.#store(access, pixels, readSettings(this.#world, theirs));
      return [imageOf(pixels)];
    });
    return distinctIds(images);
  }

  /** Windows become the ranges of the channels. Answers ids of pixels, as OMERO does. */
  async resetMinMaxInSet(type: string, ids: BigInt64Array, current: Current): Promise<BigInt64Array> {
    const access = this.#context.access(current);
    const done: bigint[] = [];
    for (const pixels of this.#pixelsIn(access, type, ids)) {
      if (!this.#mayStore(access, pixels)) continue;
      const mine = this.#own(access, pixels);
      const settings = mine ? readSettings(this.#world, mine) : await defaultSettings(this.#world, pixels, undefined);
      for (const [index, channel] of settings.channels.entries()) {
        [channel.inputStart, channel.inputEnd] = pixels.globalRange(index) ?? knownRange(pixels, index);
      }
      this.#store(access, pixels, settings);
      done.push(pixels.id);
    }
    return distinctIds(done);
  }

  applySettingsToSet(from: bigint, type: string, ids: BigInt64Array, current: Current): Applied {
    const access = this.#context.access(current);
    const targets = this.#pixelsIn(access, type, ids);
    const source = readPixels(this.#world, access, from);
    if (!source) throw validation(`No pixels set with ID: ${from}`);
    const settings = findSettings(this.#world, access, source);
    const results = targets.map((pixels): [bigint, boolean] => [
      imageOf(pixels),
      pixels.id === from ||
        (settings !== undefined && this.#apply(access, source, readSettings(this.#world, settings), pixels)),
    ]);
    const of = (wanted: boolean) => distinctIds(results.flatMap(([image, done]) => (done === wanted ? [image] : [])));
    return new Map([
      [true, of(true)],
      [false, of(false)],
    ]);
  }

  applySettingsToProject(from: bigint, to: bigint, current: Current): Applied {
    return this.applySettingsToSet(from, "Project", BigInt64Array.of(to), current);
  }

  applySettingsToDataset(from: bigint, to: bigint, current: Current): Applied {
    return this.applySettingsToSet(from, "Dataset", BigInt64Array.of(to), current);
  }

  applySettingsToImages(from: bigint, to: BigInt64Array, current: Current): Applied {
    return this.applySettingsToSet(from, "Image", to, current);
  }

  applySettingsToImage(from: bigint, to: bigint, current: Current): boolean {
    return this.applySettingsToImages(from, BigInt64Array.of(to), current).get(true)!.includes(to);
  }

  applySettingsToPixels(from: bigint, to: bigint, current: Current): boolean {
    return this.applySettingsToSet(from, "Pixels", BigInt64Array.of(to), current).get(true)!.length > 0;
  }

  /** False where the settings do not fit the pixels, or may not be stored for them. */
  #apply(access: Access, source: StoredPixels, settings: RenderingSettings, target: StoredPixels): boolean {
    if (!isSimilar(this.#world, source, target) || !this.#mayStore(access, target)) return false;
    const { z, t } = target.layout.sizes;
    const mine = this.#own(access, target);
    const before = mine && readSettings(this.#world, mine);
    this.#store(access, target, {
      ...settings,
      defaultZ: settings.defaultZ < z ? settings.defaultZ : (before?.defaultZ ?? Math.trunc(z / 2)),
      defaultT: settings.defaultT < t ? settings.defaultT : (before?.defaultT ?? 0),
    });
    return true;
  }

  async #reset(type: string, ids: BigInt64Array, isMeasured: boolean, current: Current): Promise<BigInt64Array> {
    const access = this.#context.access(current);
    const images: bigint[] = [];
    for (const pixels of this.#pixelsIn(access, type, ids)) {
      if (!this.#mayStore(access, pixels)) continue;
      const hasFile = await this.#world.pixels.exists(pixels.id);
      const source = new PixelSource(this.#world.pixels, pixels.id, pixels.layout, this.#context.messageSizeMax);
      const settings = await defaultSettings(this.#world, pixels, isMeasured && hasFile ? source : undefined);
      this.#store(access, pixels, settings);
      images.push(imageOf(pixels));
    }
    return distinctIds(images);
  }

  #pixelsIn(access: Access, type: string, ids: BigInt64Array): StoredPixels[] {
    const found = pixelsIn(this.#world, access, type, ids);
    if (found.length <= MAXIMUM_IMAGES) return found;
    throw apiUsage(`${found.length} images at once: change the settings of at most ${MAXIMUM_IMAGES}`);
  }

  #mayStore(access: Access, pixels: StoredPixels): boolean {
    return access.rights(pixels.object).annotate;
  }

  #own(access: Access, pixels: StoredPixels) {
    return settingsOf(this.#world, access, pixels.id, access.user.id)[0];
  }

  #store(access: Access, pixels: StoredPixels, settings: RenderingSettings): void {
    const mine = this.#own(access, pixels);
    if (mine) changeSettings(this.#world, access, mine, settings);
    else addSettings(this.#world, access.in(pixels.object.group), pixels, settings);
  }

  get #world() {
    return this.#context.world;
  }
}

function distinctIds(ids: readonly bigint[]): BigInt64Array {
  return BigInt64Array.from(new Set(ids));
}
