/** The snippets are valid: TypeScript by its compiler, JavaScript by what Node.js itself takes. That they run: test/reference/documentation.test.ts. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { expect, it } from "vitest";
import { blocksOf, PAGES, ROOT } from "./pages.js";
import { programOf } from "./programs.js";

const run = promisify(execFile);
const dist = (...path: string[]) => [join(ROOT, "dist", ...path, "index.d.ts")];

const COMPILER_OPTIONS = {
  target: "ES2023",
  lib: ["ES2023", "ESNext.Disposable"],
  module: "NodeNext",
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules", "@types")],
  paths: {
    omero2frame: dist(),
    "@duckdb/node-api": [join(ROOT, "node_modules", "@duckdb", "node-api", "lib", "index.d.ts")],
    "omero2frame/duckdb": dist("duckdb"),
    "omero2frame/frame": dist("formats", "frame"),
    "omero2frame/gateway": dist("gateway"),
    "omero2frame/jobs": dist("jobs"),
    "omero2frame/server": dist("server"),
    "omero2frame/store": dist("store"),
  },
};

it("type-checks every snippet", async () => {
  const folder = await mkdtemp(join(tmpdir(), "snippets-"));
  try {
    for (const [number, page] of PAGES.entries()) {
      for (const language of ["js", "ts"]) {
        const blocks = blocksOf(page).filter((block) => block.language === language);
        const name = `${number}-${page.replaceAll(/\W/g, "-")}-${language}.mts`;
        if (blocks.length > 0) await writeFile(join(folder, name), programOf(blocks));
      }
    }
    const config = { compilerOptions: COMPILER_OPTIONS, include: ["*.mts"] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const checked = await run(process.execPath, [tsc, "-p", folder]).catch((error: { stdout: string }) => error);
    expect(checked.stdout).toBe("");
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("takes as JavaScript what needs no compiler, on Node.js 20", async () => {
  const blocks = PAGES.flatMap(blocksOf).filter(({ language }) => language === "js");
  expect(blocks.length).toBeGreaterThan(20);
  for (const { code, place } of blocks) {
    expect(code, place).not.toMatch(/\busing\b/);
    await expect(transform(code, { loader: "js", target: "node20" }), place).resolves.toBeDefined();
  }
});

it("names a language for every block", () => {
  const known = ["js", "ts", "sh", "python", "json", "xml"];
  const others = PAGES.flatMap(blocksOf).filter(({ language }) => !known.includes(language));
  expect(others.map(({ place }) => place)).toEqual([]);
  for (const { code } of PAGES.flatMap(blocksOf).filter(({ language }) => language === "json")) JSON.parse(code);
});
