import { createInstance } from "../connect/ice/schema/instance.js";
import type { Parameters } from "../connect/ice/schema/omero.js";
import type { RType } from "../rtypes.js";

/** Named values for a query of `IQuery`. */
export function queryParameters(values: Readonly<Record<string, RType>>): Parameters {
  return createInstance("::omero::sys::Parameters", { map: new Map(Object.entries(values)) });
}

/** Call context that works in one group; in all of the user's groups for -1. */
export function inGroup(group: bigint): Record<string, string> {
  return { "omero.group": String(group) };
}
