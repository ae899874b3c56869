/**
 * The token of omero-user-token: a file with one line `<session key>@<host>:<port>`, whose session lives for a day or
 * more without a log-in.
 */
import { join } from "node:path";
import { readSmallFile } from "../../flow/files/small-file.js";
import { Secret } from "../../flow/secret.js";
import { withoutUuids } from "../ice/client/reply-failures.js";
import { parseServerAddress, type ServerAddress } from "../server-address.js";

export interface UserToken {
  readonly address: ServerAddress;
  readonly sessionKey: Secret;
}

/** `OMERO_USER_TOKEN_DIR/token`, else `~/.omero_user_token/token`. */
export function userTokenPath(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(env.OMERO_USER_TOKEN_DIR || join(home, ".omero_user_token"), "token");
}

/** The token in a file, or why there is none. */
export async function readUserToken(path: string): Promise<UserToken | string> {
  let text: string | undefined;
  try {
    text = await readSmallFile(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? `no ${path}` : `${path} cannot be read`;
  }
  const match = /^([^\s@]{1,256})@(\S{1,1024})$/.exec(text?.trim() ?? "");
  if (!match) return `${path} is malformed: it is not <session key>@<host>:<port>`;
  try {
    // Two tokens run together have a key where the host should be, which is told to users.
    if (withoutUuids(match[2]!) !== match[2]) throw new Error("a key in the address");
    return { address: parseServerAddress(match[2]!), sessionKey: new Secret(match[1]!) };
  } catch {
    return `${path} is malformed: what follows @ is no server address`;
  }
}
