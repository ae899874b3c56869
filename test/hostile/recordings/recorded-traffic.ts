/** Messages that were said between clients and the reference server (`record.ts`). */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeException, decodeParams, decodeResult } from "../../../src/connect/ice/codec/codec.js";
import { InputBuffer } from "../../../src/connect/ice/codec/input-buffer.js";
import { findOperation, getOperation, loadSchema, type Operation } from "../../../src/connect/ice/schema/schema.js";
import { readRequest } from "../../../src/connect/ice/serve/incoming-request.js";
import { opaqueProxies } from "../../connect/ice/opaque-proxies.js";
import type { Direction } from "../mangling-proxy.js";

export const RECORDINGS = new URL("reference-server.json.gz", import.meta.url);

export interface RecordedMessage {
  readonly kind: "request" | "reply";
  /** Slice id of the object called, and the operation. */
  readonly service: string;
  readonly operation: string;
  /** The whole message, with its header. */
  readonly bytes: Uint8Array;
}

/** Header and request id; in replies a status follows. */
const REQUEST = 18;
const ENCAPSULATION = REQUEST + 1 + 6;
const TYPE_AT = 8;
const STATUS_AT = 18;
/** Longer ones are left out: what is damaged in them is mostly mere content. */
const LONGEST = 4096;
/** Messages kept of each operation, kind and outcome. */
const MOST_ALIKE = 6;

export function recordedTraffic(): RecordedMessage[] {
  const stored = JSON.parse(gunzipSync(readFileSync(RECORDINGS)).toString()) as (RecordedMessage & { bytes: string })[];
  return stored.map((message) => ({ ...message, bytes: Uint8Array.from(Buffer.from(message.bytes, "base64")) }));
}

/** What is worth keeping of a conversation. */
export class Summary {
  readonly #kept = new Map<string, RecordedMessage[]>();
  #asked = new Map<number, { operation: string; params: Uint8Array; request: Uint8Array }>();

  add(message: Uint8Array, direction: Direction): void {
    if (message.length < REQUEST) return;
    const id = Buffer.from(message).readInt32LE(REQUEST - 4);
    if (direction === "toServer" && message[TYPE_AT] === 0) {
      const { operation, params } = readRequest(new InputBuffer(message.subarray(REQUEST), "request"));
      this.#asked.set(id, { operation, params, request: message });
    }
    if (direction === "toServer" || message[TYPE_AT] !== 2) return;
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#asked.delete(id);
    const service = serviceOf(asked.operation, asked.params, message);
    this.#keep({ kind: "request", service, operation: asked.operation, bytes: asked.request }, 0);
    this.#keep({ kind: "reply", service, operation: asked.operation, bytes: message }, message[STATUS_AT]!);
  }

  /** Request ids begin anew. */
  nextConnection(): void {
    this.#asked = new Map();
  }

  messages(): RecordedMessage[] {
    return [...this.#kept.values()].flat();
  }

  #keep(message: RecordedMessage, status: number): void {
    if (message.bytes.length > LONGEST) return;
    const { kind, service, operation } = message;
    const key = `${kind} ${service} ${operation} ${status}`;
    const alike = this.#kept.get(key) ?? [];
    if (alike.length < MOST_ALIKE) this.#kept.set(key, [...alike, message]);
  }
}

/** Services that clients of tables use; others have operations of the same names. */
const USUAL = ["Glacier2::Router", "omero::api::ServiceFactory", "omero::grid::Table", "omero::api::RawFileStore"];

/** The first service whose operation of that name these parameters and this answer are of. */
function serviceOf(operation: string, params: Uint8Array, reply: Uint8Array): string {
  const services = [...USUAL.map((name) => `::${name}`), ...loadSchema().serviceIds];
  const named = services.filter((id) => findOperation(id, operation) !== undefined);
  const fitting = named.find((id) => {
    try {
      readBoth(getOperation(id, operation), params, reply);
      return true;
    } catch {
      return false;
    }
  });
  // Routers are also spoken to in encoding 1.1.
  return (fitting ?? named[0])!;
}

function readBoth(operation: Operation, params: Uint8Array, reply: Uint8Array): void {
  decodeParams(operation, params, opaqueProxies);
  const body = reply.subarray(ENCAPSULATION);
  if (reply[STATUS_AT] === 0) decodeResult(operation, body, opaqueProxies);
  else if (reply[STATUS_AT] === 1) decodeException(body, opaqueProxies);
}
