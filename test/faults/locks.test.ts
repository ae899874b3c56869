/** Processes that start a server on one directory at the same moment: one of them does. RACES says how often; 6 by default. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ServerProcess } from "../support/server-process.js";

const RACES = Number(process.env.RACES ?? 6);
const CONTENDERS = 4;
const PROGRAM = fileURLToPath(new URL("lock-contender.ts", import.meta.url));

class Contender {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#process = spawn(process.execPath, ["--import", "tsx", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface(this.#process.stdout!)[Symbol.asyncIterator]();
  }

  async heard(): Promise<string> {
    return (await this.#lines.next()).value;
  }

  /** Starts a server on a directory, or ends the one it has. */
  ask(directory: string): Promise<string> {
    this.#process.stdin!.write(`${directory}\n`);
    return this.heard();
  }

  async end(): Promise<void> {
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }
}

let folder: string;
let contenders: Contender[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "locks-"));
  contenders = Array.from({ length: CONTENDERS }, () => new Contender());
  await Promise.all(contenders.map((contender) => contender.heard()));
});
afterAll(async () => {
  await Promise.all(contenders.map((contender) => contender.end()));
  rmSync(folder, { recursive: true, force: true });
});

test(
  `${RACES} races: one server on the directory, whatever lock was left in it`,
  async () => {
    const left = [undefined, "", "999999", JSON.stringify({ process: 999_999, host: hostname(), boot: "earlier" })];
    for (let race = 0; race < RACES; race++) {
      const directory = join(folder, String(race));
      mkdirSync(directory);
      const lock = left[race % left.length];
      if (lock !== undefined) writeFileSync(join(directory, "server.lock"), lock);
      const answers = await Promise.all(contenders.map((contender) => contender.ask(directory)));
      expect(answers.filter((answer) => answer === "up")).toHaveLength(1);
      for (const answer of answers.filter((each) => each !== "up"))
        expect(answer).toMatch(/^a server .*uses .*choose another/);
      await contenders[answers.indexOf("up")]!.ask("");
    }
  },
  60_000 + RACES * 5000,
);

test("a server that was killed keeps nobody out, and its temporary directory goes with the next start", async () => {
  const directory = join(folder, "killed");
  const killed = await ServerProcess.start({ directory });
  const temporary = await ServerProcess.start();
  const kept = temporary.directory;
  process.kill(temporary.pid, "SIGKILL");
  await killed.kill();
  await expect.poll(() => temporary.running).toBe(false);
  expect(readdirSync(kept)).toContain("server.lock");
  await using again = await ServerProcess.start({ directory });
  expect((await again.contents()).connections).toBe(0);
  await using _another = await ServerProcess.start();
  expect(() => readdirSync(kept)).toThrow(/ENOENT/);
});
