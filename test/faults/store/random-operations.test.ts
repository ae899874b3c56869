/** Several processes do at random whatever can be done with one store; STORE_SEED repeats a run. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openStore, type StoredImage } from "omero2frame/store";
import { expect, it } from "vitest";

const WORKERS = 4;
const STEPS = Number(process.env.STORE_STEPS ?? 400);
const seed = Number(process.env.STORE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const program = fileURLToPath(new URL("random-worker.mjs", import.meta.url));

interface Left {
  readonly left: readonly [string, readonly unknown[]][];
  readonly counted: number;
  readonly appended: readonly [number, number][];
}

it(`${WORKERS} processes leave what each of them has in mind, and see nothing that is not of one write (seed ${seed})`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "store-random-"));
  try {
    const all = await Promise.all(Array.from({ length: WORKERS }, (_, worker) => run(folder, worker)));
    await using store = await openStore(folder);
    const dictionary = store.open("shared");
    const kept = new Map<string, readonly unknown[]>();
    for await (const [key, value] of dictionary.entries({ from: "0", to: "9" })) kept.set(String(key), essence(value));
    expect(kept).toEqual(new Map(all.flatMap(({ left }) => left)));
    expect((await dictionary.get("counter")) ?? 0).toBe(all.reduce((sum, { counted }) => sum + counted, 0));
    const appended = all.flatMap((worker) => worker.appended).sort(([one], [other]) => one - other);
    expect(appended.map(([n]) => n)).toEqual(appended.map((_, index) => index));
    for (const [n, generation] of appended) expect(await dictionary.getAttribute(n, "generation")).toBe(generation);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);

async function run(folder: string, worker: number): Promise<Left> {
  const words = [program, folder, worker, seed, STEPS].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout);
}

/** As the workers tell it, after it was JSON. */
function essence(value: unknown): readonly unknown[] {
  const { header, data, generation, list } = value as Partial<StoredImage> & { generation?: number; list?: unknown[] };
  return JSON.parse(JSON.stringify(header ? [header.generation, data!.length, header.mark] : [generation, list]));
}
