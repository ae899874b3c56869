/** Deletes objects with all that goes with them, files and tables included. */
import type { StoredObject } from "../../model/object-store.js";
import type { Access } from "../access.js";
import type { World } from "../world.js";
import { type ChildOption, deleteGraph } from "./delete-graph.js";

/**
 * All of it or nothing.
 * @returns what was deleted.
 * @throws NotAllowed if the user may not delete one of them.
 */
export async function deleteFromWorld(
  world: World,
  access: Access,
  targets: readonly StoredObject[],
  options: readonly ChildOption[],
): Promise<StoredObject[]> {
  const objects = deleteStored(world, access, targets, options);
  await removeContents(world, objects);
  return objects;
}

/** As {@link deleteFromWorld}, with the files left where they are. */
export function deleteStored(
  world: World,
  access: Access,
  targets: readonly StoredObject[],
  options: readonly ChildOption[],
): StoredObject[] {
  return world.store.transaction(() => {
    const graph = deleteGraph(world, access, targets, options);
    for (const { className, id } of graph) world.store.delete(className, id);
    return graph;
  });
}

/** Removes the files and pixels of objects that were deleted. */
export async function removeContents(world: World, objects: readonly StoredObject[]): Promise<void> {
  const files = objects.filter(({ className }) => className === "OriginalFile").map(({ id }) => id);
  if (files.length > 0) await world.removeContent(files);
  for (const { className, id } of objects) if (className === "Pixels") await world.pixels.remove(id);
}
