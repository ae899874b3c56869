import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KeepAlive } from "../../src/connect/keep-alive.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("pings at the interval until stopped", async () => {
  const ping = vi.fn(async () => {});
  const onFailure = vi.fn();
  const keepAlive = new KeepAlive({ interval: 60_000, ping, onFailure });
  await vi.advanceTimersByTimeAsync(59_999);
  expect(ping).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(180_001);
  expect(ping).toHaveBeenCalledTimes(4);
  keepAlive.stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(ping).toHaveBeenCalledTimes(4);
  expect(onFailure).not.toHaveBeenCalled();
});

test("one ping at a time", async () => {
  const ping = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 150_000)));
  const keepAlive = new KeepAlive({ interval: 60_000, ping, onFailure: () => {} });
  await vi.advanceTimersByTimeAsync(200_000);
  expect(ping).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ping).toHaveBeenCalledTimes(2);
  keepAlive.stop();
});

test("a failed ping ends the pings and is reported once", async () => {
  const failure = new Error("gone");
  const ping = vi.fn().mockResolvedValueOnce(undefined).mockRejectedValue(failure);
  const onFailure = vi.fn();
  new KeepAlive({ interval: 1000, ping, onFailure });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ping).toHaveBeenCalledTimes(2);
  expect(onFailure.mock.calls).toEqual([[failure]]);
});

test("a ping that fails after stopping says nothing", async () => {
  const onFailure = vi.fn();
  const ping = () => new Promise<void>((_resolve, reject) => setTimeout(() => reject(new Error("late")), 5000));
  const keepAlive = new KeepAlive({ interval: 1000, ping, onFailure });
  await vi.advanceTimersByTimeAsync(1500);
  keepAlive.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(onFailure).not.toHaveBeenCalled();
});

test("the timer does not keep the process alive", () => {
  const spy = vi.spyOn(globalThis, "setInterval");
  const keepAlive = new KeepAlive({ interval: 1000, ping: async () => {}, onFailure: () => {} });
  expect((spy.mock.results[0]!.value as NodeJS.Timeout).hasRef()).toBe(false);
  keepAlive.stop();
  spy.mockRestore();
});
