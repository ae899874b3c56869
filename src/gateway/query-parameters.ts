import { createInstance } from "../connect/ice/schema/instance.js";
import type { Parameters } from "../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../connect/object-id.js";
import type { RType } from "../rtypes.js";

/**
 * Named values for a query of `IQuery`.
 *
 * @param values by name, each as one of OMERO's wrapped types.
 * @example
 * const query = connection.getQueryService();
 * const named = queryParameters({ name: rstring("cells"), least: rlong(100) });
 * const images = await query.findAllByQuery("from Image i where i.name = :name and i.id >= :least", named);
 */
export function queryParameters(values: Readonly<Record<string, RType>>): Parameters {
  return createInstance("::omero::sys::Parameters", { map: new Map(Object.entries(values)) });
}

/**
 * The context of a call that works in one group, whichever the connection works in.
 *
 * @param group its id; -1 for all of the user's groups.
 * @throws ArgumentError `INVALID_ARGUMENT` for what is no id
 * @example
 * const image = await connection.getQueryService().find("Image", 42n, { context: inGroup(-1) });
 */
export function inGroup(group: ObjectId): Record<string, string> {
  return { "omero.group": String(group === -1 || group === -1n ? -1 : toObjectId(group, "group")) };
}
