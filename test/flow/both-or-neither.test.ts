import { expect, test } from "vitest";
import { bothOrNeither } from "../../src/flow/both-or-neither.js";

const nothing = async () => {};

function later<T>(value: T, milliseconds = 5): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, value));
}

test("both results", async () => {
  expect(
    await bothOrNeither(
      undefined,
      () => later(1),
      () => later("x"),
      nothing,
      nothing,
    ),
  ).toEqual([1, "x"]);
});

test("the failure of one stops the other, which is released when it is there", async () => {
  const released: unknown[] = [];
  let stopped = false;
  const failing = bothOrNeither(
    undefined,
    async (signal) => {
      signal.addEventListener("abort", () => {
        stopped = true;
      });
      return later("first", 20);
    },
    async () => {
      throw new Error("no luck");
    },
    async (value) => void released.push(value),
    async (value) => void released.push(value),
  );
  await expect(failing).rejects.toThrow("no luck");
  expect([stopped, released]).toEqual([true, ["first"]]);
});

test("of two failures the first is thrown", async () => {
  const failing = bothOrNeither(
    undefined,
    async () => {
      await later(0);
      throw new Error("second");
    },
    async () => {
      throw new Error("first");
    },
    nothing,
    nothing,
  );
  await expect(failing).rejects.toThrow("first");
});

test("the caller's signal reaches both", async () => {
  const seen: boolean[] = [];
  const work = async (signal: AbortSignal) => void seen.push(signal.aborted);
  await bothOrNeither(AbortSignal.abort(), work, work, nothing, nothing);
  expect(seen).toEqual([true, true]);
});
