import { describe, expect, it } from "vitest";
import { decodeLz4Frame } from "../../../../src/formats/arrow/ipc/lz4-frame.js";

const HEADER = [0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0];
const END = [0, 0, 0, 0];
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const ascii = (letters: string) => [...new TextEncoder().encode(letters)];

function frame(...blocks: number[][]): Uint8Array {
  const parts = blocks.flatMap((block) => [block.length & 255, block.length >> 8, 0, 0, ...block]);
  return Uint8Array.from([...HEADER, ...parts, ...END]);
}

describe("an LZ4 frame", () => {
  it("holds literals, and repeats what was before, over blocks and over itself", () => {
    // "abc", then 7 bytes from 3 back, which overlap; then a literal at the end.
    const block = [0x33, ...ascii("abc"), 3, 0, 0x10, ...ascii("!")];
    expect(text(decodeLz4Frame(frame(block)))).toBe("abcabcabca!");
    const linked = [0x11, ...ascii("-"), 4, 0, 0x00];
    expect(text(decodeLz4Frame(frame(block, linked)))).toBe("abcabcabca!-ca!-c");
  });

  it("holds long lengths", () => {
    const long = "x".repeat(300);
    const block = [0xf0, 255, 30, ...ascii(long)];
    expect(text(decodeLz4Frame(frame(block)))).toBe(long);
  });

  it("may be stored as it is", () => {
    const stored = Uint8Array.from([...HEADER, 3, 0, 0, 0x80, ...ascii("abc"), ...END]);
    expect(text(decodeLz4Frame(stored))).toBe("abc");
  });

  it.each([
    ["another beginning", Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])],
    ["no end", Uint8Array.from([...HEADER, 1, 0, 0, 0x80, 65])],
    ["a block beyond it", Uint8Array.from([...HEADER, 200, 0, 0, 0, 65, ...END])],
    ["a match before the beginning", frame([0x10, 65, 9, 0])],
    ["literals beyond the block", frame([0xf0, 255, 255])],
  ])("with %s is refused", (_, bytes) => {
    expect(() => decodeLz4Frame(bytes)).toThrow(RangeError);
  });
});
