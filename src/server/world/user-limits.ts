/** What one user may take of a server that others use, too. */
import { ArgumentError } from "../../errors.js";

/** What the sessions of one user may take of the server together; what would exceed it is refused. */
export interface UserLimits {
  /** Sessions at a time. Default 1,000. */
  readonly sessions: number;
  /** Open tables, file stores and other services with a state, of all their sessions. Default 10,000. */
  readonly services: number;
  /** Bytes of the values kept with one session (its inputs and outputs). Default 1 MiB. */
  readonly sessionBytes: number;
  /** Bytes of the objects they own, all of which are in memory. Default 256 MiB. */
  readonly objectBytes: number;
  /** Bytes of one file or table. Default 1 TiB. */
  readonly fileBytes: number;
}

const DEFAULTS: UserLimits = {
  sessions: 1_000,
  services: 10_000,
  sessionBytes: 1 << 20,
  objectBytes: 256 << 20,
  fileBytes: 2 ** 40,
};

/** @throws ArgumentError `INVALID_ARGUMENT` for what is no limit. */
export function userLimits(given: Partial<UserLimits> = {}): UserLimits {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      const known = Object.keys(DEFAULTS).join(", ");
      throw new ArgumentError("INVALID_ARGUMENT", `userLimits has no ${name}; it has ${known}`);
    }
    if (value === undefined || value >= 0) continue;
    throw new ArgumentError("INVALID_ARGUMENT", `userLimits.${name} ${value} is no number of 0 or more`);
  }
  return { ...DEFAULTS, ...definedOf(given) };
}

function definedOf(given: Partial<UserLimits>): Partial<UserLimits> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
