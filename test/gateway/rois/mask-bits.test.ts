import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packMask, unpackMask } from "../../../src/gateway/rois/mask-bits.js";

describe("bits of a mask", () => {
  it("stand from the highest of a byte on, as numpy.packbits has them, without a gap after a row", () => {
    // numpy.packbits([1, 0, 0, 0, 0, 0, 1, 1, 0, 1]) is [131, 64].
    expect([...packMask([1, 0, 0, 0, 0, 0, 7, 1, 0, 1])]).toEqual([131, 64]);
    expect([...unpackMask(Uint8Array.of(131, 64), 10)]).toEqual([1, 0, 0, 0, 0, 0, 1, 1, 0, 1]);
  });

  it("come back as they were, and are 0 where there are too few", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1), { maxLength: 100 }), (bits) => {
        expect([...unpackMask(packMask(bits), bits.length)]).toEqual(bits);
      }),
    );
    expect([...unpackMask(Uint8Array.of(255), 10)]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });
});
