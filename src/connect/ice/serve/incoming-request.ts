/**
 * Requests as a server receives them.
 */
import { InputBuffer } from "../codec/input-buffer.js";
import type { Identity } from "../codec/proxy-ref.js";

export interface IncomingRequest {
  readonly identity: Identity;
  readonly facet: string;
  readonly operation: string;
  readonly mode: number;
  readonly context: ReadonlyMap<string, string>;
  /** Encoding version of the parameters, for example `1.0`. */
  readonly encoding: string;
  /** The encoded parameters: a view of the message. */
  readonly params: Uint8Array;
}

/** Size and encoding version before an encapsulation's content. */
const ENCAPSULATION_HEADER = 6;
/** A key and a value, both empty. */
const LEAST_CONTEXT_ENTRY = 2;

/**
 * Reads the next request of a message (a batch holds several).
 *
 * @throws WireError `MALFORMED_MESSAGE`
 */
export function readRequest(input: InputBuffer): IncomingRequest {
  const identity = { name: input.readString(), category: input.readString() };
  const facets = input.readCount(1);
  if (facets > 1) throw input.fail(`${facets} facets`);
  const facet = facets === 1 ? input.readString() : "";
  const operation = input.readString();
  const mode = input.readByte();
  const context = new Map<string, string>();
  for (let left = input.readCount(LEAST_CONTEXT_ENTRY); left > 0; left--)
    context.set(input.readString(), input.readString());
  const size = input.readInt();
  if (size < ENCAPSULATION_HEADER) throw input.fail(`encapsulation of ${size} bytes`);
  const encoding = `${input.readByte()}.${input.readByte()}`;
  const length = size - ENCAPSULATION_HEADER;
  const start = input.take(length);
  return { identity, facet, operation, mode, context, encoding, params: input.bytes.subarray(start, start + length) };
}

/** The input for the requests of a message, from `position` on. */
export function requestInput(message: ArrayBuffer, position: number, size: number): InputBuffer {
  return new InputBuffer(new Uint8Array(message, position, size - position), "request");
}
