/** How the session's ServiceFactory gives each service. */
import { loadSchema, serviceIds } from "./schema.js";

export const FACTORY = "::omero::api::ServiceFactory";
const STATEFUL = "::omero::api::StatefulServiceInterface";

export interface ServiceGetter {
  readonly name: string;
  /** Services that keep something between calls are made, not got: their getters are called `create...`. */
  readonly stateless: boolean;
}

let getters: ReadonlyMap<string, ServiceGetter> | undefined;

/** The operation of ServiceFactory that gives a service: the one without parameters whose result is its proxy. */
export function factoryGetter(sliceId: string): ServiceGetter | undefined {
  getters ??= findGetters();
  return getters.get(sliceId);
}

/** Whether a service keeps something between calls. A server bears one call at a time on such a service. */
export function isStateful(sliceId: string): boolean {
  return serviceIds(sliceId).includes(STATEFUL);
}

function findGetters(): Map<string, ServiceGetter> {
  const found = new Map<string, ServiceGetter>();
  for (const { name, parameters, results } of loadSchema().findService(FACTORY)!.operations.values()) {
    const result = results[0]?.id;
    if (parameters.length > 0 || !result?.endsWith("*") || found.has(result.slice(0, -1))) continue;
    found.set(result.slice(0, -1), { name, stateless: !name.startsWith("create") });
  }
  return found;
}
