/**
 * Each step of the examples of omero-py's BlitzGateway beside the same step of this package's, on one world: what both tell must be equal. Run
 * on the embedded server; the steps about tables also on the reference server, whose servants of tables are omero-py's own (of objects it has
 * no more than tables need, so that the other steps have nothing there to ask).
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PythonSession } from "../python-session.js";
import { ReferenceServer } from "../reference-server.js";
import { GoldenWorld, ROOT_PASSWORD } from "./golden-world.js";

type Told = [step: string, given: unknown];

/** The examples, how many steps each has, and what the program of this package is given. */
const EXAMPLES: readonly [example: string, steps: number, words: readonly string[]][] = [
  ["connect", 9, []],
  ["read-data", 9, ["image", "dataset", "plate"]],
  ["groups", 4, ["image"]],
  ["raw-data", 3, ["image"]],
  ["write-data", 6, ["project", "file"]],
  ["tables", 4, ["dataset"]],
  ["rois", 3, ["image"]],
  ["delete", 1, ["project to delete"]],
  ["render-images", 6, ["image"]],
  ["create-image", 2, ["image"]],
  ["services", 3, ["image"]],
  ["sessions", 11, ["image", "bob", "root password"]],
];
const STEPS = 61;
const root = fileURLToPath(new URL("../../..", import.meta.url));

let world: GoldenWorld;
let python: PythonSession;
let known: Record<string, unknown>;

beforeAll(async () => {
  world = await GoldenWorld.make();
  const file = world.path("README.txt");
  await writeFile(file, "hello\n".repeat(1000));
  const login = { host: "127.0.0.1", port: world.server.tlsPort, user: "user", password: "pass" };
  const more = { "root password": ROOT_PASSWORD, file, "table name": `TablesDemo:${Date.now()} by omero-py` };
  known = { ...(await world.json<object>("ids.json")), ...login, ...more };
  python = await PythonSession.start("import sys\nfrom omero.gateway import BlitzGateway");
  await python.run(`sys.path.insert(0, folder)\nimport steps`, {
    folder: fileURLToPath(new URL(".", import.meta.url)),
  });
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

/** What an example is told of the world; the one that deletes gets a project that is its own. */
async function knownTo(example: string): Promise<Record<string, unknown>> {
  return example === "delete" ? { ...known, "project to delete": await newProject() } : known;
}

function newProject(): Promise<number> {
  return python.run(
    `conn = steps.log_in(world)
project = steps.omero.model.ProjectI()
project.setName(steps.rstring("to be deleted"))
result = conn.getUpdateService().saveAndReturnObject(project).id.val
conn.close()`,
    { world: known },
  );
}

async function theirs(example: string): Promise<Told[]> {
  return python.run("result = steps.take(example, world)", { example, world: await knownTo(example) });
}

async function ours(example: string, words: readonly string[], all: Record<string, unknown>): Promise<Told[]> {
  const args = ["--import", "tsx", `examples/gateway/${example}.ts`, ...words.map((word) => String(all[word]))];
  const { host, port, user, password } = all;
  const login = { OMERO_HOST: `${host}:${port}`, OMERO_USER: String(user), OMERO_PASSWORD: String(password) };
  const options = { cwd: root, env: { ...process.env, ...login } };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return stdout.trimEnd().split("\n").map(toldBy);
}

/** "step: what it gives as JSON" */
function toldBy(line: string): Told {
  const [, step, given] = /^(\S+ .*?): (.*)$/.exec(line)!;
  return [step!, JSON.parse(given!)];
}

describe("the steps of an example give what those of BlitzGateway give", () => {
  it.each(EXAMPLES)("%s, %i steps", async (example, steps, words) => {
    const told = await theirs(example);
    expect(told).toHaveLength(steps);
    expect(await ours(example, words, await knownTo(example))).toEqual(told);
  });

  it("tables on the reference server, 4 steps", async () => {
    await using server = await ReferenceServer.start();
    const there = { ...known, port: server.sslPort, dataset: 1 };
    const told = await python.run<Told[]>(
      `own = steps.log_in
steps.log_in = lambda world: BlitzGateway(client_obj=log_in(port))
result = steps.take("tables", world)
steps.log_in = own`,
      { world: there, port: server.port },
    );
    expect(told).toHaveLength(4);
    expect(await ours("tables", ["dataset"], there)).toEqual(told);
  });

  it("are all of them", () => {
    expect(EXAMPLES.reduce((sum, [, steps]) => sum + steps, 0)).toBe(STEPS);
  });
});
