/** The call in whose course something is changed: all its changes are one event. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ObjectReference } from "../../model/object-store.js";
import type { Session } from "../sessions.js";

export class RunningCall {
  readonly session: Session;
  readonly group: bigint;
  /** Of what it has changed so far. */
  event: number | undefined;
  /** By object: how it was changed last. */
  readonly #noted = new Map<string, string>();

  /** @param context of the call, which may name a group. */
  constructor(session: Session, context: ReadonlyMap<string, string> = new Map()) {
    this.session = session;
    const named = context.get("omero.group") ?? "";
    this.group = /^\d+$/.test(named) ? BigInt(named) : session.group;
  }

  /** Whether that an object is changed is noted already; notes it. */
  hasNoted(action: string, { className, id }: ObjectReference): boolean {
    const key = `${className}:${id}`;
    const last = this.#noted.get(key);
    this.#noted.set(key, action);
    return action === "UPDATE" && (last === "INSERT" || last === "UPDATE");
  }

  /** Begins anew if its event is that one, or a later one: what it has done is undone. */
  forget(event: number): void {
    if (this.event !== undefined && this.event >= event) this.event = undefined;
    this.#noted.clear();
  }
}

const calls = new AsyncLocalStorage<RunningCall>();

export function runningCall(): RunningCall | undefined {
  return calls.getStore();
}

/** Does it as a part of the call, with whatever it waits for. */
export function duringCall<T>(call: RunningCall, action: () => T): T {
  return calls.run(call, action);
}
