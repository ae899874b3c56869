import type { RType } from "../rtypes.js";
import { createInstance } from "./ice/schema/instance.js";
import type { Parameters } from "./ice/schema/omero.js";

/** Named values for a query of `IQuery`. */
export function queryParameters(values: Readonly<Record<string, RType>>): Parameters {
  return createInstance("::omero::sys::Parameters", { map: new Map(Object.entries(values)) });
}

/** Call context that works in one group; in all of the user's groups for -1. */
export function inGroup(group: bigint): Record<string, string> {
  return { "omero.group": String(group) };
}
