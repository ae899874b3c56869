/** Nothing of a call is read before it is known who calls. */
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import { statusOf } from "../status.js";
import { credentialsOf } from "./credentials.js";
import type { FlightSession, FlightSessions } from "./sessions.js";

/** Whose call it is, by the metadata that came with it. */
export type Callers = WeakMap<Metadata, FlightSession>;

/** @param open paths of methods that strangers may call */
export function authenticating(sessions: FlightSessions, callers: Callers, open: readonly string[]): ServerInterceptor {
  return (method, call) => {
    if (open.includes(method.path)) return new ServerInterceptingCall(call);
    const onReceiveMetadata = async (metadata: Metadata, next: (metadata: Metadata) => void) => {
      try {
        callers.set(metadata, await sessions.of(credentialsOf(metadata)));
      } catch (error) {
        call.sendStatus({ ...statusOf(error), metadata: null });
        return;
      }
      next(metadata);
    };
    return new ServerInterceptingCall(call, {
      start: (next) => next({ onReceiveMetadata: (metadata, go) => void onReceiveMetadata(metadata, go) }),
    });
  };
}
