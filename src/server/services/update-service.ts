/** `omero::api::IUpdate`: saving and deleting objects. */
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage, securityViolation, validation } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { ObjectReference } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import { planOf, saveObjects } from "../world/save.js";
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
    const { access, references } = this.#save(objects, current);
    const { world } = this.#context;
    const materializer = world.materializer(access);
    return references.map(({ className, id }, index) =>
      materializer.load(world.store.get(className, id)!, planOf(world, objects[index]!)),
    );
  }

  saveAndReturnIds(objects: Objects, current: Current): BigInt64Array {
    return BigInt64Array.from(this.#save(objects, current).references, ({ id }) => id);
  }

  /** Deletes one object that no other refers to. */
  async deleteObject(object: Instance | null, current: Current): Promise<void> {
    const { world } = this.#context;
    const access = this.#context.access(current);
    const id = (object?.id as { val: bigint } | null | undefined)?.val;
    if (!object || id === undefined) throw apiUsage("Only an object with an id can be deleted");
    const stored = world.find(access, object.iceId, id);
    if (!stored) throw validation(`No such object: ${object.iceId} ${id}`);
    const { className } = stored;
    if (!access.rights(stored).delete) throw securityViolation(`Cannot delete ${className}:Id_${id}`);
    const referrer = world.model
      .descendants("IObject")
      .flatMap((name) =>
        [...world.model.members(name).values()].flatMap((member) =>
          member.kind === "reference" ? world.store.referring(name, member.name, stored) : [],
        ),
      )[0];
    if (referrer) throw validation(`${className}:Id_${id} is referred to by ${referrer.className}:Id_${referrer.id}`);
    world.store.delete(className, id);
    if (className === "OriginalFile") await world.removeContent([id]);
  }

  indexObject(): void {}

  #save(objects: Objects, current: Current): { access: Access; references: ObjectReference[] } {
    const access = this.#context.access(current);
    return { access, references: saveObjects(this.#context.world, access, objects) };
  }
}
