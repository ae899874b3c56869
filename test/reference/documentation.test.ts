/** Every snippet of the README and of the guide runs, with the package as it is installed, against a server that holds what they speak of. */
import { execFile } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Block, blocksOf, PAGES } from "../docs/pages.js";
import { programOf } from "../docs/programs.js";
import { type DocumentedWorld, documentedWorld, prepareWorld } from "../docs/world.js";
import { InstalledProject } from "./installed-project.js";

/** What the pages say is to be installed beside the package. */
const BESIDE = [
  "@duckdb/node-api",
  "vega",
  "vega-lite",
  "@resvg/resvg-js",
  "dejavu-fonts-ttf",
  "h5wasm",
  "@grpc/grpc-js",
  "protobufjs",
];
/** Pages whose programs for the shell need Python; all of it runs in `npm run test:reference`. */
const RUN_ELSEWHERE = ["docs/guide/server/omero-web.md"];
const TIME = 300_000;
const LANGUAGES = ["js", "ts", "sh"] as const;
type Language = (typeof LANGUAGES)[number];

let project: InstalledProject;
beforeAll(async () => {
  project = await InstalledProject.make(...BESIDE);
  await prepareWorld(project.folder);
}, 300_000);
afterAll(() => project.remove());

const CASES = PAGES.flatMap((page) => LANGUAGES.map((language) => [page, language] as const)).filter(
  ([page, language]) => blocks(page, language).length > 0 && !(language === "sh" && RUN_ELSEWHERE.includes(page)),
);

function blocks(page: string, language: Language): Block[] {
  return blocksOf(page).filter((block) => block.language === language);
}

it.each(CASES)(
  "%s runs, %s",
  async (page, language) => {
    const world = await documentedWorld(project.folder, `${page.replaceAll(/\W/g, "-")}-${language}`);
    try {
      const failed = await (language === "sh" ? runShell : runProgram)(world, page, language);
      expect(failed).toBeUndefined();
    } finally {
      await world.close();
    }
  },
  TIME,
);

async function runProgram(world: DocumentedWorld, page: string, language: Language): Promise<string | undefined> {
  const written = world.here(programOf(blocks(page, language)));
  const code = language === "js" ? written : (await transform(written, { loader: "ts", target: "node20" })).code;
  await writeFile(join(world.folder, "snippets.mjs"), code);
  return await run(world, process.execPath, "snippets.mjs");
}

/** Installing was done; what runs until it is stopped is stopped when it has said that it runs. */
const SHELL = `
set -euo pipefail
npm() { for name in "\${@:2}"; do test -d "$PROJECT/node_modules/$name"; done; }
npx() { "$@"; }
omero2frame() {
  case $1 in serve|serve-flight|view) until_it_runs "$@" ;; *) echo "## $*" >&2; command omero2frame "$@" ;; esac
}
until_it_runs() {
  command omero2frame "$@" > runs.txt & local program=$!
  for _ in $(seq 100); do grep -q 127.0.0.1 runs.txt && break; sleep 0.1; done
  grep 127.0.0.1 runs.txt
  kill -INT $program
  wait $program || [ $? = 130 ]
}
`;

async function runShell(world: DocumentedWorld, page: string): Promise<string | undefined> {
  await symlink(join(project.folder, "node_modules/.bin"), join(world.folder, "bin"));
  const lines = blocks(page, "sh").map(({ code }) => world.here(code));
  await writeFile(
    join(world.folder, "snippets.sh"),
    `${SHELL}${lines.join("\n")}\nfor job in $(jobs -p); do pkill -INT -P $job || true; done\nwait\n`,
  );
  return await run(world, "bash", "snippets.sh");
}

/** What it wrote, if it failed. */
async function run({ folder, env }: DocumentedWorld, file: string, ...args: string[]): Promise<string | undefined> {
  const PATH = `${join(folder, "bin")}:${process.env.PATH}`;
  try {
    await promisify(execFile)(file, args, { cwd: folder, env: { ...env, PATH, PROJECT: project.folder } });
    return undefined;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}\n${stderr}`;
  }
}
