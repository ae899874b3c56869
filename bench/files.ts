/**
 * Files of 10,000,000 rows x 10 columns: processor time, size and peak memory of each format, each in a process of its own, and
 * Parquet beside DuckDB's COPY on one thread, in turn. Prints tables in Markdown.
 *
 * @example npm run bench:files
 * @example npx tsx bench/files.ts 1000000 parquet arrow
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { observeSurroundings } from "./surroundings.js";

interface Written {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly peak?: number;
}

const FORMATS = ["parquet", "arrow", "arrows", "csv", "csv.gz", "tsv", "ndjson", "json"];
const MOST_MEGABYTES = 250;
const PAIRS = 3;
const PATIENCE = 60;
const [rowCount = "10000000", ...chosen] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "bench-files-"));
const built = fileURLToPath(new URL("../node_modules/.cache/bench-files", import.meta.url));
const observed = await observeSurroundings(PATIENCE);

try {
  await bundle();
  const formats = (chosen.length > 0 ? chosen : FORMATS).map((format) => [format, write(format)] as const);
  const lines = formats.map(([format, { cpu, megabytes, peak }]) => {
    const verdict = peak! <= MOST_MEGABYTES ? "met" : "**missed**";
    return `| ${format} | ${cpu.toFixed(1)} | ${megabytes.toFixed(0)} | ${peak!.toFixed(0)} | ${verdict} |`;
  });
  console.log(`| format | CPU s | MB | peak, MB | at most ${MOST_MEGABYTES} |\n| --- | ---: | ---: | ---: | --- |`);
  console.log(lines.join("\n"));
  beside();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { machine, versions, loadBefore, loadAfter, minutes } = observed({});
console.log(
  `\n${machine}, Node.js ${versions["Node.js"]}; load ${loadBefore} before, ${loadAfter} after; ${minutes.toFixed(0)} minutes`,
);

/** One file for each program, so that what compiles TypeScript is not measured. */
async function bundle(): Promise<void> {
  const entryPoints = ["write-format", "copy-by-duckdb"].map((name) =>
    fileURLToPath(new URL(`files/${name}.ts`, import.meta.url)),
  );
  const options = { bundle: true, splitting: true, platform: "node", format: "esm", packages: "external" } as const;
  await build({ ...options, entryPoints, outdir: built, outExtension: { ".js": ".mjs" } });
}

function run(program: string, ...words: string[]): Written {
  return JSON.parse(execFileSync(process.execPath, [join(built, `${program}.mjs`), ...words], { encoding: "utf8" }));
}

function write(format: string): Written {
  const path = join(folder, `cells.${format}`);
  try {
    return run("write-format", format.replace(".gz", ""), rowCount, path);
  } finally {
    if (format !== "parquet") rmSync(path, { force: true });
  }
}

/** Parquet by each in turn. */
function beside(): void {
  const from = join(folder, "cells.parquet");
  run("write-format", "parquet", rowCount, from);
  const codecs = ["snappy", "zstd", "gzip"];
  const pairs = Array.from({ length: PAIRS }, () => ({
    ours: write("parquet"),
    theirs: codecs.map((codec) => run("copy-by-duckdb", codec, from, join(folder, "copy.parquet"))),
  }));
  const show = (name: string, all: readonly Written[]) =>
    `| ${name} | ${median(all.map(({ cpu }) => cpu)).toFixed(2)} | ${all[0]!.megabytes.toFixed(0)} |`;
  console.log("\n| Parquet by | CPU s | MB |\n| --- | ---: | ---: |");
  console.log(
    show(
      "omero2frame",
      pairs.map(({ ours }) => ours),
    ),
  );
  for (const [at, codec] of codecs.entries()) {
    console.log(
      show(
        `DuckDB COPY, ${codec}, one thread`,
        pairs.map(({ theirs }) => theirs[at]!),
      ),
    );
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
