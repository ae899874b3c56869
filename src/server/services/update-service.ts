/** `omero::api::IUpdate`: saving and deleting objects. */
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage, securityViolation, validation } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { ObjectReference, StoredObject } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import { removeContents } from "../world/graph/delete-objects.js";
import { linksOf } from "../world/graph/graph-edges.js";
import { planOf, saveObjects } from "../world/save.js";
import type { World } from "../world/world.js";
import type { SessionContext } from "./context.js";

type Objects = readonly (Instance | null)[];

export class UpdateService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  saveObject(object: Instance | null, current: Current): void {
    this.#save([object], current);
  }

  saveArray(objects: Objects, current: Current): void {
    this.#save(objects, current);
  }

  saveCollection(objects: Objects, current: Current): void {
    this.#save(objects, current);
  }

  saveAndReturnObject(object: Instance | null, current: Current): Instance {
    return this.saveAndReturnArray([object], current)[0]!;
  }

  saveAndReturnArray(objects: Objects, current: Current): Instance[] {
    return saveAndLoad(this.#context, this.#context.access(current), objects);
  }

  saveAndReturnIds(objects: Objects, current: Current): BigInt64Array {
    return BigInt64Array.from(this.#save(objects, current).references, ({ id }) => id);
  }

  /** Deletes one object and the links that it is an end of; what else refers to it keeps it. */
  async deleteObject(object: Instance | null, current: Current): Promise<void> {
    const { world } = this.#context;
    const access = this.#context.access(current);
    const id = (object?.id as { val: bigint } | null | undefined)?.val;
    if (!object || id === undefined) throw apiUsage("Only an object with an id can be deleted");
    const stored = world.find(access, object.iceId, id);
    if (!stored) throw validation(`No such object: ${object.iceId} ${id}`);
    const { className } = stored;
    if (!access.rights(stored).delete) throw securityViolation(`Cannot delete ${className}:Id_${id}`);
    const links = [...linksOf(world, stored, "parent"), ...linksOf(world, stored, "child")];
    const referrer = referrersOf(world, stored).find((found) => !links.includes(found));
    if (referrer) throw validation(`${className}:Id_${id} is referred to by ${referrer.className}:Id_${referrer.id}`);
    world.store.transaction(() => {
      for (const gone of [...links, stored]) world.store.delete(gone.className, gone.id);
    });
    await removeContents(world, [stored]);
  }

  indexObject(): void {}

  #save(objects: Objects, current: Current): { access: Access; references: ObjectReference[] } {
    const access = this.#context.access(current);
    return { access, references: saveObjects(this.#context.world, access, objects) };
  }
}

function referrersOf({ model, store }: World, object: StoredObject): StoredObject[] {
  return model
    .descendants("IObject")
    .flatMap((name) =>
      [...model.members(name).values()].flatMap((member) =>
        member.kind === "reference" ? store.referring(name, member.name, object) : [],
      ),
    );
}

/** Saves objects, and gives them back with as much loaded as was sent loaded. */
export function saveAndLoad({ world }: SessionContext, access: Access, objects: Objects): Instance[] {
  const references = saveObjects(world, access, objects);
  const materializer = world.materializer(access);
  return references.map(({ className, id }, index) =>
    materializer.load(world.store.get(className, id)!, planOf(world, objects[index]!)),
  );
}
