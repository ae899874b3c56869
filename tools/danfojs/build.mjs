/**
 * Builds danfojs-node into `dist/danfojs`, so that frames need no other package: without TensorFlow, SheetJS and request,
 * whose operations say what to do, and with the licences of all that is in it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");

/** What stands in for packages that are not built in. */
const STAND_INS = {
  "@tensorflow/tfjs-node": "tensorflow.cjs",
  mathjs: "statistics.cjs",
  xlsx: "left-out.cjs",
  request: "left-out.cjs",
  "node-fetch": "left-out.cjs",
  "plotly.js-dist-min": "left-out.cjs",
};

/** @param {string} folder where it comes */
export async function buildDanfojs(folder) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: "danfojs-node" },
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    alias: Object.fromEntries(Object.entries(STAND_INS).map(([name, file]) => [name, join(here, file)])),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  writeFileSync(join(root, folder, "LICENSES"), licences(Object.keys(metafile.inputs)));
}

/** @param {string[]} inputs paths of the files that were built in */
function licences(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${licenceOf(join(root, folder), name)}`;
  });
  return `index.cjs is made of these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** @param {string} folder @param {string} name */
function licenceOf(folder, name) {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const kept = join(here, "licences", `${name}.txt`);
  if (file !== undefined) return readFileSync(join(folder, file), "utf8");
  if (existsSync(kept)) return readFileSync(kept, "utf8");
  throw new Error(`${name} comes without a licence text: put it into tools/danfojs/licences`);
}
