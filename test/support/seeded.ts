import { Chance } from "../../src/server/chance.js";

/** Numbers that look random and are the same for the same seed. */
export class Seeded extends Chance {
  /** A whole number in 0 ..< limit. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }
}

/** A seed made of names and numbers (FNV-1a). */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(parts.join("\n"))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
