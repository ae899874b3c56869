/** A session kept alive for a day of simulated time, through lost connections, failing pings and pings without answer. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveSession } from "../../src/connect/live-session.js";
import { ConnectionError, TimeoutError } from "../../src/errors.js";
import { callTo } from "../support/calls.js";
import { FakeLogin, fakeRemote, OK } from "./fake-login.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A server whose connections are lost, and whose pings fail, at given minutes of the day. */
function startDay() {
  const counts = { pings: 0, atOnce: 0, mostAtOnce: 0, logIns: 0, lost: 0, reconnected: 0 };
  const trouble = new Map<number, "fails" | "hangs">();
  let current: FakeLogin;
  const refusals: Error[] = [];
  const logIn = (): FakeLogin => {
    const made = new FakeLogin(`log-in ${counts.logIns++}`, "key");
    made.keepAlive = async (options) => {
      counts.pings++;
      counts.mostAtOnce = Math.max(counts.mostAtOnce, ++counts.atOnce);
      const minute = Math.floor(Date.now() / MINUTE) - startMinute;
      const what = trouble.get(minute);
      trouble.delete(minute);
      // An answer takes a while; there is none where it hangs.
      await new Promise((resolve) => setTimeout(resolve, what === "hangs" ? options!.timeout : 40));
      counts.atOnce--;
      if (what === "fails") throw new ConnectionError("CONNECTION_LOST", "the ping failed");
      if (what === "hangs") throw new TimeoutError("TIMEOUT", "no answer");
      return true;
    };
    current = made;
    return made;
  };
  const startMinute = Math.floor(Date.now() / MINUTE);
  const live = new LiveSession(logIn().login, {
    rejoin: async () => {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return logIn().login;
    },
    renew: undefined,
    owned: true,
    keepAlive: MINUTE,
    patience: 10 * MINUTE,
  });
  live.listeners.on("lost", () => counts.lost++);
  live.listeners.on("reconnected", () => counts.reconnected++);
  return { live, counts, trouble, refusals, lose: () => current.lose() };
}

test("an undisturbed day has a ping each minute, one timer, and one log-in", async () => {
  const { live, counts } = startDay();
  for (let hour = 0; hour < 24; hour++) {
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(vi.getTimerCount()).toBeLessThanOrEqual(2);
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(counts).toEqual({ pings: 1440, atOnce: 0, mostAtOnce: 1, logIns: 1, lost: 0, reconnected: 0 });
  expect(vi.getTimerCount()).toBe(1);
  await live.close();
  expect(vi.getTimerCount()).toBe(0);
});

test("a day of trouble has one reconnection for each loss, no more timers at its end, and no more memory", async () => {
  const { live, counts, trouble, refusals, lose } = startDay();
  const { remote, opened } = fakeRemote();
  let losses = 0;
  let heapInTheMorning = 0;
  for (let hour = 0; hour < 24; hour++) {
    // In each hour a connection breaks, a ping fails, a ping hangs, and every fourth time the server is away a while.
    trouble.set(hour * 60 + 17, "fails").set(hour * 60 + 33, "hangs");
    await vi.advanceTimersByTimeAsync(50 * MINUTE);
    if (hour % 4 === 0)
      refusals.push(...Array.from({ length: 5 }, () => new ConnectionError("CONNECTION_REFUSED", "away")));
    lose();
    // The news of one loss comes by several ways.
    const call = live.calls.invoke(callTo(remote, "find", 2));
    await vi.advanceTimersByTimeAsync(9 * MINUTE);
    expect(await call).toBe(OK);
    losses += 3;
    expect(counts).toMatchObject({ lost: losses, reconnected: losses, logIns: losses + 1 });
    expect(live.state).toBe("connected");
    expect(vi.getTimerCount()).toBeLessThanOrEqual(2);
    expect(opened).toHaveLength(hour + 1);
    collectGarbage();
    if (hour === 3) heapInTheMorning = process.memoryUsage().heapUsed;
    await vi.advanceTimersByTimeAsync(MINUTE);
  }
  expect(counts.mostAtOnce).toBe(1);
  // A reconnection begins a new minute, and a ping without answer takes half a one.
  expect(counts.pings).toBeGreaterThan(1440 - 3 * losses);
  expect(counts.pings).toBeLessThanOrEqual(1440);
  expect(process.memoryUsage().heapUsed - heapInTheMorning).toBeLessThan(1_000_000);
  await live.close();
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(vi.getTimerCount()).toBe(0);
  expect(counts).toMatchObject({ lost: losses, reconnected: losses, logIns: losses + 1 });
});

test("a day without the server ends its attempts in time, and the next call finds it again", async () => {
  const { live, counts, refusals, lose } = startDay();
  refusals.push(...Array.from({ length: 10_000 }, () => new ConnectionError("CONNECTION_REFUSED", "away")));
  const before = refusals.length;
  lose();
  await vi.advanceTimersByTimeAsync(24 * HOUR);
  // Ten minutes of attempts, the later ones up to 15 seconds apart.
  expect(before - refusals.length).toBeGreaterThan(40);
  expect(before - refusals.length).toBeLessThan(100);
  expect(vi.getTimerCount()).toBe(0);
  expect(counts).toMatchObject({ lost: 1, reconnected: 0, pings: 0 });
  refusals.length = 0;
  expect(await live.calls.invoke(callTo(fakeRemote().remote, "find", 2))).toBe(OK);
  expect(counts).toMatchObject({ lost: 1, reconnected: 1 });
  await vi.advanceTimersByTimeAsync(10 * MINUTE + 1000);
  expect(counts.pings).toBe(10);
  await live.close();
});
