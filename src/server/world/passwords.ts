/** Passwords as they are kept: a salt, and a hash that takes its time. */
import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const LENGTH = 32;
/** About 10 ms on the machines of 2020. */
const COST = { N: 4096 };

export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString("hex")}:${scryptSync(password, salt, LENGTH, COST).toString("hex")}`;
}

/** Takes the same time whatever the password is. */
export function isPassword(kept: string, password: string): boolean {
  const [salt = "", hash = ""] = kept.split(":");
  const given = scryptSync(password, Buffer.from(salt, "hex"), LENGTH, COST);
  const expected = Buffer.from(hash, "hex");
  return expected.length === LENGTH && timingSafeEqual(given, expected);
}

/** What is looked at in place of the password of somebody who has none. */
export const NO_PASSWORD = `${"00".repeat(16)}:${"00".repeat(LENGTH)}`;
