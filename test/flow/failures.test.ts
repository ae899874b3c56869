import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awaitedLater, clearUp, ifPossible, inBackground, keepUnlessFailed } from "../../src/flow/failures.js";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});

afterEach(async () => {
  await nextTurn();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

describe("awaitedLater", () => {
  it("gives the promise itself, which fails for whoever awaits it", async () => {
    const failing = Promise.reject(new Error("broken"));
    const later = awaitedLater(failing);
    expect(later).toBe(failing);
    await nextTurn();
    await expect(later).rejects.toThrow("broken");
  });
});

describe("clearUp", () => {
  it("does each step once the one before is done, even if that has failed", async () => {
    const done: string[] = [];
    await clearUp(
      async () => {
        await nextTurn();
        done.push("first");
        throw new Error("rejected");
      },
      () => {
        done.push("second");
        throw new Error("thrown");
      },
      () => undefined,
      async () => done.push("last"),
    );
    expect(done).toEqual(["first", "second", "last"]);
  });
});

describe("inBackground", () => {
  it("lets a failure pass", () => {
    inBackground(Promise.reject(new Error("gone")));
  });
});

describe("ifPossible", () => {
  it("gives the result, or undefined", async () => {
    expect(await ifPossible(Promise.resolve(7))).toBe(7);
    expect(await ifPossible(Promise.reject(new Error("not there")))).toBeUndefined();
  });
});

describe("keepUnlessFailed", () => {
  it("keeps a promise, and forgets it when it fails", async () => {
    const map = new Map<string, Promise<number>>();
    const kept = keepUnlessFailed(map, "good", Promise.resolve(7));
    const failed = keepUnlessFailed(map, "bad", Promise.reject(new Error("broken")));
    expect([...map.keys()]).toEqual(["good", "bad"]);
    await expect(failed).rejects.toThrow("broken");
    expect([...map.entries()]).toEqual([["good", kept]]);
  });
});
