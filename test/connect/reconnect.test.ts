import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pauseBefore, ReconnectingLink } from "../../src/connect/reconnect.js";
import { ConnectionError, LoginError } from "../../src/errors.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Links are numbers; `outcomes` are what the attempts give in turn, after 10 ms each. */
function linkWith(outcomes: (number | Error)[], patience = 60_000) {
  const events: string[] = [];
  let attempts = 0;
  const link = new ReconnectingLink<number>(1, {
    patience,
    isFinal: (error) => error instanceof LoginError,
    connect: async (signal) => {
      attempts++;
      await new Promise<void>((resolve, reject) => {
        const aborted = () => reject(signal.reason);
        signal.addEventListener("abort", aborted, { once: true });
        setTimeout(() => {
          signal.removeEventListener("abort", aborted);
          resolve();
        }, 10);
      });
      const outcome = outcomes.shift()!;
      if (typeof outcome === "number") return outcome;
      throw outcome;
    },
    release: (old) => events.push(`released ${old}`),
    onLost: (cause) => events.push(`lost: ${(cause as Error).message}`),
    onReconnected: () => events.push("reconnected"),
  });
  return { link, events, attempts: () => attempts };
}

const refused = () => new ConnectionError("CONNECTION_REFUSED", "refused");

describe("ReconnectingLink", () => {
  test("gives the link there is", async () => {
    const { link, attempts } = linkWith([]);
    expect(await link.get()).toBe(1);
    expect(attempts()).toBe(0);
  });

  test("re-establishes a lost link once for all who wait", async () => {
    const { link, events, attempts } = linkWith([refused(), refused(), 2]);
    link.lost(1, new Error("gone"));
    link.lost(1, new Error("said by another call"));
    const waiting = Promise.all([link.get(), link.get(), link.get()]);
    await vi.runAllTimersAsync();
    expect(await waiting).toEqual([2, 2, 2]);
    expect(attempts()).toBe(3);
    expect(events).toEqual(["released 1", "lost: gone", "reconnected"]);
    link.lost(1, new Error("late news of the first link"));
    expect(link.current).toBe(2);
  });

  test("makes its last attempt when patience ends, not after a pause that is longer", async () => {
    const { link } = linkWith(Array.from({ length: 50 }, refused), 5000);
    link.lost(1, new Error("gone"));
    const waiting = link.get().catch((error) => error);
    await vi.advanceTimersByTimeAsync(5030);
    expect(vi.getTimerCount()).toBe(0);
    expect(await waiting).toMatchObject({ code: "CONNECTION_REFUSED" });
  });

  test("comes back in the background, without anybody waiting", async () => {
    const { link } = linkWith([refused(), 2]);
    link.lost(1, new Error("gone"));
    await vi.runAllTimersAsync();
    expect(link.current).toBe(2);
  });

  test("gives the last error when patience ends, and tries again for who asks later", async () => {
    const { link, attempts } = linkWith([...Array.from({ length: 20 }, refused), 2], 5_000);
    link.lost(1, new Error("gone"));
    const waiting = expect(link.get()).rejects.toMatchObject({ code: "CONNECTION_REFUSED" });
    await vi.advanceTimersByTimeAsync(60_000);
    await waiting;
    const tried = attempts();
    expect(tried).toBeGreaterThan(3);
    expect(tried).toBeLessThan(10);
    const again = link
      .get()
      .catch(() => link.get())
      .catch(() => link.get())
      .catch(() => link.get());
    await vi.advanceTimersByTimeAsync(300_000);
    expect(await again).toBe(2);
  });

  test("a final error is final", async () => {
    const { link, attempts } = linkWith([new LoginError("SESSION_EXPIRED", "expired")]);
    link.lost(1, new Error("gone"));
    const waiting = expect(link.get()).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    await vi.runAllTimersAsync();
    await waiting;
    await expect(link.get()).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    expect(attempts()).toBe(1);
  });

  test("closing ends the attempts and all waiting", async () => {
    const { link, events } = linkWith([refused(), refused(), refused()]);
    expect(linkWith([]).link.close()).toBe(1);
    link.lost(1, new Error("gone"));
    const waiting = expect(link.get()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await vi.advanceTimersByTimeAsync(100);
    expect(link.close()).toBeUndefined();
    await waiting;
    await vi.runAllTimersAsync();
    expect(vi.getTimerCount()).toBe(0);
    expect(events).toEqual(["released 1", "lost: gone"]);
    await expect(link.get()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  });

  test("releases a link that arrives after closing", async () => {
    let arrive: (link: number) => void = () => {};
    const released: number[] = [];
    const link = new ReconnectingLink<number>(1, {
      patience: 1000,
      isFinal: () => false,
      connect: () => new Promise((resolve) => (arrive = resolve)),
      release: (old) => released.push(old),
    });
    link.lost(1, new Error("gone"));
    const waiting = expect(link.get()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await vi.advanceTimersByTimeAsync(1);
    link.close();
    arrive(2);
    await waiting;
    expect(released).toEqual([1, 2]);
  });

  test("who gives up waiting leaves the others waiting", async () => {
    const { link } = linkWith([refused(), refused(), 2]);
    link.lost(1, new Error("gone"));
    const controller = new AbortController();
    const impatient = expect(link.get(controller.signal)).rejects.toMatchObject({ code: "ABORTED" });
    const patient = link.get();
    await vi.advanceTimersByTimeAsync(5);
    controller.abort();
    await impatient;
    await expect(link.get(controller.signal)).rejects.toMatchObject({ code: "ABORTED" });
    await vi.runAllTimersAsync();
    expect(await patient).toBe(2);
  });

  test("pauses keep the process alive only while somebody waits", async () => {
    const { link } = linkWith(Array.from({ length: 50 }, refused));
    const spy = vi.spyOn(globalThis, "setTimeout");
    link.lost(1, new Error("gone"));
    await vi.advanceTimersByTimeAsync(11);
    const pause = spy.mock.results.at(-1)!.value as NodeJS.Timeout;
    expect(pause.hasRef()).toBe(false);
    const controller = new AbortController();
    const waiting = expect(link.get(controller.signal)).rejects.toMatchObject({ code: "ABORTED" });
    expect(pause.hasRef()).toBe(true);
    controller.abort();
    await waiting;
    expect(pause.hasRef()).toBe(false);
    spy.mockRestore();
    link.close();
  });
});

test("pauseBefore grows to a limit and varies", () => {
  expect(pauseBefore(0)).toBe(0);
  expect(pauseBefore(1, () => 0)).toBe(125);
  expect(pauseBefore(1, () => 1)).toBe(250);
  expect(pauseBefore(3, () => 1)).toBe(1000);
  expect(pauseBefore(50, () => 1)).toBe(15_000);
});
