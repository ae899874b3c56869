/** What holds for every queue of bulk jobs, wherever it is. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import type { JobQueue, JobState, KeyedJob, QueueSettings } from "../../src/jobs/index.js";

export const SETTINGS: QueueSettings = {
  server: "omero.example.org:4064",
  connections: 2,
  attempts: 2,
  retryDelay: 30,
};
const LEASE = 60_000;
const SHORT = 300;

export function numberedJobs(count: number, from = 0): KeyedJob[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const file = { path: `plates/ä ${number}.csv`, size: number, modified: 1, name: `n ${number}` };
    return { id: `job${number}`, job: { kind: "upload", ...file, links: [["Image", "1"]], options: {} } };
  });
}

/** @param open the queue of a name, empty at first; others of the name see the same */
export function queueTests(open: (name: string) => Promise<JobQueue>): void {
  let number = 0;
  const withQueue = (what: string, test: (queue: JobQueue, again: () => Promise<JobQueue>) => Promise<void>) =>
    it(what, async () => {
      const name = `q${process.pid}-${number++}`;
      await using queue = await open(name);
      await queue.configure(SETTINGS);
      await test(queue, () => open(name));
    });
  const take = async (queue: JobQueue, lease = LEASE) => {
    const held = await queue.take(lease);
    return held ?? expect.fail("there is no job to take");
  };
  const idsOf = async (queue: JobQueue, state: JobState) => {
    const ids: string[] = [];
    for await (const { id } of queue.entries(state)) ids.push(id);
    return ids;
  };

  withQueue("gives jobs in the order they were added, each once, and counts them", async (queue, again) => {
    expect(await queue.add(numberedJobs(3))).toEqual({ added: 3, known: 0 });
    await using other = await again();
    expect(await other.add(numberedJobs(4))).toEqual({ added: 1, known: 3 });
    const [first, second] = [await take(queue), await take(other)];
    expect([first.id, second.id]).toEqual(["job0", "job1"]);
    expect(first.job).toEqual(numberedJobs(1)[0]!.job);
    expect(await first.done({ result: "done", rowCount: 5 })).toBe(true);
    expect(await other.counts()).toEqual({ waiting: 2, delayed: 0, active: 1, done: 1, dead: 0 });
    for await (const entry of other.entries("done"))
      expect(entry).toEqual({
        ...numberedJobs(1)[0],
        state: "done",
        failures: 0,
        result: { result: "done", rowCount: 5 },
      });
    expect(await idsOf(queue, "waiting")).toHaveLength(2);
    expect(await idsOf(queue, "active")).toEqual(["job1"]);
  });

  withQueue("tries again what failed, until it is dead; what fails for good is dead at once", async (queue) => {
    await queue.add(numberedJobs(2));
    const [first, second] = [await take(queue), await take(queue)];
    expect(await first.fail("the server is away", false)).toBe("delayed");
    expect(await second.fail("it is no CSV", true)).toBe("dead");
    const again = await vi.waitFor(() => take(queue), { timeout: 5000, interval: 20 });
    expect([again.id, again.ticket > first.ticket]).toEqual(["job0", true]);
    expect(await again.fail("the server is away still", false)).toBe("dead");
    const dead = [];
    for await (const { id, reason } of queue.entries("dead")) dead.push([id, reason]);
    expect(dead.sort()).toEqual([
      ["job0", "the server is away still"],
      ["job1", "it is no CSV"],
    ]);
    expect(await queue.retry(["job1", "job7"])).toBe(1);
    expect(await queue.retry()).toBe(1);
    expect((await queue.counts()).waiting).toBe(2);
    const revived = await take(queue);
    expect(await revived.fail("once more", false)).toBe("delayed");
  });

  withQueue(
    "gives a job to another when its lease has ended, and takes no word of the first then",
    async (queue, again) => {
      await queue.add(numberedJobs(1));
      await using other = await again();
      const stalled = await take(queue, SHORT);
      expect(await other.take(SHORT)).toBeUndefined();
      const taken = await vi.waitFor(() => take(other, SHORT), { timeout: 10_000, interval: 50 });
      expect([taken.id, taken.ticket > stalled.ticket]).toEqual(["job0", true]);
      expect(await stalled.renew()).toBe(false);
      expect(await stalled.done({ result: "done" })).toBe(false);
      expect(await stalled.fail("late", true)).toBeUndefined();
      await stalled.release();
      expect(await taken.renew()).toBe(true);
      expect(await taken.done({ result: "done before" })).toBe(true);
      expect(await other.counts()).toMatchObject({ waiting: 0, active: 0, done: 1, dead: 0 });
    },
  );

  withQueue("leaves a job whose lease is renewed to its holder", async (queue) => {
    await queue.add(numberedJobs(1));
    const held = await take(queue, SHORT);
    for (let look = 0; look < 6; look++) {
      await pause(SHORT / 3);
      expect(await held.renew()).toBe(true);
      expect(await queue.take(SHORT)).toBeUndefined();
    }
    await held.release();
    expect((await take(queue)).id).toBe("job0");
  });

  withQueue("gives as many connections as there may be, and again those that nobody renews", async (queue, again) => {
    await using other = await again();
    const [one, two] = [await queue.slot(2, LEASE), await other.slot(2, SHORT)];
    expect([one === undefined, two === undefined, await queue.slot(2, LEASE)]).toEqual([false, false, undefined]);
    await one!.free();
    const three = await queue.slot(2, LEASE);
    expect(three).toBeDefined();
    const four = await vi.waitFor(async () => (await queue.slot(2, LEASE)) ?? expect.fail("none"), { timeout: 5000 });
    expect([await two!.renew(), await three!.renew(), await four.renew()]).toEqual([false, true, true]);
  });

  withQueue("holds jobs for one server, and forgets them when told", async (queue) => {
    await queue.add(numberedJobs(3));
    const other = { ...SETTINGS, server: "other.example.org:4064" };
    await expect(queue.configure(other)).rejects.toMatchObject({ code: "OTHER_SERVER" });
    expect(await queue.settings()).toEqual(SETTINGS);
    await (await take(queue)).done({ result: "done" });
    expect(await queue.clear("done")).toBe(1);
    expect(await queue.clear("all")).toBe(2);
    expect(await queue.counts()).toEqual({ waiting: 0, delayed: 0, active: 0, done: 0, dead: 0 });
    await queue.configure(other);
    expect(await queue.add(numberedJobs(3))).toEqual({ added: 3, known: 0 });
  });

  withQueue("gives each of many jobs to one of several takers", async (queue, again) => {
    expect(await queue.add(numberedJobs(2_500))).toEqual({ added: 2_500, known: 0 });
    await using other = await again();
    const taken: string[] = [];
    const drain = async (from: JobQueue) => {
      for (let count = 0; count < 40; count++) taken.push((await take(from)).id);
    };
    await Promise.all([drain(queue), drain(other), drain(queue)]);
    expect(new Set(taken).size).toBe(120);
    expect(await idsOf(queue, "waiting")).toHaveLength(2_380);
  });

  withQueue("stops adding when told", async (queue) => {
    const stop = new AbortController();
    const jobs = (function* () {
      for (const job of numberedJobs(5_000)) {
        if (job.id === "job2500") stop.abort();
        yield job;
      }
    })();
    await expect(queue.add(jobs, { signal: stop.signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect((await queue.counts()).waiting).toBe(2_000);
  });
}
