/** The least number of bytes a value can take on the wire, by which declared sizes are checked. */
import type { IceType } from "../schema/schema.js";

const FIXED = { bool: 1, byte: 1, short: 2, int: 4, long: 8, float: 4, double: 8, string: 1 } as const;
/** An identity of two empty strings. */
const NULL_PROXY_SIZE = 2;
const REFERENCE_SIZE = 4;

const known = new WeakMap<IceType, number>();

export function minimumSize(type: IceType): number {
  const found = known.get(type);
  if (found !== undefined) return found;
  const size = compute(type);
  known.set(type, size);
  return size;
}

function compute(type: IceType): number {
  switch (type.kind) {
    case "enumeration":
      return enumerationSize(type.enumerators.length);
    case "sequence":
    case "dictionary":
      return 1;
    case "struct":
      return type.members.reduce((sum, member) => sum + minimumSize(member.type), 0);
    case "class":
      return REFERENCE_SIZE;
    case "proxy":
      return NULL_PROXY_SIZE;
    default:
      return FIXED[type.kind];
  }
}

/** Encoding 1.0 writes an enumerator as the smallest of byte, short and int that holds the largest value. */
export function enumerationSize(enumerators: number): 1 | 2 | 4 {
  if (enumerators <= 0x80) return 1;
  return enumerators <= 0x8000 ? 2 : 4;
}
