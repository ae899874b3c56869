import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { SharedWork } from "../../../src/view/page/shared-work.js";

it("goes on while anyone waits, and ends with the last who does", async () => {
  let ended = false;
  let lost = 0;
  const work = new SharedWork<number>((signal) => {
    signal.addEventListener("abort", () => (ended = true), { once: true });
    return sleep(60_000, 1, { signal });
  });
  work.whenLost(() => lost++);
  const [one, other] = [new AbortController(), new AbortController()];
  const waits = [work.wait(one.signal), work.wait(other.signal)];
  one.abort();
  await expect(waits[0]).rejects.toMatchObject({ code: "ABORTED" });
  expect([ended, lost]).toEqual([false, 0]);
  other.abort();
  await expect(waits[1]).rejects.toMatchObject({ code: "ABORTED" });
  expect(ended).toBe(true);
  expect(lost).toBeGreaterThan(0);
});

it("is done once for all", async () => {
  let begun = 0;
  const work = new SharedWork(async () => ++begun);
  const { signal } = new AbortController();
  expect(await Promise.all([work.wait(signal), work.wait(signal)])).toEqual([1, 1]);
  expect(await work.wait(signal)).toBe(1);
});
