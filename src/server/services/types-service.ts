/** `omero::api::ITypes`: enumerations such as AdminPrivilege and ChecksumAlgorithm. */
import type { IObject } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage, serverError } from "../exceptions.js";
import { javaName } from "../model/java-names.js";
import type { Instance } from "../model/materialize.js";
import { needsAdministrator, type SessionContext } from "./context.js";

export class TypesService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  allEnumerations(type: string, current: Current): Instance[] {
    const { world } = this.#context;
    return this.#context.loadAll(this.#context.access(current), world.store.all(this.#enumeration(type)));
  }

  getEnumeration(type: string, value: string, current: Current): Instance {
    const found = this.allEnumerations(type, current).find((entry) => (entry.value as { val?: unknown }).val === value);
    if (!found) throw this.#noValue(type, value);
    return found;
  }

  #noValue(type: string, value: string) {
    const { model } = this.#context.world;
    return apiUsage(`An ${javaName(model, model.resolve(type)!)} enum does not exist with the value: ${value}`);
  }

  createEnumeration(enumeration: IObject | null): never {
    if (!enumeration) throw apiUsage("Argument cannot be null.");
    return this.#change();
  }

  deleteEnumeration(): never {
    return this.#change();
  }

  updateEnumeration(): never {
    return this.#change();
  }

  resetEnumerations(): never {
    return this.#change();
  }

  getOriginalEnumerations(): never {
    return this.#change();
  }

  #change(): never {
    needsAdministrator(this.#context);
    throw apiUsage("The enumerations of this server cannot be changed by clients");
  }

  getEnumerationTypes(): string[] {
    return this.#context.world.model.enumerationNames();
  }

  getAnnotationTypes(): string[] {
    return this.#context.world.model.descendants("Annotation");
  }

  getEnumerationsWithEntries(current: Current): Map<string, Instance[]> {
    const entries = this.getEnumerationTypes().map((type): [string, Instance[]] => [
      type,
      this.allEnumerations(type, current),
    ]);
    return new Map(entries.filter(([, instances]) => instances.length > 0));
  }

  #enumeration(type: string): string {
    const { model } = this.#context.world;
    const className = model.resolve(type);
    if (!className) throw apiUsage(`${type} does not specify a valid class.`);
    if (!model.isEnumeration(className)) {
      throw serverError("ApiUsageException", `${type} is not an enumeration`);
    }
    return className;
  }
}
