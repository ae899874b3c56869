import { beforeAll, expect, it, vi } from "vitest";
import { type IceBuffer, type IceRuntime, loadIce } from "../../../../src/connect/ice/transport/ice-runtime.js";
import { releaseMessage } from "../../../../src/connect/ice/transport/message-memory.js";

const MIB = 1 << 20;
let ice: IceRuntime;
beforeAll(async () => {
  ice = await loadIce();
});

/** The buffer of a message of that size, whose header came first. */
function messageBuffer(size: number): IceBuffer {
  const buffer = new ice.Buffer() as IceBuffer & { resize(size: number): void };
  buffer.resize(14);
  new Uint8Array(buffer.b).set([7, 8, 9]);
  buffer.resize(size);
  return buffer;
}

it("gives the memory of a message that was released to the next of about its size, once", () => {
  const { b } = messageBuffer(MIB);
  new Uint8Array(b).fill(1);
  releaseMessage(new Uint8Array(b, 30));
  releaseMessage(new Uint8Array(b));
  expect(messageBuffer(MIB / 2).b).not.toBe(b);
  const next = messageBuffer(MIB - 100);
  expect(next.b).toBe(b);
  expect([next.limit, ...new Uint8Array(next.b, 0, 3)]).toEqual([MIB - 100, 7, 8, 9]);
  expect(messageBuffer(MIB - 100).b).not.toBe(b);
});

it("keeps no small ones, no more than 16 MiB, and all of it for a moment only", () => {
  vi.useFakeTimers();
  const large = Array.from({ length: 20 }, () => messageBuffer(MIB));
  const small = messageBuffer(MIB / 8);
  for (const { b } of [...large, small]) releaseMessage(new Uint8Array(b));
  expect(messageBuffer(MIB / 8).b).not.toBe(small.b);
  const again = large.map(() => messageBuffer(MIB).b);
  expect(again.filter((b) => large.some((one) => one.b === b))).toHaveLength(16);
  releaseMessage(new Uint8Array(again[0]!));
  vi.advanceTimersByTime(2000);
  expect(messageBuffer(MIB).b).not.toBe(again[0]);
  vi.useRealTimers();
});
