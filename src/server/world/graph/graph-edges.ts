/** How objects hang together: what is part of what, what belongs to whom, and what links join. */
import { isReference, type StoredObject } from "../../model/object-store.js";
import type { World } from "../world.js";

/** Members through which an object is part of another and goes with it. */
export const PARTS: Record<string, readonly string[]> = {
  Channel: ["pixels"],
  ChannelBinding: ["renderingDef"],
  CodomainMapContext: ["channelBinding"],
  FileAnnotation: ["file"],
  FilesetEntry: ["fileset"],
  Pixels: ["image"],
  PixelsOriginalFileMap: ["child", "parent"],
  PlaneInfo: ["pixels"],
  PlateAcquisition: ["plate"],
  ProjectionDef: ["renderingDef"],
  Reagent: ["screen"],
  RenderingDef: ["pixels"],
  Roi: ["image"],
  Shape: ["roi"],
  Thumbnail: ["pixels"],
  Well: ["plate"],
  WellSample: ["well", "image"],
};

/** Members that point to objects which go when the last one that points to them goes. */
export const OWNED: Record<string, readonly string[]> = {
  Channel: ["logicalChannel", "statsInfo"],
  FileAnnotation: ["file"],
  RenderingDef: ["quantization"],
  WellSample: ["image"],
};

/** What is below an object: its parts, what its links lead to, and what it owns. */
export function childrenOf(world: World, object: StoredObject): StoredObject[] {
  const { model, store } = world;
  const parts = Object.entries(PARTS).flatMap(([className, members]) =>
    members.flatMap((member) =>
      refersTo(world, className, member, object) ? store.referring(className, member, object) : [],
    ),
  );
  const linked = linksOf(world, object, "parent").flatMap((link) => world.referenced(link, "child") ?? []);
  const owned = Object.entries(OWNED).flatMap(([className, members]) =>
    model.isA(object.className, className) ? members.flatMap((member) => world.referenced(object, member) ?? []) : [],
  );
  return [...parts.filter(({ className }) => className !== "FileAnnotation"), ...linked, ...owned];
}

/** What is above an object. */
export function parentsOf(world: World, object: StoredObject): StoredObject[] {
  const { model, store } = world;
  const wholes = Object.entries(PARTS).flatMap(([className, members]) =>
    className !== "FileAnnotation" && model.isA(object.className, className)
      ? members.flatMap((member) => world.referenced(object, member) ?? [])
      : [],
  );
  const linked = linksOf(world, object, "child").flatMap((link) => world.referenced(link, "parent") ?? []);
  const owners = Object.entries(OWNED).flatMap(([className, members]) =>
    members.flatMap((member) =>
      refersTo(world, className, member, object) ? store.referring(className, member, object) : [],
    ),
  );
  return [...wholes, ...linked, ...owners];
}

/** Links that an object is an end of. */
export function linksOf(world: World, object: StoredObject, end: "parent" | "child"): StoredObject[] {
  return linkClasses(world, object, end).flatMap((className) => world.store.referring(className, end, object));
}

function linkClasses({ model }: World, { className }: StoredObject, end: "parent" | "child"): string[] {
  return model.descendants("IObject").filter((link) => {
    const member = model.isLink(link) && link !== "GroupExperimenterMap" ? model.member(link, end) : undefined;
    return member?.kind === "reference" && model.isA(className, member.className);
  });
}

function refersTo({ model }: World, className: string, member: string, object: StoredObject): boolean {
  const reference = model.member(className, member);
  return reference?.kind === "reference" && model.rootOf(object.className) === model.rootOf(reference.className);
}

/** Whether an object refers to one of those in a set of keys, as its link or part. */
export function ends(link: StoredObject): { className: string; id: bigint }[] {
  return [link.values.parent, link.values.child].filter(isReference);
}
