/**
 * Builds `dist`: a few bundled modules, which load several times faster than hundreds of small ones, and the type
 * declarations beside them. Packages are not bundled, but danfojs is, whose own dependencies are heavy and cannot be
 * installed from the registry alone.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { buildDanfojs } from "./danfojs/build.mjs";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    index: "src/index.ts",
    "gateway/index": "src/gateway/index.ts",
    "server/index": "src/server/index.ts",
    "store/index": "src/store/index.ts",
    "duckdb/index": "src/duckdb/index.ts",
    "flight/index": "src/flight/index.ts",
    "jobs/index": "src/jobs/index.ts",
    "frame/index": "src/formats/frame/index.ts",
    "cli/main": "src/cli/main.ts",
    "threads/worker": "src/formats/csv/write/worker.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});
await build({
  entryPoints: { page: "src/view/page/browser/page.js" },
  outdir: "dist/page",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
for (const name of ["page.html", "page.css"]) cpSync(`src/view/page/browser/${name}`, `dist/page/${name}`);
await buildDanfojs("dist/danfojs");
chmodSync("dist/cli/main.js", 0o755);
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
