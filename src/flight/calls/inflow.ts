/** What clients send is let in as it is worked on: gRPC would keep sixteen messages of a call, however large. */
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import type { FlightData } from "../protocol/messages.js";

/** Bytes of a call that wait here, unless it is one message. */
const MOST_WAITING = 8 << 20;

/** The messages of a call that were let in and are not yet taken. */
export class Inflow {
  #waiting = 0;
  #held: { readonly bytes: number; readonly letIn: () => void } | undefined;

  /** Lets a message in, or holds it until there is room; gRPC asks the client for no other meanwhile. */
  admit(bytes: number, letIn: () => void): void {
    if (this.#waiting > 0 && this.#waiting + bytes > MOST_WAITING) {
      this.#held = { bytes, letIn };
      return;
    }
    this.#waiting += bytes;
    letIn();
  }

  /** Makes room. */
  take(bytes: number): void {
    this.#waiting -= bytes;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.admit(held.bytes, held.letIn);
  }
}

/** By the metadata that came with the call. */
export type Inflows = WeakMap<Metadata, Inflow>;

/** @param paths of the methods whose messages may be large */
export function regulating(inflows: Inflows, paths: readonly string[]): ServerInterceptor {
  return (method, call) => {
    if (!paths.includes(method.path)) return new ServerInterceptingCall(call);
    const inflow = new Inflow();
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, go) => {
            inflows.set(metadata, inflow);
            go(metadata);
          },
          onReceiveMessage: (message, go) => inflow.admit(messageBytes(message), () => go(message)),
        }),
    });
  };
}

/** The messages of a call, each of which makes room for others when it is taken. */
export async function* taken(
  messages: AsyncIterable<FlightData>,
  inflow: Inflow,
): AsyncGenerator<FlightData, void, undefined> {
  for await (const message of messages) {
    inflow.take(messageBytes(message));
    yield message;
  }
}

function messageBytes({ dataHeader, dataBody }: FlightData): number {
  return dataHeader.length + dataBody.length;
}
