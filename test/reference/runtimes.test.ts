/** The main job, with the package as it is installed, on every runtime that the registry has. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { InstalledProject, ROOT } from "./installed-project.js";

const RUNTIMES = join(process.env.OMERO2FRAME_REFERENCE ?? join(ROOT, ".reference"), "runtimes", "node_modules");
const JOB = "main-job.mjs";

let project: InstalledProject;
let server: OmeroServer;
beforeAll(async () => {
  project = await InstalledProject.make();
  await cp(join(ROOT, "test/runtimes", JOB), join(project.folder, JOB));
  server = await startServer();
}, 300_000);
afterAll(async () => {
  await server?.close();
  await project?.remove();
});

const NODE: readonly [name: string, program: string, version: RegExp][] = [
  ["Node.js 20", process.execPath, /^v20\./],
  ["Node.js 22", join(RUNTIMES, "node22/bin/node"), /^v22\./],
  ["Node.js 24", join(RUNTIMES, "node24/bin/node"), /^v24\./],
];
const DENO = [join(RUNTIMES, "@deno/linux-x64-glibc/deno"), "run", "--allow-all", "--node-modules-dir=manual"] as const;
const BUN = [join(RUNTIMES, "@oven/bun-linux-x64/bin/bun"), "run"] as const;
const OTHERS = [
  ["Deno", DENO, /^deno 2\./],
  ["Bun", BUN, /^1\./],
] as const;
const DONE = {
  userName: "user",
  frame: [99, 3],
  arrow: 99,
  service: [99, 11137.5],
  parquet: [99, 11137.5],
  refused: "CONDITION_NAME",
};

it.each(NODE)("%s does the main job, the embedded server included", async (_, program, version) => {
  expect(await project.run(program, "--version")).toMatch(version);
  expect(JSON.parse(await project.run(program, JOB))).toEqual(DONE);
});

it.each(OTHERS)("%s does the main job with a server elsewhere", async (_, [program, ...words], version) => {
  expect(await project.run(program, "--version")).toMatch(version);
  const done = await project.run(program, ...words, JOB, String(server.port), String(server.tlsPort));
  expect(JSON.parse(done)).toEqual(DONE);
});

it("knows why the embedded server does not start on Deno and Bun", async () => {
  const failed = ([program, ...words]: readonly [string, ...string[]]) =>
    project.run(program, ...words, JOB).catch(({ stderr }: { stderr: string }) => stderr);
  // Deno lacks a function of libuv, with which fs-native-extensions locks the server's directory.
  expect(await failed(DENO)).toContain("undefined symbol: uv_get_osfhandle");
  // BoringSSL has none of the anonymous ciphers that OMERO's clients offer.
  expect(await failed(BUN)).toContain("ERR_SSL_INVALID_COMMAND");
});
