/** A queue in a local store. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJobQueue } from "../../../src/jobs/index.js";
import { numberedJobs, queueTests, SETTINGS } from "../../support/queue-tests.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "store-queue-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("in a local store", () => {
  queueTests((name) => openJobQueue({ store: join(folder, "store"), name }));
});

it("is of this user alone", async () => {
  const store = join(folder, "new", "queue");
  await using queue = await openJobQueue({ store });
  expect(statSync(store).mode & 0o777).toBe(0o700);
  await queue.close();
  chmodSync(store, 0o777);
  await expect(openJobQueue({ store })).rejects.toMatchObject({ code: "QUEUE_NOT_PRIVATE", path: store });
  chmodSync(store, 0o700);
  chmodSync(join(store, "data.mdb"), 0o666);
  await expect(openJobQueue({ store })).rejects.toMatchObject({ code: "QUEUE_NOT_PRIVATE" });
});

it("is not made by those who only look", async () => {
  const store = join(folder, "nothing");
  await expect(openJobQueue({ store, make: false })).rejects.toMatchObject({ code: "NO_SUCH_QUEUE" });
  mkdirSync(store, { mode: 0o700 });
  await expect(openJobQueue({ store, make: false })).rejects.toMatchObject({ code: "NO_SUCH_QUEUE" });
});

it("has jobs that end their workers again and again end as dead", async () => {
  await using queue = await openJobQueue({ store: join(folder, "poison") });
  await queue.configure(SETTINGS);
  await queue.add(numberedJobs(1));
  for (let stall = 0; stall < 10; stall++) {
    const held = await queue.take(-1);
    expect(held?.doomed).toBeUndefined();
  }
  const held = await queue.take(-1);
  expect(held?.doomed).toContain("10 times");
});

it.each([
  ["a name with signs", { name: "a:b" }],
  ["both kinds", { store: "x", redis: "redis://127.0.0.1" }],
  ["no address of Redis", { redis: "http://127.0.0.1" }],
])("refuses %s", async (_, options) => {
  await expect(openJobQueue(options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
