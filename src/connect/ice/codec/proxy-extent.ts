import type { InputBuffer } from "./input-buffer.js";
import type { Identity } from "./proxy-ref.js";

/** An endpoint: its type as a short, then an encapsulation (int32 size, two bytes of encoding version). */
const LEAST_ENCAPSULATION = 6;
const LEAST_ENDPOINT = 2 + LEAST_ENCAPSULATION;

/**
 * Moves over a proxy of encoding 1.0 and checks it on the way: identity, facet, mode, secure flag, then endpoints or an
 * adapter's name; nothing but the identity for the null proxy.
 */
export function skipProxy(input: InputBuffer): Identity {
  const identity = { name: input.readString(), category: input.readString() };
  if (identity.name === "") {
    if (identity.category !== "") throw input.fail("proxy without a name");
    return identity;
  }
  const facets = input.readCount(1);
  if (facets > 1) throw input.fail(`proxy with ${facets} facets`);
  if (facets === 1) input.readString();
  const mode = input.readByte();
  if (mode > 4) throw input.fail(`proxy of unknown mode ${mode}`);
  input.readBool();
  const endpoints = input.readCount(LEAST_ENDPOINT);
  if (endpoints === 0) input.readString();
  for (let index = 0; index < endpoints; index++) {
    input.readShort();
    const size = input.readInt();
    if (size < LEAST_ENCAPSULATION) throw input.fail(`encapsulation of ${size} bytes`);
    input.take(size - 4);
  }
  return identity;
}
