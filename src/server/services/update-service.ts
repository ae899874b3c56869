/** `omero::api::IUpdate`: saving and deleting objects. */
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage, validation } from "../exceptions.js";
import { javaName } from "../model/java-names.js";
import type { Instance } from "../model/materialize.js";
import type { ObjectReference, StoredObject } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import { removeContents } from "../world/graph/delete-objects.js";
import { linksOf } from "../world/graph/graph-edges.js";
import { isListMember } from "../world/saving/required-members.js";
import { notAllowed, saveObjects } from "../world/saving/save.js";
import { planOf } from "../world/saving/saved-plan.js";
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

  /** Deletes one object with the members of its lists and the links it has; what else refers to it keeps it. */
  async deleteObject(object: Instance | null, current: Current): Promise<void> {
    const { world } = this.#context;
    const access = this.#context.access(current);
    const id = (object?.id as { val: bigint } | null | undefined)?.val;
    if (!object) return;
    if (id === undefined) throw apiUsage("Non-managed IObject entity cannot be deleted. Must have an id.");
    const gone = withParts(world, world.get(access, object.iceId, id));
    for (const part of gone) if (!access.rights(part).delete) throw notAllowed(world, "Deleting", part);
    const left = gone.flatMap((part) => referrersOf(world, part).map((referrer) => ({ part, referrer })));
    const kept = left.find(({ referrer }) => !gone.includes(referrer));
    if (kept) throw cannotDelete(world, kept.part, kept.referrer);
    world.store.transaction(() => {
      for (const { className, id: goneId } of gone) world.store.delete(className, goneId);
    });
    await removeContents(world, gone);
  }

  indexObject(): void {}

  #save(objects: Objects, current: Current): { access: Access; references: ObjectReference[] } {
    const access = this.#context.access(current);
    return { access, references: saveObjects(this.#context.world, access, objects) };
  }
}

/** Parts first. */
function withParts(world: World, object: StoredObject): StoredObject[] {
  const { model, store } = world;
  const parts = [...model.members(object.className).values()].flatMap((member) => {
    if (member.kind !== "collection" || !isListMember(model, member.className, member.inverse)) return [];
    return store.referring(member.className, member.inverse, object).flatMap((part) => withParts(world, part));
  });
  const ends = (["parent", "child"] as const).filter(
    (end) => end === "parent" || !model.isA(object.className, "Annotation"),
  );
  return [...ends.flatMap((end) => linksOf(world, object, end)), ...parts, object];
}

function cannotDelete({ model }: World, object: StoredObject, referrer: StoredObject): Error {
  const [table, other] = [object, referrer].map(({ className }) => model.rootOf(className).toLowerCase());
  const name = `${javaName(model, object.className)}#${object.id}`;
  const reason = `could not delete: [${name}]; SQL [delete from ${table} where id=?]; constraint [fk${other}_${table}]`;
  return validation(`${reason}: ${referrer.className}:Id_${referrer.id} refers to it`);
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
  materializer.knowClasses();
  return references.map(({ className, id }, index) =>
    materializer.load(world.store.get(className, id)!, planOf(world, objects[index]!)),
  );
}
