/** Values of queries and rtypes, turned into each other. */
import { rlong, rstring } from "../../rtypes.js";
import { apiUsage } from "../exceptions.js";
import { javaName } from "../model/java-names.js";
import type { Materializer } from "../model/materialize.js";
import type { Model } from "../model/model.js";
import { isList, isObject, isScalar, type Value } from "./values.js";

/**
 * A named parameter: lists become lists, objects their ids.
 * @throws IceUserException ApiUsageException for maps and for lists within lists, which no query has a use for and which
 * may contain themselves.
 */
export function fromRType(value: unknown, inList = false): Value {
  if (value === null || value === undefined) return null;
  const { iceId, val } = value as { iceId: string; val: unknown };
  if (val instanceof Map || (inList && Array.isArray(val))) {
    throw apiUsage(`A parameter of a query cannot hold ${iceId}${inList ? " in a list" : ""}`);
  }
  if (Array.isArray(val)) return val.map((item) => fromRType(item, true));
  if (iceId === "::omero::RObject") {
    const id = (val as { id?: { val: bigint } | null } | null)?.id;
    return id ? rlong(id.val) : null;
  }
  return { iceId, val };
}

/** A selected value, as a projection sends it. */
export function toRType(model: Model, materializer: Materializer, value: Value): unknown {
  if (value === null) return null;
  const inner = (item: Value) => toRType(model, materializer, item);
  if (isList(value)) return { iceId: "::omero::RList", val: value.map(inner) };
  if (isObject(value)) return { iceId: "::omero::RObject", val: materializer.load(value) };
  if ("objectClass" in value) return rstring(javaName(model, value.objectClass));
  if (!isScalar(value)) return null;
  if (!(value.val instanceof Map)) return value;
  return { iceId: "::omero::RMap", val: new Map([...value.val].map(([name, item]) => [name, inner(item as Value)])) };
}
