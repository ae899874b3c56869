import { describe, expect, it } from "vitest";
import { AbortError } from "../../src/errors.js";
import { onAbort, sleepUnlessAborted, unlessAborted } from "../../src/flow/abort.js";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe("onAbort", () => {
  it("tells once that a signal fires", () => {
    const controller = new AbortController();
    let told = 0;
    onAbort(controller.signal, () => told++);
    expect(told).toBe(0);
    controller.abort();
    controller.abort();
    expect(told).toBe(1);
  });

  it("tells soon of a signal that has fired, but not before it returns", async () => {
    let told = 0;
    onAbort(AbortSignal.abort(), () => told++);
    expect(told).toBe(0);
    await nextTurn();
    expect(told).toBe(1);
  });

  it("tells nothing once it was ended", async () => {
    let told = 0;
    const controller = new AbortController();
    onAbort(controller.signal, () => told++)();
    onAbort(AbortSignal.abort(), () => told++)();
    controller.abort();
    await nextTurn();
    expect(told).toBe(0);
  });

  it("does without a signal", () => {
    onAbort(undefined, () => expect.unreachable())();
  });
});

describe("unlessAborted", () => {
  it("settles as the promise does", async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(7), signal, "waiting")).toBe(7);
    await expect(unlessAborted(Promise.reject(new Error("broken")), signal, "waiting")).rejects.toThrow("broken");
    expect(await unlessAborted(Promise.resolve(8), undefined, "waiting")).toBe(8);
  });

  it("fails as soon as the signal fires, with what was waited for and the reason", async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(new Promise(() => {}), controller.signal, "waiting for rain");
    controller.abort("dry");
    await expect(waiting).rejects.toThrow("waiting for rain was aborted by the caller");
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED", cause: "dry" });
  });

  it("fails for a signal that has fired, even if the promise is there", async () => {
    await expect(unlessAborted(Promise.resolve(7), AbortSignal.abort(), "waiting")).rejects.toBeInstanceOf(AbortError);
  });

  it("hears the promise fail after the signal, so that the process does not", async () => {
    const unheard: unknown[] = [];
    const listener = (error: unknown) => unheard.push(error);
    process.on("unhandledRejection", listener);
    let fail = (_: Error) => {};
    const promise = new Promise((_, reject) => {
      fail = reject;
    });
    await expect(unlessAborted(promise, AbortSignal.abort(), "waiting")).rejects.toBeInstanceOf(AbortError);
    fail(new Error("too late"));
    await nextTurn();
    process.off("unhandledRejection", listener);
    expect(unheard).toEqual([]);
  });

  it("leaves no listener behind", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    signal.addEventListener = () => listeners++;
    signal.removeEventListener = () => listeners--;
    await unlessAborted(Promise.resolve(), signal, "waiting");
    await nextTurn();
    expect(listeners).toBe(0);
  });
});

describe("sleepUnlessAborted", () => {
  it("sleeps", async () => {
    await sleepUnlessAborted(1, undefined, "sleeping");
  });

  it("wakes when the signal fires", async () => {
    const controller = new AbortController();
    const sleeping = sleepUnlessAborted(1_000_000, controller.signal, "sleeping");
    controller.abort();
    await expect(sleeping).rejects.toThrow("sleeping was aborted by the caller");
  });
});
