/** A Pixels object with its sizes and channels. */
import { internal } from "../exceptions.js";
import type { StoredObject } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import type { World } from "../world/world.js";
import { pixelsKind } from "./pixels-kinds.js";
import { PixelsLayout } from "./pixels-layout.js";

export class StoredPixels {
  readonly object: StoredObject;
  readonly layout: PixelsLayout;
  readonly channels: readonly StoredObject[];
  readonly #world: World;

  constructor(world: World, object: StoredObject) {
    this.#world = world;
    this.object = object;
    const size = (axis: string) => (object.values[`size${axis}`] as { val: number } | null)?.val ?? 0;
    const type = world.referenced(object, "pixelsType");
    this.layout = new PixelsLayout(pixelsKind((type?.values.value as { val: string } | undefined)?.val ?? ""), {
      x: size("X"),
      y: size("Y"),
      z: size("Z"),
      c: size("C"),
      t: size("T"),
    });
    this.channels = world.store.referring("Channel", "pixels", object);
  }

  get id(): bigint {
    return this.object.id;
  }

  /** @throws IceUserException InternalException for a channel that there is not. */
  channel(index: number): StoredObject {
    const channel = this.channels[index];
    if (channel) return channel;
    const found = `Index ${index} out of bounds for length ${this.channels.length}`;
    throw internal(` Wrapped Exception: (java.lang.IndexOutOfBoundsException):\n${found}`);
  }

  /** Least and greatest value of a channel, where they are known. */
  globalRange(index: number): [number, number] | undefined {
    return globalRange(this.#world, this.channel(index));
  }
}

export function globalRange(world: World, channel: StoredObject): [number, number] | undefined {
  const stats = world.referenced(channel, "statsInfo");
  if (!stats) return undefined;
  const { globalMin, globalMax } = stats.values as Record<string, { val: number } | null>;
  return globalMin && globalMax ? [globalMin.val, globalMax.val] : undefined;
}

/** Undefined where there are none, or none that the session may see. */
export function readPixels(world: World, access: Access, id: bigint): StoredPixels | undefined {
  const object = world.store.get("Pixels", id);
  return object && access.canRead(object) ? new StoredPixels(world, object) : undefined;
}

/** The Pixels of an image, first made first. */
export function pixelsOfImage(world: World, imageId: bigint): StoredObject[] {
  return world.store.referring("Pixels", "image", { className: "Image", id: imageId });
}
