/** One request to an object of a server: made once, passed on whole, never changed. */
import type { Operation } from "../schema/schema.js";

/** Options of one call. */
export interface CallOptions {
  /** Gives up the call; a reply that comes later is dropped. The server is not told: Ice has no means to. */
  signal?: AbortSignal;
  /** Milliseconds to wait for the reply; for ever unless given. */
  timeout?: number;
  /** Entries added to the client's context for this call. */
  context?: Record<string, string>;
}

export interface CallLimits extends Pick<CallOptions, "signal" | "timeout"> {
  /** Times the call is sent at most, where connections are lost; 5 unless given. */
  readonly attempts?: number | undefined;
  /** Fires when nobody waits for the answer any more, which is to come all the same: it does not keep the process alive. */
  readonly abandoned?: AbortSignal | undefined;
}

export interface Call<Target> {
  /** What the call is to: a proxy, or an object of which a proxy is found under whichever log-in there is. */
  readonly target: Target;
  /** `mode` is 0 for normal, 1 nonmutating, 2 idempotent; a server refuses any but the operation's own. */
  readonly operation: Pick<Operation, "name" | "mode">;
  /** As encoded, one after the other; bytes of the caller's own among them, which stay as they are until the call settles. */
  readonly parameters: readonly Uint8Array[];
  /** Entries added to the client's context. */
  readonly context: Readonly<Record<string, string>>;
  readonly limits: CallLimits;
  /** Names the call in errors, for example `Table.read`. */
  readonly label: string;
}

export interface RawReply {
  kind: "ok" | "userException";
  /** Results or exception in Ice encoding 1.0: the inside of the reply's encapsulation, not a copy. */
  body: Uint8Array;
}
