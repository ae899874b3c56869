/** Several processes append to one dictionary at once: each image gets a number of its own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openStore } from "omero2frame/store";

const [given, worker] = process.argv.slice(2);
if (given !== undefined) await append(given, Number(worker));
else await main();

async function append(folder: string, worker: number): Promise<void> {
  await using store = await openStore(folder);
  const images = store.open("images");
  const image = { data: new Float32Array(1024).fill(worker), shape: [32, 32], header: { worker } };
  await Promise.all(Array.from({ length: 100 }, () => images.setImage(-1, image)));
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "store-example-"));
  const self = fileURLToPath(import.meta.url);
  const run = (worker: number) =>
    promisify(execFile)(process.execPath, ["--import", "tsx", self, folder, String(worker)]);
  await Promise.all([0, 1, 2, 3].map(run));
  await using store = await openStore(folder);
  const images = store.open("images");
  assert.equal(images.size, 400);
  assert.equal(images.imageCount, 400);
  const counts = new Map<unknown, number>();
  for await (const { key } of images.summaries()) {
    const { worker, mean } = (await images.getHeader(key))!;
    assert.equal(mean, worker);
    counts.set(worker, (counts.get(worker) ?? 0) + 1);
  }
  assert.deepEqual([...counts.values()], [100, 100, 100, 100]);
  console.log(`${images.size} images of ${counts.size} processes, without a gap`);
  await store.close();
  await rm(folder, { recursive: true });
}
