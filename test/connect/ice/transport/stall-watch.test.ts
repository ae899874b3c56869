import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StallWatch } from "../../../../src/connect/ice/transport/stall-watch.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch() {
  const channel = { bytesReceived: 0, bytesSent: 0 };
  const ping = vi.fn();
  const onStall = vi.fn();
  return { channel, ping, onStall, watch: new StallWatch({ channel, timeout: 60_000, ping, onStall }) };
}

test("a silent connection is asked, and given up when the time is over", async () => {
  const { watch: stallWatch, ping, onStall } = watch();
  stallWatch.start();
  await vi.advanceTimersByTimeAsync(59_000);
  expect([ping.mock.calls.length, onStall.mock.calls.length]).toEqual([1, 0]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(onStall).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect([ping.mock.calls.length, onStall.mock.calls.length]).toEqual([1, 1]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a peer that answers pings may take any time over a reply", async () => {
  const { watch: stallWatch, channel, ping, onStall } = watch();
  const answer = () => {
    channel.bytesReceived += 25;
    stallWatch.answered();
  };
  ping.mockImplementation(() => void setTimeout(answer, 20_000));
  stallWatch.start();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(onStall).not.toHaveBeenCalled();
  expect(ping.mock.calls.length).toBeGreaterThan(60);
  stallWatch.stop();
});

test.each([
  ["come in, though slowly", { bytesReceived: 2400, bytesSent: 0 }, 0],
  ["trickle in", { bytesReceived: 1000, bytesSent: 0 }, 1],
  ["go out in earnest", { bytesReceived: 0, bytesSent: 1 << 14 }, 0],
  ["go out as heartbeats only", { bytesReceived: 0, bytesSent: 50 }, 1],
])("bytes that %s", async (_what, { bytesReceived, bytesSent }, stalls) => {
  const { watch: stallWatch, channel, onStall } = watch();
  const moving = setInterval(() => {
    channel.bytesReceived += bytesReceived;
    channel.bytesSent += bytesSent;
  }, 10_000);
  stallWatch.start();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(onStall).toHaveBeenCalledTimes(stalls);
  clearInterval(moving);
  stallWatch.stop();
});

test("what was just sent has its time on a slow link besides", async () => {
  const { watch: stallWatch, channel, onStall } = watch();
  stallWatch.start();
  channel.bytesReceived += 25;
  stallWatch.answered();
  await vi.advanceTimersByTimeAsync(12_000);
  channel.bytesSent += 3_000_000;
  await vi.advanceTimersByTimeAsync(12_000 + 119_000);
  expect(onStall).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(onStall).toHaveBeenCalledTimes(1);
});

test("nothing is watched, and no timer left, while no reply is awaited", async () => {
  const { watch: stallWatch, ping, onStall } = watch();
  for (let call = 0; call < 20; call++) {
    stallWatch.start();
    await vi.advanceTimersByTimeAsync(11_000);
    stallWatch.stop();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(100_000);
  }
  expect([ping.mock.calls.length, onStall.mock.calls.length]).toEqual([0, 0]);
});

test("the timer does not keep the process alive", () => {
  vi.useRealTimers();
  const spy = vi.spyOn(globalThis, "setInterval");
  const { watch: stallWatch } = watch();
  stallWatch.start();
  expect((spy.mock.results[0]!.value as NodeJS.Timeout).hasRef()).toBe(false);
  stallWatch.stop();
  spy.mockRestore();
});
