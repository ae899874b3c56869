import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { mapInOrder, steps } from "../../src/flow/map-in-order.js";

interface Deferred {
  readonly job: number;
  readonly signal: AbortSignal;
  resolve(): void;
  reject(error: Error): void;
}

/** Jobs 0 ..< count whose ends the test decides. */
function controlled(count: number) {
  const started: Deferred[] = [];
  let returned = false;
  async function* jobs() {
    try {
      for (let job = 0; job < count; job++) yield job;
    } finally {
      returned = true;
    }
  }
  const run = (job: number, signal: AbortSignal) =>
    new Promise<number>((resolve, reject) => {
      started.push({ job, signal, resolve: () => resolve(job), reject });
      signal.addEventListener("abort", () => reject(new Error("stopped")));
    });
  return { started, jobs, run, returned: () => returned };
}

const options = { concurrency: () => 2, window: 4, label: "The test" };
const settle = () => sleep(2);

describe("mapInOrder", () => {
  it("yields in order whatever order jobs end in", async () => {
    const run = async (job: number) => {
      await sleep((job * 7) % 5);
      return job;
    };
    async function* jobs() {
      for (let job = 0; job < 40; job++) yield job;
    }
    const results: number[] = [];
    for await (const result of mapInOrder(jobs(), run, options)) results.push(result);
    expect(results).toEqual(Array.from({ length: 40 }, (_, job) => job));
  });

  it("runs as many as allowed, and goes on behind a slow first job until the window is full", async () => {
    const { started, jobs, run } = controlled(10);
    const iterator = mapInOrder(jobs(), run, options);
    const first = iterator.next();
    await settle();
    expect(started.map(({ job }) => job)).toEqual([0, 1]);
    started[1]!.resolve();
    await settle();
    started[2]!.resolve();
    await settle();
    started[3]!.resolve();
    await settle();
    expect(started.map(({ job }) => job)).toEqual([0, 1, 2, 3]);
    started[0]!.resolve();
    expect(await first).toEqual({ done: false, value: 0 });
    expect((await iterator.next()).value).toBe(1);
    await iterator.return();
  });

  it("has started the next of items that are there when the consumer gets a result", async () => {
    const started: number[] = [];
    const run = async (job: number) => {
      started.push(job);
      return job;
    };
    const seen: number[] = [];
    for await (const result of mapInOrder([0, 1, 2], run, { label: "Working" })) seen.push(started.length - result);
    expect(seen).toEqual([2, 2, 1]);
  });

  it("starts nothing while the consumer does not ask and the window is full", async () => {
    let ran = 0;
    async function* jobs() {
      for (let job = 0; ; job++) yield job;
    }
    const iterator = mapInOrder(jobs(), async () => ran++, options);
    await iterator.next();
    await settle();
    expect(ran).toBe(1 + options.window);
    await iterator.next();
    await settle();
    expect(ran).toBe(2 + options.window);
    await iterator.return();
  });

  it("throws a failure in its turn and lets no other job go on", async () => {
    const { started, jobs, run, returned } = controlled(10);
    const iterator = mapInOrder(jobs(), run, options);
    const first = iterator.next();
    await settle();
    started[1]!.reject(new Error("broken"));
    await settle();
    expect(started).toHaveLength(2);
    started[0]!.resolve();
    expect((await first).value).toBe(0);
    await expect(iterator.next()).rejects.toThrow("broken");
    expect(started[0]!.signal.aborted).toBe(true);
    expect(returned()).toBe(true);
  });

  it("throws what making the jobs throws", async () => {
    async function* jobs() {
      yield 1;
      throw new Error("no more jobs");
    }
    const iterator = mapInOrder(jobs(), async (job) => job, options);
    expect((await iterator.next()).value).toBe(1);
    await expect(iterator.next()).rejects.toThrow("no more jobs");
  });

  it("stops what runs when the consumer leaves, and waits for it", async () => {
    const { started, jobs, run, returned } = controlled(10);
    const iterator = mapInOrder(jobs(), run, options);
    const first = iterator.next();
    await settle();
    started[0]!.resolve();
    await first;
    await settle();
    await iterator.return();
    expect(started.every(({ signal }) => signal.aborted)).toBe(true);
    expect(returned()).toBe(true);
    expect((await iterator.next()).done).toBe(true);
  });

  it("throws at once when aborted, though the first job still runs", async () => {
    const { started, jobs, run, returned } = controlled(10);
    const controller = new AbortController();
    const iterator = mapInOrder(jobs(), run, { ...options, signal: controller.signal });
    const first = iterator.next();
    await settle();
    controller.abort(new Error("changed my mind"));
    await expect(first).rejects.toMatchObject({
      code: "ABORTED",
      message: "The test was aborted by the caller",
      cause: { message: "changed my mind" },
    });
    expect(started.every(({ signal }) => signal.aborted)).toBe(true);
    expect(returned()).toBe(true);
  });

  it("starts nothing under a signal that has fired", async () => {
    const { started, jobs, run } = controlled(3);
    const iterator = mapInOrder(jobs(), run, { ...options, signal: AbortSignal.abort() });
    await expect(iterator.next()).rejects.toMatchObject({ code: "ABORTED" });
    expect(started).toEqual([]);
  });

  it("ends at once when there are no jobs", async () => {
    async function* jobs() {}
    expect(await mapInOrder(jobs(), async (job) => job, options).next()).toEqual({ done: true, value: undefined });
  });
});

describe("steps", () => {
  it("gives where parts begin, the last of which may be shorter", () => {
    expect([...steps(0, 10, 4)]).toEqual([0, 4, 8]);
    expect([...steps(2, 10, 4)]).toEqual([2, 6]);
    expect([...steps(3, 3, 1)]).toEqual([]);
  });
});
