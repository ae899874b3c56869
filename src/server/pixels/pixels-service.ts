/** `omero::api::IPixels`: what pixels are, how they are shown, and new ones. */
import type { PixelsType, RInt } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { rdouble, rlong, rstring } from "../../rtypes.js";
import { apiUsage, validation } from "../exceptions.js";
import { planFrom } from "../hql/grammar/fetch-plan.js";
import type { Instance } from "../model/materialize.js";
import type { ObjectReference, StoredObject } from "../model/object-store.js";
import { findSettings, RENDERING_PLAN, settingsOf } from "../rendering/settings/settings-store.js";
import type { SessionContext } from "../services/context.js";
import type { Access } from "../world/access.js";
import { changeStored, createStored } from "../world/create-stored.js";
import { saveObjects } from "../world/saving/save.js";
import { copyPixels, createChannels, createPixels, createStatistics, type ResizedPixels } from "./make-pixels.js";
import { pixelsKind } from "./pixels-kinds.js";
import { pixelsOfImage, readPixels, StoredPixels } from "./stored-pixels.js";

const DESCRIPTION_PLAN = planFrom({
  pixelsType: {},
  channels: { statsInfo: {}, logicalChannel: {} },
});

type Sizes = [sizeX: RInt | null, sizeY: RInt | null, sizeZ: RInt | null, sizeT: RInt | null];
type Numbers = ArrayLike<number>;

export class PixelsService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  retrievePixDescription(id: bigint, current: Current): Instance {
    const { access, pixels } = this.#pixels(id, current);
    return this.#world.materializer(access).load(pixels.object, DESCRIPTION_PLAN);
  }

  /** My settings, else those of the pixels' owner, else null. */
  retrieveRndSettings(id: bigint, current: Current): Instance | null {
    const access = this.#context.access(current);
    const pixels = readPixels(this.#world, access, id);
    if (!pixels) throw validation(`Cannot read pixels id=${id}`);
    return this.#settings(access, findSettings(this.#world, access, pixels));
  }

  retrieveRndSettingsFor(id: bigint, userId: bigint, current: Current): Instance | null {
    const access = this.#context.access(current);
    return this.#settings(access, settingsOf(this.#world, access, id, userId)[0]);
  }

  /** @param userId -1 for everybody's. */
  retrieveAllRndSettings(id: bigint, userId: bigint, current: Current): Instance[] {
    const access = this.#context.access(current);
    const materializer = this.#world.materializer(access);
    return settingsOf(this.#world, access, id, userId).map((object) => materializer.load(object, RENDERING_PLAN));
  }

  loadRndSettings(id: bigint, current: Current): Instance | null {
    const access = this.#context.access(current);
    const object = this.#world.store.get("RenderingDef", id);
    return this.#settings(access, object && access.canRead(object) ? object : undefined);
  }

  saveRndSettings(settings: Instance | null, current: Current): void {
    saveObjects(this.#world, this.#context.access(current), [settings]);
  }

  getBitDepth(type: PixelsType | null): number {
    return pixelsKind(this.#typeName(type)).bits;
  }

  getEnumeration(className: string, value: string, current: Current): Instance | null {
    return this.getAllEnumerations(className, current).find((entry) => textOf(entry.value) === value) ?? null;
  }

  getAllEnumerations(written: string, current: Current): Instance[] {
    const className = this.#world.model.resolve(written);
    if (!className || !this.#world.model.isEnumeration(className)) throw apiUsage(`${written} is no enumeration`);
    return this.#context.loadAll(this.#context.access(current), this.#world.store.all(className));
  }

  /** @param channels one for each channel; what they say is not kept. */
  createImage(
    sizeX: number,
    sizeY: number,
    sizeZ: number,
    sizeT: number,
    channels: Numbers,
    type: PixelsType | null,
    name: string,
    description: string,
    current: Current,
  ) {
    if (channels.length === 0) throw validation("Channel list must be filled.");
    const access = this.#context.access(current);
    const pixelsType = this.#type(type);
    return this.#world.store.transaction(() => {
      const image = createStored(this.#world, access, "Image", {
        name: rstring(name),
        description: rstring(description),
      });
      const sizes = { sizeX, sizeY, sizeZ, sizeT, sizeC: channels.length };
      const pixels = createPixels(this.#world, access, image, { ...sizes, pixelsType });
      createChannels(this.#world, access, pixels, channels.length);
      return rlong(image.id);
    });
  }

  copyAndResizePixels(id: bigint, ...rest: [...Sizes, Numbers, string, boolean, Current]) {
    const [sizeX, sizeY, sizeZ, sizeT, channels, methodology, withStatistics, current] = rest;
    const { access, pixels: source } = this.#pixels(id, current);
    const sizes = resized(sizeX, sizeY, sizeZ, sizeT);
    const image = source.object.values.image as ObjectReference;
    const copy = { source, image, sizes, channels: chosen(channels), methodology, withStatistics };
    return rlong(this.#world.store.transaction(() => copyPixels(this.#world, access, copy)).id);
  }

  copyAndResizeImage(id: bigint, ...rest: [...Sizes, Numbers, string, boolean, Current]) {
    const [sizeX, sizeY, sizeZ, sizeT, channels, name, withStatistics, current] = rest;
    const access = this.#context.access(current);
    const from = this.#world.get(access, "Image", id);
    const sizes = resized(sizeX, sizeY, sizeZ, sizeT);
    return this.#world.store.transaction(() => {
      const image = createStored(this.#world, access, "Image", imageValues(from, name));
      for (const object of pixelsOfImage(this.#world, id)) {
        const source = new StoredPixels(this.#world, object);
        const copied = { source, image, sizes, channels: chosen(channels), methodology: undefined, withStatistics };
        copyPixels(this.#world, access, copied);
      }
      return rlong(image.id);
    });
  }

  /** Makes the channel's statistics where there are none. */
  setChannelGlobalMinMax(id: bigint, index: number, least: number, greatest: number, current: Current): void {
    const { access, pixels } = this.#pixels(id, current);
    const channel = pixels.channel(index);
    this.#world.checkEdit(access, channel);
    const stats = this.#world.referenced(channel, "statsInfo");
    this.#world.store.transaction(() => {
      if (stats) changeStored(this.#world, stats, { globalMin: rdouble(least), globalMax: rdouble(greatest) });
      else {
        const statsInfo = createStatistics(this.#world, access.in(channel.group), [least, greatest]);
        changeStored(this.#world, channel, { statsInfo });
      }
    });
  }

  get #world() {
    return this.#context.world;
  }

  #pixels(id: bigint, current: Current): { access: Access; pixels: StoredPixels } {
    const access = this.#context.access(current);
    return { access, pixels: new StoredPixels(this.#world, this.#world.get(access, "Pixels", id)) };
  }

  #settings(access: Access, object: StoredObject | undefined): Instance | null {
    return object ? this.#world.materializer(access).load(object, RENDERING_PLAN) : null;
  }

  /** The type as it is stored: clients may name it, or send its id alone. */
  #type(type: PixelsType | null): ObjectReference {
    const id = type?.id?.val ?? this.#world.enumerationId("PixelsType", this.#typeName(type));
    if (!this.#world.store.get("PixelsType", id)) throw validation(`No such PixelsType with id ${id}`);
    return { className: "PixelsType", id };
  }

  #typeName(type: PixelsType | null): string {
    const stored = type?.id && this.#world.store.get("PixelsType", type.id.val);
    return textOf(stored ? stored.values.value : type?.value);
  }
}

/** What a copy of an image has of it. */
function imageValues(from: StoredObject, name: string): Record<string, unknown> {
  const kept = ["acquisitionDate", "objectiveSettings", "imagingEnvironment", "experiment", "stageLabel", "instrument"];
  return { ...Object.fromEntries(kept.map((member) => [member, from.values[member] ?? null])), name: rstring(name) };
}

function resized(...sizes: Sizes): ResizedPixels {
  const names = ["sizeX", "sizeY", "sizeZ", "sizeT"] as const;
  return Object.fromEntries(names.flatMap((name, index) => (sizes[index] ? [[name, sizes[index].val]] : [])));
}

/** An empty list on the wire is none. */
function chosen(channels: Numbers): number[] | undefined {
  return channels.length === 0 ? undefined : Array.from(channels);
}

function textOf(value: unknown): string {
  return (value as { val?: string } | null | undefined)?.val ?? "";
}
