/** OMERO's own properties of a type of object, and what they are compared with. */
import { loadSchema, type Member } from "../../connect/ice/schema/schema.js";
import { invalidArgument } from "../../errors.js";
import { nearestName } from "../../flow/nearest-name.js";
import { type RType, rbool, rdouble, rint, rlong, rstring, rtime } from "../../rtypes.js";

/** A value that a property is compared with. */
export type AttributeValue = string | number | bigint | boolean | Date;

/** @throws ArgumentError `INVALID_ARGUMENT` for a property that the type has not, with the one that was probably meant */
export function attributeMember(type: string, name: string): Member {
  const members = valueMembers(type);
  const found = members.find((member) => member.name === name);
  if (found) return found;
  const names = members.map((member) => member.name);
  const near = nearestName(name, names);
  const advice = near === undefined ? `there are ${names.join(", ")}` : `did you mean "${near}"?`;
  throw invalidArgument(`${type} has no attribute ${JSON.stringify(name)}; ${advice}`);
}

/** Members of a type that hold one value each. */
function valueMembers(type: string): Member[] {
  const members: Member[] = [];
  let found = loadSchema().findClass(`::omero::model::${type}`);
  while (found) {
    members.push(...found.members.filter((member) => /^::omero::R[A-Z]/.test(member.type.id)));
    found = found.base ?? undefined;
  }
  return members;
}

const VALUES: Readonly<Record<string, (value: never) => RType>> = {
  "::omero::RString": (value: string) => rstring(value),
  "::omero::RBool": (value: boolean) => rbool(value),
  "::omero::RInt": (value: number) => rint(value),
  "::omero::RLong": (value: number | bigint) => rlong(value),
  "::omero::RDouble": (value: number) => rdouble(value),
  "::omero::RTime": (value: Date | number | bigint) => rtime(value),
};
const KINDS: Readonly<Record<string, readonly string[]>> = {
  "::omero::RString": ["string"],
  "::omero::RBool": ["boolean"],
  "::omero::RInt": ["number"],
  "::omero::RLong": ["number", "bigint"],
  "::omero::RDouble": ["number"],
  "::omero::RTime": ["object", "number", "bigint"],
};

/** @throws ArgumentError `INVALID_ARGUMENT` for a value that the property cannot have */
export function comparedValue({ name, type }: Member, value: AttributeValue): RType {
  const make = VALUES[type.id];
  if (make === undefined) throw invalidArgument(`attribute ${name} cannot be compared`);
  if (KINDS[type.id]!.includes(typeof value)) return make(value as never);
  throw invalidArgument(
    `attribute ${name} is of type ${type.id.slice("::omero::R".length)}: ${String(value)} cannot be its value`,
  );
}
