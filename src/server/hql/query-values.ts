/** Values of queries and rtypes, turned into each other. */
import { rbool, rdouble, rstring } from "../../rtypes.js";
import { apiUsage } from "../exceptions.js";
import { discriminator } from "../model/discriminators.js";
import { javaName } from "../model/java-names.js";
import type { Materializer } from "../model/materialize.js";
import type { Model } from "../model/model.js";
import type { StoredObject } from "../model/object-store.js";
import type { ObjectRights } from "../model/permissions.js";
import { unitSymbol } from "../model/units.js";
import { HqlError } from "./grammar/syntax.js";
import { isList, isObject, isScalar, type Scalar, type Value } from "./values.js";

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
    return id ? { iceId, val: id.val } : null;
  }
  return { iceId, val };
}

/** What a projection's values are turned into rtypes with. */
export interface ProjectionScope {
  readonly model: Model;
  readonly materializer: Materializer;
}

/** A row as a projection sends it. In a row of one map, entries named so hold permissions in place of their objects. */
export function toRTypes(scope: ProjectionScope, row: readonly Value[]): unknown[] {
  const [only] = row;
  // A row of nothing but null comes without it.
  if (row.length === 1 && (only === null || (isScalar(only!) && only.val === null))) return [];
  if (row.length !== 1 || !isMap(only)) return row.map((value) => toRType(scope, value));
  const entries = [...only.val].map(([name, item]): [string, unknown] => [
    name,
    name.endsWith("_details_permissions") && item !== null && isObject(item)
      ? permissionsMap(scope, item)
      : toRType(scope, item),
  ]);
  return [{ iceId: "::omero::RMap", val: new Map(entries) }];
}

function isMap(value: Value | undefined): value is Scalar & { val: ReadonlyMap<string, Value> } {
  return value !== undefined && value !== null && !isList(value) && isScalar(value) && value.val instanceof Map;
}

function toRType(scope: ProjectionScope, value: Value): unknown {
  if (value === null) return null;
  if (isList(value)) return { iceId: "::omero::RList", val: value.map((item) => toRType(scope, item)) };
  if (isObject(value)) return { iceId: "::omero::RObject", val: scope.materializer.load(value) };
  if ("objectClass" in value) return rstring(discriminator(scope.model, value.objectClass));
  if ("permissionsOf" in value) return permissionsMap(scope, value.permissionsOf, UNRESTRICTED);
  if ("detailsOf" in value) throw unsupportedDetails(scope, value.detailsOf);
  if ("embedded" in value) return quantityMap(value.embedded);
  if (isMap(value)) {
    const entries = [...value.val].map(([name, item]): [string, unknown] => [name, toRType(scope, item)]);
    return { iceId: "::omero::RMap", val: new Map<string, unknown>(entries) };
  }
  return isScalar(value) ? value : null;
}

/** Permissions that are selected by themselves say nothing of the session. */
const UNRESTRICTED = { annotate: true, chgrp: true, chown: true, delete: true, edit: true, link: true };

function unsupportedDetails({ model, materializer }: ProjectionScope, object: StoredObject): Error {
  const { text } = materializer.permissionsOf(object);
  const name = javaName(model, object.className);
  const events = `create=${object.created};update=${object.updated}`;
  const parts = `perm=${text};user=${object.owner};group=${object.group};${events}`;
  return apiUsage(`Unsupported conversion to rtype from ${name}$Details:Details:{${parts}}`);
}

function permissionsMap({ materializer }: ProjectionScope, object: StoredObject, granted?: ObjectRights): unknown {
  const { text, rights: own } = materializer.permissionsOf(object);
  const rights = granted ?? own;
  const entries = [
    ["perm", rstring(text)],
    ["canAnnotate", rbool(rights.annotate)],
    ["canChgrp", rbool(rights.chgrp)],
    ["canChown", rbool(rights.chown)],
    ["canDelete", rbool(rights.delete)],
    ["canEdit", rbool(rights.edit)],
    ["canLink", rbool(rights.link)],
  ] as const;
  return { iceId: "::omero::RMap", val: new Map<string, unknown>(entries) };
}

/** A length, time or other value with a unit; what else has members is not an entity, and not sent. */
function quantityMap({ value, unit }: Readonly<Record<string, unknown>>): unknown {
  if (typeof value !== "number" || typeof unit !== "string") throw new HqlError("not an entity");
  const entries = [
    ["value", rdouble(value)],
    ["unit", rstring(unit)],
    ["symbol", rstring(unitSymbol(unit))],
  ] as const;
  return { iceId: "::omero::RMap", val: new Map<string, unknown>(entries) };
}
