import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, bench, describe } from "vitest";
import { createHdf5Table, readHdf5Batches } from "../../src/formats/hdf5/index.js";
import { sampleBatch } from "./sample.js";

const batch = sampleBatch();
const folder = await mkdtemp(join(tmpdir(), "omero2frame-bench-"));
const path = join(folder, "table.h5");
await writeFile(path);

async function writeFile(target: string): Promise<void> {
  const table = await createHdf5Table(target, batch.fields);
  await table.addData(batch);
  await table.close();
}

afterAll(() => rm(folder, { recursive: true }));

describe("table file of 100,000 x 10", () => {
  bench("read", async () => {
    for await (const _ of readHdf5Batches(path));
  });
  bench("write", async () => {
    await writeFile(join(folder, "written.h5"));
    await rm(join(folder, "written.h5"));
  });
});
