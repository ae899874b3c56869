/** Class instances made and told apart by their Slice ids. */
import { field } from "../../../columns/batch.js";
import { WireError } from "../../../errors.js";
import { columnTypeOf } from "../codec/columns/column-blocks.js";
import { emptyColumns } from "../codec/columns/columns.js";
import { defaultScalar } from "../codec/scalars.js";
import type { OmeroClasses } from "./omero.js";
import { type ClassType, type IceType, isDerivedFrom, loadSchema, type Member } from "./schema.js";

/**
 * A whole instance of a class: the members given, and for the others null, false, 0, "", empty, or the first
 * enumerator. An instance for the server needs no more members than it says something of; this one also fits its type.
 *
 * @example createInstance("::omero::model::OriginalFile", { name: rstring("table.h5") })
 * @throws WireError `CANNOT_ENCODE` if there is no such class.
 */
export function createInstance<Id extends keyof OmeroClasses>(
  iceId: Id,
  members: Partial<Omit<OmeroClasses[Id], "iceId">> = {},
): OmeroClasses[Id] {
  const type = getClass(iceId);
  const column = columnTypeOf(iceId);
  const defaults = column === undefined ? defaultMembers(allMembers(type)) : emptyColumns([field("", column)])[0];
  const instance: unknown = { ...defaults, iceId, ...members };
  return instance as OmeroClasses[Id];
}

/** Whether `value` is an instance of the class, or of one derived from it. */
export function isInstanceOf<Id extends keyof OmeroClasses>(
  value: { readonly iceId: string } | null | undefined,
  classId: Id,
): value is OmeroClasses[Id] {
  const type = value ? loadSchema().findClass(value.iceId) : undefined;
  return type !== undefined && isDerivedFrom(type, getClass(classId));
}

function getClass(id: string): ClassType {
  const type = loadSchema().findClass(id);
  if (!type) throw new WireError("CANNOT_ENCODE", `the schema has no class ${id}`);
  return type;
}

function allMembers(type: ClassType): readonly Member[] {
  return type.base === null ? type.members : [...allMembers(type.base), ...type.members];
}

function defaultMembers(members: readonly Member[]): Record<string, unknown> {
  return Object.fromEntries(members.map(({ name, type }) => [name, defaultValue(type)]));
}

function defaultValue(type: IceType): unknown {
  switch (type.kind) {
    case "class":
    case "proxy":
      return null;
    case "dictionary":
      return new Map();
    case "struct":
      return defaultMembers(type.members);
    case "sequence":
      return emptySequence(type.element);
    default:
      return defaultScalar(type);
  }
}

function emptySequence(element: IceType): unknown {
  switch (element.kind) {
    case "byte":
      return new Uint8Array(0);
    case "short":
      return new Int16Array(0);
    case "int":
      return new Int32Array(0);
    case "long":
      return new BigInt64Array(0);
    case "float":
      return new Float32Array(0);
    case "double":
      return new Float64Array(0);
    default:
      return [];
  }
}
