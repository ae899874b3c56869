import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { AbortError, TableError } from "../../src/errors.js";
import { sleepUnlessAborted } from "../../src/flow/abort.js";
import { watchingCallbacks } from "../../src/flow/callbacks.js";

const FAILED = { name: "CallerError", code: "CALLBACK_FAILED" };

describe("functions that a caller gives", () => {
  test("are told as before, and the result is the work's", async () => {
    const told: number[] = [];
    const options = { onProgress: (done: number) => void told.push(done) };
    const result = await watchingCallbacks(options, async ({ onProgress }) => {
      onProgress(1);
      onProgress(2);
      return "done";
    });
    expect([result, told]).toEqual(["done", [1, 2]]);
  });

  test("options without them are passed on as they are", async () => {
    const options = { signal: undefined };
    expect(await watchingCallbacks(options, async (given) => given)).toBe(options);
  });

  test("that throw end the work with what they threw as the cause", async () => {
    const cause = new Error("boom");
    const options = {
      onWarning: () => {
        throw cause;
      },
    };
    const work = watchingCallbacks(options, async ({ onWarning }) => onWarning());
    await expect(work).rejects.toMatchObject({
      ...FAILED,
      cause,
      message: "onWarning, which the caller gave, failed: boom",
    });
  });

  test("whose promise rejects abort the work", async () => {
    const cause = new Error("boom");
    const options = { onProgress: async () => Promise.reject(cause) };
    let isAborted = false;
    const work = watchingCallbacks({ ...options, signal: new AbortController().signal }, async (given) => {
      given.onProgress();
      await sleepUnlessAborted(10_000, given.signal, "working").finally(() => {
        isAborted = given.signal?.aborted ?? false;
      });
    });
    await expect(work).rejects.toMatchObject({ ...FAILED, cause });
    expect(isAborted).toBe(true);
  });

  test("whose promise rejects after the work is done make it fail all the same", async () => {
    const options = { onProgress: () => sleep(20).then(() => Promise.reject("late")) };
    const work = watchingCallbacks(options, async (given) => void given.onProgress());
    await expect(work).rejects.toMatchObject({ ...FAILED, cause: "late" });
  });

  test("an error of the work that tells of theirs is the one thrown", async () => {
    const options = {
      onProgress: () => {
        throw new Error("boom");
      },
    };
    const work = watchingCallbacks(options, async ({ onProgress }) => {
      try {
        onProgress();
      } catch (cause) {
        throw new TableError("UPLOAD_FAILED", "not uploaded", { cause });
      }
    });
    await expect(work).rejects.toMatchObject({ code: "UPLOAD_FAILED", cause: FAILED });
  });

  test("the caller's signal still ends the work", async () => {
    const stop = new AbortController();
    const work = watchingCallbacks({ onProgress: () => {}, signal: stop.signal }, (given) =>
      sleepUnlessAborted(10_000, given.signal, "working"),
    );
    stop.abort("enough");
    await expect(work).rejects.toBeInstanceOf(AbortError);
  });
});
