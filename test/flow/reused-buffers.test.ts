import { expect, it } from "vitest";
import { ReusedBuffers } from "../../src/flow/reused-buffers.js";

const MIB = 1 << 20;

it("gives a buffer again that was given back", () => {
  const buffers = new ReusedBuffers();
  const first = buffers.take(8 * MIB + 5);
  buffers.giveBack(first);
  const second = buffers.take(8 * MIB);
  expect(second.buffer).toBe(first.buffer);
  expect(second).toHaveLength(8 * MIB);
});

it("never gives one buffer to two", () => {
  const buffers = new ReusedBuffers();
  const first = buffers.take(MIB);
  const second = buffers.take(MIB);
  buffers.giveBack(first);
  buffers.giveBack(first);
  const [third, fourth] = [buffers.take(MIB), buffers.take(MIB)];
  expect(new Set([second, third, fourth].map(({ buffer }) => buffer)).size).toBe(3);
});

it("takes back only what was taken from it", () => {
  const buffers = new ReusedBuffers();
  const strange = new Uint8Array(MIB);
  buffers.giveBack(strange);
  expect(buffers.take(MIB).buffer).not.toBe(strange.buffer);
});

it("does not give a large buffer for few bytes, and makes small ones anew", () => {
  const buffers = new ReusedBuffers();
  const large = buffers.take(8 * MIB);
  buffers.giveBack(large);
  expect(buffers.take(MIB).buffer).not.toBe(large.buffer);
  expect(buffers.take(100).buffer.byteLength).toBe(100);
});

it("keeps no more bytes than it may", () => {
  const buffers = new ReusedBuffers(MIB);
  const [first, second] = [buffers.take(MIB), buffers.take(MIB)];
  buffers.giveBack(first);
  buffers.giveBack(second);
  expect(buffers.take(MIB).buffer).toBe(first.buffer);
  expect(buffers.take(MIB).buffer).not.toBe(second.buffer);
});
