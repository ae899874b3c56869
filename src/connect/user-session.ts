import { LoginError, ServerError } from "../errors.js";
import type { OptionNames } from "../flow/options.js";
import type { GroupRef } from "./groups.js";
import { createInstance } from "./ice/schema/instance.js";
import type { ISession } from "./ice/schema/omero.js";

/** Options of acting as another user. */
export interface UserSessionOptions {
  /** Group to work in; the user's default group unless given. */
  readonly group?: GroupRef;
  /** Milliseconds without calls after which the user's session ends; as long as the present one's unless given. */
  readonly timeToIdle?: number;
}

export const USER_SESSION_OPTIONS: OptionNames<UserSessionOptions> = { group: true, timeToIdle: true };

export interface UserSession {
  readonly userName: string;
  /** Empty for the user's default group. */
  readonly groupName: string;
  /** Milliseconds. */
  readonly timeToIdle: number;
}

/**
 * Makes a session for a user and gives its key.
 * @throws LoginError `WRONG_CREDENTIALS` for a user name that the server does not know
 */
export async function createUserSession(
  sessions: ISession,
  { userName, groupName, timeToIdle }: UserSession,
): Promise<string> {
  const principal = createInstance("::omero::sys::Principal", {
    name: userName,
    group: groupName,
    eventType: "User",
    umask: null,
  });
  const session = await sessions.createSessionWithTimeouts(principal, 0, timeToIdle).catch((error: unknown) => {
    throw isWrongCredentials(error) ? unknownUser(userName, error) : error;
  });
  const uuid = session?.uuid?.val;
  if (!uuid) throw new ServerError("SERVER_FAILURE", `the server made no session for user "${userName}"`);
  return uuid;
}

/** OMERO's words for an unknown user are those for a wrong password. */
function isWrongCredentials(error: unknown): error is LoginError {
  return error instanceof LoginError && error.code === "WRONG_CREDENTIALS";
}

function unknownUser(userName: string, { operation, serverException, cause }: LoginError): LoginError {
  const text = `the server makes no session for user "${userName}": check the user name`;
  return new LoginError("WRONG_CREDENTIALS", text, { operation, serverException, cause });
}
