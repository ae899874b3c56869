/** What clients of Flight send to say who they are. */
import type { Metadata } from "@grpc/grpc-js";
import { LoginError } from "../../errors.js";
import { decodeMessage } from "../protocol/messages.js";

export type Credentials =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "token"; readonly token: string };

/** Where clients with a handler for authentication put what a handshake gave them. */
const HANDLED_TOKEN = "auth-token-bin";

/** @throws LoginError `MISSING_CREDENTIALS` */
export function credentialsOf(metadata: Metadata): Credentials {
  const found = headerCredentials(metadata);
  if (found !== undefined) return found;
  const message = "Log in: send a user name and password (Basic) or a token (Bearer) as authorization";
  throw new LoginError("MISSING_CREDENTIALS", message);
}

/** Undefined where the headers hold none. */
export function headerCredentials(metadata: Metadata): Credentials | undefined {
  const [handled] = metadata.get(HANDLED_TOKEN);
  if (handled !== undefined) return { kind: "token", token: handled.toString() };
  const [, scheme, value] = /^(basic|bearer)\s+(\S+)$/i.exec(String(metadata.get("authorization")[0] ?? "")) ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (scheme.toLowerCase() === "bearer") return { kind: "token", token: value };
  const [, username, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, "base64").toString()) ?? [];
  return username === undefined ? undefined : { kind: "password", username, password: password! };
}

/** Name and password as a handshake's first message holds them: `BasicAuth`. @throws LoginError `MISSING_CREDENTIALS` */
export function payloadCredentials(payload: Uint8Array): Credentials {
  try {
    const { username, password } = decodeMessage<{ username: string; password: string }>("BasicAuth", payload);
    return { kind: "password", username, password };
  } catch {
    throw new LoginError("MISSING_CREDENTIALS", "A handshake's payload is a BasicAuth: user name and password");
  }
}
