import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Spool } from "../../../src/flow/files/spool.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "spool-"));
  vi.stubEnv("TMPDIR", directory);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

const ITEMS = [
  { rows: 1, columns: new Map<string, unknown[]>([["a", [1, "é", 2n, null, undefined, true, new Date(5)]]]) },
  { rows: 2, columns: new Map<string, unknown[]>([["b", [Float64Array.of(1, NaN), BigInt64Array.of(2n ** 62n)]]]) },
  { rows: 3, columns: new Map<string, unknown[]>([["c", [new Uint8Array(100_000).fill(7)]]]) },
  { rows: 4, columns: new Map<string, unknown[]>() },
];

test.each([0, 200, 10_000_000])("items come back in order, %i bytes of them from memory", async (limit) => {
  const spool = new Spool<(typeof ITEMS)[number]>(limit);
  for (const item of ITEMS) await spool.append(item);
  for (let time = 0; time < 2; time++) {
    const back: unknown[] = [];
    for await (const item of spool.items()) back.push(item);
    expect(back).toEqual(ITEMS);
  }
  expect(await readdir(directory)).toEqual([]);
  await spool.close();
  await spool.close();
});
