/** Deletes objects with all that goes with them, files and tables included. */
import type { StoredObject } from "../model/object-store.js";
import type { Access } from "./access.js";
import { type ChildOption, deleteGraph } from "./delete-graph.js";
import type { World } from "./world.js";

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
  const objects = world.store.transaction(() => {
    const graph = deleteGraph(world, access, targets, options);
    for (const { className, id } of graph) world.store.delete(className, id);
    return graph;
  });
  await world.removeContent(objects.filter(({ className }) => className === "OriginalFile").map(({ id }) => id));
  return objects;
}
