/** The examples work as they stand, against what is built. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { decode as decodePng } from "fast-png";
import { beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));

beforeAll(() => {
  if (!existsSync(join(root, "dist", "index.d.ts"))) throw new Error("nothing is built: run npm run build first");
});

async function example(name: string): Promise<string> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", join("examples", name)], { cwd: root });
  return stdout;
}

describe("the examples", () => {
  it("demo.ts finds the malignant nuclei with a mean area over 1000", async () => {
    const output = await example("demo.ts");
    expect(output).toContain("The table has 569 rows and 32 columns");
    expect(output).toContain("92 malignant nuclei have a mean area over 1000");
    const path = /now in (.*)$/m.exec(output)![1]!;
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.length).toBe(570);
    expect(lines[1]).toMatch(/^0,1,malignant,17\.99,/);
    const array = join(dirname(path), "nuclei.tiledb");
    expect(output).toMatch(/nuclei\.tiledb, registered as annotation \d+, has 92 of them, too$/m);
    expect(existsSync(array)).toBe(true);
    await rm(dirname(path), { recursive: true });
  });

  it("read.ts reads parts in several forms", async () => {
    const output = await example("read.ts");
    expect(output).toContain("357 benign; largest mean areas: 2250, 2499, 2010, 2501");
    expect(output).toContain("mean of mean area over 569 rows: 654.89");
  });

  it("write.ts uploads, adds to and changes a table", async () => {
    const output = await example("write.ts");
    expect(output).toContain("Zellkern ä");
    expect(output).toContain("'reviewed' => 'yes'");
  });

  it("remote.ts writes arrays, registers them and reads them back", async () => {
    const output = await example("remote.ts");
    expect(output).toMatch(/^569 rows as annotation \d+$/m);
    expect(output).toContain("largest mean areas: 2250, 2499, 2010, 2501");
    expect(output).toContain("rows and columns of the second: 2,2");
    expect(output).toContain("on this machine: Zellkern ä");
  });
});

describe("the example of a screen", () => {
  it("measures, uploads, plots, shows and tags", async () => {
    const output = await example("screen.ts");
    expect(output).toMatch(/^96 wells; brightest: (?:[A-H]\d+ ?){10}$/m);
    const [, tag, folder] = /^tagged with tag (\d+); pictures in (.*)$/m.exec(output)!;
    expect(Number(tag)).toBeGreaterThan(0);
    const plate = decodePng(readFileSync(join(folder!, "plate.png")));
    expect(plate.width).toBeGreaterThan(500);
    const { width, height, data } = decodePng(readFileSync(join(folder!, "brightest.png")));
    expect([width, height]).toEqual([1040, 540]);
    expect(data.some((value) => value > 200)).toBe(true);
    await rm(folder!, { recursive: true });
  }, 120_000);
});
