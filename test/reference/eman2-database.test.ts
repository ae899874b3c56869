/** Databases of EMAN2, made by Berkeley DB itself, are taken over. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { importEman2Database } from "../../src/store/eman2/import-eman2.js";
import { openStore } from "../../src/store/open-store.js";

const ENVIRONMENT = process.env.OMERO2FRAME_REFERENCE ?? fileURLToPath(new URL("../../.reference", import.meta.url));
const PYTHON = join(ENVIRONMENT, "berkeleydb", "bin", "python");
const PROGRAM = fileURLToPath(new URL("../store/eman2/make_database.py", import.meta.url));
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "eman2-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const BIG_ENDIAN = 4321;

it.each([[3], [5], [5_000], [300, 512], [300, 65_536], [300, 4_096, BIG_ENDIAN]])(
  "with %i images: each with its pixels and header, values, virtual stacks",
  async (...numbers) => {
    const [count] = numbers as [number];
    await promisify(execFile)(PYTHON, [PROGRAM, join(folder, "project"), ...numbers.map(String)]);
    await using store = await openStore(join(folder, "store"), { sync: "batched" });
    const imported = await importEman2Database(join(folder, "project"), store);
    expect(imported.map(({ name, images, values }) => [name, images, values])).toEqual([
      ["particles", count + 1, 4],
      ["virtual", 1, 0],
    ]);
    expect(imported[0]!.skipped.length).toBe(2);
    const particles = store.open("particles");
    for (let n = 0; n < count; n++) {
      const { data, header } = (await particles.getImage(n))!;
      expect([data[0], data[11], header.label, header.big]).toEqual([
        n * 100,
        n * 100 + 11,
        `Zelle ä ${n}`,
        2n ** 60n + BigInt(n),
      ]);
    }
    expect(await particles.get(count + 5)).toBe("beyond a gap");
    expect(await particles.has("gone")).toBe(false);
    expect((await store.open("virtual").getImage(0))!.data[0]).toBe(200);
  },
);
