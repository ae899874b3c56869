/** The examples for xargs, Slurm's arrays and Snakemake. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectPlain, USER } from "../../connect/embedded.js";
import { ServerProcess } from "../../support/server-process.js";
import { expectPlates, images, writePlates } from "./plates.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const ENVIRONMENT = process.env.OMERO2FRAME_REFERENCE ?? join(root, ".reference");
const FILES = 6;

let folder: string;
let server: ServerProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "engines-"));
  server = await ServerProcess.start({ objects: images }, { built: true });
  symlinkSync(writePlates(folder, FILES), join(folder, "plates.csv"));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function run(program: string, words: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    OMERO2FRAME: `${process.execPath} ${join(root, "dist", "cli", "main.js")}`,
    OMERO_HOST: `tcp://127.0.0.1:${server.port}`,
    OMERO_USER: USER.username,
    OMERO_PASSWORD: USER.password,
    ...more,
  };
  const { stdout } = await promisify(execFile)(program, words, { cwd: folder, env });
  return stdout;
}

const example = (name: string) => join(root, "examples", "scale", name);
const files = () => readdirSync(join(folder, "plates")).map((name) => `plates/${name}`);

async function expectAll(): Promise<void> {
  const connection = await connectPlain(server);
  await expectPlates(connection, await server.contents(), FILES);
  await connection.close();
}

test("xargs: many files a process, and nothing twice", async () => {
  const words = [example("jobs.sh"), "plates.csv", ...files()];
  await run("bash", words);
  await expectAll();
  expect(await run("bash", words)).toContain("0 jobs done, 0 done before, 0 failed");
  await expectAll();
});

test("Slurm: the tasks of an array share the files", async () => {
  for (const task of ["1", "2"]) {
    const slurm = { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: "2" };
    expect(await run("bash", [example("jobs.sbatch"), "plates.csv"], slurm)).toContain("3 jobs done");
  }
  await expectAll();
  expect(readFileSync(join(folder, "done-1.ndjson"), "utf8").trimEnd().split("\n")).toHaveLength(3);
});

test("Snakemake: a rule for each file, whose output is the state", async () => {
  const words = ["--snakefile", example("Snakefile"), "--cores", "2"];
  const snakemake = join(ENVIRONMENT, "snakemake", "bin", "snakemake");
  await run(snakemake, words);
  await expectAll();
  expect(readdirSync(join(folder, "done"))).toHaveLength(FILES);
  await run(snakemake, words);
  await expectAll();
}, 300_000);
