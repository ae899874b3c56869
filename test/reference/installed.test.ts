/** The package as a user gets it: packed, installed into an empty project from the registry, and used there. */
import { existsSync } from "node:fs";
import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledProject, ROOT } from "./installed-project.js";

/** What danfojs-node would bring, were it installed. */
const HEAVY = ["danfojs-node", "@tensorflow", "xlsx", "request", "mathjs", "node-fetch"];
const tsx = pathToFileURL(join(ROOT, "node_modules/tsx/dist/esm/index.mjs")).href;

let project: InstalledProject;
const example = (name: string) => project.run(process.execPath, "--import", tsx, join("examples", name));

beforeAll(async () => {
  project = await InstalledProject.make();
  await cp(join(ROOT, "examples"), join(project.folder, "examples"), { recursive: true });
}, 300_000);
afterAll(() => project.remove());

describe("the installed package", () => {
  it("brings danfojs within, with its licences, and none of the packages that it would need", async () => {
    const installed = await readdir(join(project.folder, "node_modules"));
    expect(installed).toContain("omero2frame");
    expect(installed.filter((name) => HEAVY.includes(name))).toEqual([]);
    const danfojs = join(project.folder, "node_modules/omero2frame/dist/danfojs");
    expect((await stat(join(danfojs, "index.cjs"))).size).toBeLessThan(1_310_720);
    const licences = await readFile(join(danfojs, "LICENSES"), "utf8");
    for (const name of ["danfojs-node", "table", "papaparse", "stream-json"]) {
      expect(licences).toMatch(new RegExp(`^${name} [\\d.]+ \\(`, "m"));
    }
  });

  it("sorts, groups and joins a frame of 569 rows", async () => {
    const output = await example("frames.ts");
    expect(output).toContain("569 x 32\nlargest benign: 992.1\n");
    expect(output).toContain(
      "diagnosis,mean area_mean,mean area_count\nbenign,462.7901960784314,357\nmalignant,978.3764150943396,212\n",
    );
    expect(output).toContain("569 x 35 mean area_mean, mean area_count, name\n273 nuclei are above");
    expect(output).toContain("569 rows are different\nquartiles of the mean area: [ 420.3, 782.7 ]\n2 rows of Arrow");
  });

  it.each([true, false])("has types without any, with skipLibCheck %s", async (skipLibCheck) => {
    await writeFile(join(project.folder, "types.mts"), TYPES);
    const compilerOptions = {
      target: "ES2023",
      lib: ["ES2023", "ESNext.Disposable"],
      module: "NodeNext",
      strict: true,
    };
    const config = { compilerOptions: { ...compilerOptions, noEmit: true, skipLibCheck }, files: ["types.mts"] };
    await writeFile(join(project.folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const checked = await project
      .run(process.execPath, tsc, "-p", ".")
      .catch(({ stdout }: { stdout: string }) => stdout);
    expect(checked).toBe("");
  });
});

const TYPES = `
import { readTable, type DataFrame, type Series } from "omero2frame";
import { concat, DataFrame as Frame, merge } from "omero2frame/frame";

type IsAny<T> = 0 extends 1 & T ? true : false;
type HoldsAny<T> = true extends { [Name in keyof T]: IsAny<T[Name]> }[keyof T] ? true : false;
const none: false[] = [] satisfies [];
type Read = Awaited<ReturnType<typeof readTable>>;
none.push(false satisfies IsAny<Read>, false satisfies HoldsAny<DataFrame>, false satisfies HoldsAny<Series>);
none.push(false satisfies IsAny<Read["area"]>, false satisfies IsAny<ReturnType<Read["head"]>>);
none.push(false satisfies IsAny<ReturnType<typeof merge>>, false satisfies IsAny<ReturnType<typeof concat>>);

const frame = new Frame({ area: [1, 2], label: ["a", "b"] });
const sum: number = frame.column<number>("area").values.reduce((total, area) => total + area, 0);
const joined: DataFrame = merge({ left: frame, right: frame.groupby("label").mean(), how: "left" });
// @ts-expect-error: there is no such method
frame.head().heads();
// @ts-expect-error: nor such a way to join
frame.merge(joined, { how: "cross" });
export { joined, none, sum };
`;

describe("the recipes", () => {
  const RESULT = [
    { diagnosis: "malignant", rows: 212, area: expect.closeTo(978.3764150943396, 9) },
    { diagnosis: "benign", rows: 357, area: expect.closeTo(462.7901960784314, 9) },
  ];

  beforeAll(async () => {
    const { dependencies, optionalDependencies } = JSON.parse(
      await readFile(join(ROOT, "examples/recipes/package.json"), "utf8"),
    );
    await rm(join(project.folder, "examples/recipes/package.json"));
    const packages = Object.entries({ ...dependencies, ...optionalDependencies }).map(
      ([name, version]) => `${name}@${version}`,
    );
    await project.install(...packages);
  }, 300_000);

  it.each(["arquero", "duckdb", "polars"])("gives a table to %s", async (name) => {
    expect(existsSync(join(project.folder, "examples/recipes", `${name}.ts`))).toBe(true);
    expect(JSON.parse(await example(join("recipes", `${name}.ts`)))).toEqual(RESULT);
  });
});
