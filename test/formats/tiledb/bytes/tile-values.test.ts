import { expect, it } from "vitest";
import { decodeText, decodeValues } from "../../../../src/formats/tiledb/bytes/tile-values.js";

it("refuses text that is not UTF-8", () => {
  const starts = new Uint8Array(BigUint64Array.of(0n, 1n).buffer);
  expect(decodeText(starts, Uint8Array.of(97, 98), 2, "array").offsets).toEqual(Int32Array.of(0, 1, 2));
  expect(() => decodeText(starts, Uint8Array.of(97, 0xe9), 2, "array")).toThrow(
    expect.objectContaining({ code: "MALFORMED_FILE", message: expect.stringContaining("cell 1") }),
  );
});

it("takes every bool that is not 0 for true", () => {
  const attribute = { name: "ok", storage: "bool", size: 1, type: "Bool" } as never;
  expect(decodeValues(Uint8Array.of(0, 1, 2, 255), attribute, 4, "array")).toEqual({
    kind: "bool",
    values: Uint8Array.of(0, 1, 1, 1),
  });
});
