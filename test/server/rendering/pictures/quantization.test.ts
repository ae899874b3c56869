import { describe, expect, it } from "vitest";
import { pixelsKind } from "../../../../src/server/pixels/pixels-kinds.js";
import { makeQuantizer } from "../../../../src/server/rendering/pictures/quantization.js";

const LEVELS = { cdStart: 0, cdEnd: 255, bitResolution: 255 };
const CURVE = {
  family: "linear",
  coefficient: 1,
  noiseReduction: false,
  inputStart: 0,
  inputEnd: 1000,
  isReversed: false,
} as const;

const of = (values: readonly number[], curve: object = {}, levels: object = {}, type = "uint16") => {
  const kind = pixelsKind(type);
  const Values = kind.values as unknown as { from(list: readonly number[]): Uint16Array };
  const quantizer = makeQuantizer(kind, { ...LEVELS, ...levels }, { ...CURVE, ...curve }, [0, 1000]);
  return [...quantizer.quantize(Values.from(values))];
};

describe("makeQuantizer", () => {
  it("stretches the window, and cuts off what is beyond it", () => {
    expect(of([0, 100, 500, 999, 1000, 60_000])).toEqual([0, 26, 128, 255, 255, 255]);
    expect(of([0, 99, 100, 110, 120], { inputStart: 100, inputEnd: 120 })).toEqual([0, 0, 0, 128, 255]);
  });

  it("takes the whole type where the window is inverted", () => {
    expect(of([0, 32768, 65535], { inputStart: 200, inputEnd: 100 })).toEqual([0, 128, 255]);
  });

  it("bends by the family", () => {
    expect(of([500], { family: "polynomial", coefficient: 2 })).toEqual([64]);
    expect(of([500], { family: "polynomial", coefficient: 0.5 })).toEqual([180]);
    expect(of([500], { family: "exponential", coefficient: 0.5 })).toEqual([2]);
    expect(of([500], { family: "logarithmic" })).toEqual([223]);
  });

  it("keeps to the codomain, reversed if so wanted", () => {
    expect(of([0, 1000], {}, { cdStart: 50, cdEnd: 200 })).toEqual([79, 200]);
    expect(of([0, 500, 1000], { isReversed: true })).toEqual([255, 127, 0]);
  });

  it("puts values of 32 bits and floats into the steps of the window", () => {
    expect(of([0, 1000, -5, 2000], {}, {}, "float")).toEqual([0, 255, 0, 255]);
    expect(of([500.5], {}, {}, "double")).toEqual([127]);
  });
});
