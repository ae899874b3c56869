import { describe, expect, it } from "vitest";
import { WriteBehind } from "../../src/flow/write-behind.js";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe("WriteBehind", () => {
  it("begins a write at once, and the next when that is done", async () => {
    const writes = new WriteBehind();
    const events: string[] = [];
    const write = (name: string) => async () => {
      events.push(`${name} begins`);
      await nextTurn();
      events.push(`${name} ends`);
    };
    await writes.next(write("a"));
    events.push("b is ready");
    await writes.next(write("b"));
    events.push("no more");
    await writes.done();
    expect(events).toEqual(["a begins", "b is ready", "a ends", "b begins", "no more", "b ends"]);
  });

  it("throws what a write failed with at the next, which is not begun, and at the end", async () => {
    const writes = new WriteBehind();
    await writes.next(() => Promise.reject(new Error("disk full")));
    await nextTurn();
    let begun = false;
    const next = writes.next(async () => {
      begun = true;
    });
    await expect(next).rejects.toThrow("disk full");
    await expect(writes.done()).rejects.toThrow("disk full");
    expect(begun).toBe(false);
  });

  it("settles whatever came of the last write", async () => {
    const writes = new WriteBehind();
    let ended = false;
    await writes.next(async () => {
      await nextTurn();
      ended = true;
      throw new Error("disk full");
    });
    await writes.settled();
    expect(ended).toBe(true);
  });
});
