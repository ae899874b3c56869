/** The pixels in images and containers, and whether settings fit others'. */
import { apiUsage } from "../../exceptions.js";
import { javaName } from "../../model/java-names.js";
import type { StoredObject } from "../../model/object-store.js";
import { StoredPixels } from "../../pixels/stored-pixels.js";
import type { Access } from "../../world/access.js";
import type { World } from "../../world/world.js";

/** How to get from a container to what is in it: class and member of what refers to it, then where that leads. */
const STEPS: Record<string, readonly { readonly className: string; readonly by: string; readonly to?: string }[]> = {
  Project: [{ className: "ProjectDatasetLink", by: "parent", to: "child" }],
  Dataset: [{ className: "DatasetImageLink", by: "parent", to: "child" }],
  Screen: [{ className: "ScreenPlateLink", by: "parent", to: "child" }],
  Plate: [{ className: "Well", by: "plate" }],
  Well: [{ className: "WellSample", by: "well", to: "image" }],
  PlateAcquisition: [{ className: "WellSample", by: "plateAcquisition", to: "image" }],
  Image: [{ className: "Pixels", by: "image" }],
};

const CONTAINERS = ["Project", "Dataset", "Image", "Plate", "Screen", "PlateAcquisition", "Pixels"];

/** @throws IceUserException ApiUsageException for a class that contains no pixels. */
export function pixelsIn(world: World, access: Access, type: string, ids: BigInt64Array): StoredPixels[] {
  const className = world.model.resolve(type);
  if (!className || !CONTAINERS.includes(className)) {
    const found = className ? javaName(world.model, className) : type;
    const allowed = CONTAINERS.join(", ");
    throw apiUsage(`Class parameter for changing settings must be in {${allowed}}, not class ${found}`);
  }
  const found = new Map<bigint, StoredPixels>();
  for (const id of ids) {
    const object = world.store.get(className, id);
    if (!object) continue;
    for (const pixels of below(world, access, object)) found.set(pixels.id, new StoredPixels(world, pixels));
  }
  return [...found.values()];
}

function* below(world: World, access: Access, object: StoredObject): Generator<StoredObject> {
  if (!access.canRead(object)) return;
  if (object.className === "Pixels") yield object;
  for (const { className, by, to } of STEPS[object.className] ?? []) {
    for (const step of world.store.referring(className, by, object)) {
      const next = to === undefined ? step : world.referenced(step, to);
      if (next) yield* below(world, access, next);
    }
  }
}

/** Whether settings of one fit the other: same type, as many channels, the same emission wavelengths. */
export function isSimilar(world: World, a: StoredPixels, b: StoredPixels): boolean {
  const [from, to] = [a, b].map((pixels) => pixels.channels.map((channel) => emission(world, channel)));
  const isAlike = a.layout.kind === b.layout.kind && a.layout.sizes.c === b.layout.sizes.c;
  return isAlike && to!.every((wave) => from!.includes(wave));
}

function emission(world: World, channel: StoredObject): number | undefined {
  const wave = world.referenced(channel, "logicalChannel")?.values.emissionWave;
  return (wave as { value: number } | null | undefined)?.value;
}

export function imageOf(pixels: StoredPixels): bigint {
  return (pixels.object.values.image as { id: bigint }).id;
}
