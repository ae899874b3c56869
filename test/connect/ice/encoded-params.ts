import { encodeParams } from "../../../src/connect/ice/codec/codec.js";

/** The parameters of a call as they are sent, in one piece. */
export function encodedParams(...call: Parameters<typeof encodeParams>): Uint8Array {
  return new Uint8Array(Buffer.concat(encodeParams(...call)));
}
