import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";

const EXIT = new URL("../../../src/flow/process/exit.ts", import.meta.url).href;

const SETUP = `
  import { writeSync } from "node:fs";
  import { closeAtExit } from ${JSON.stringify(EXIT)};
  const say = (text) => writeSync(1, text + "\\n");
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const opened = (name, ms = 20) => {
    const end = closeAtExit({
      async close() { say("closing " + name); await pause(ms); say("closed " + name); end(); },
      closeNow() { say("closed now " + name); },
    });
    return end;
  };
`;

/** Runs a program; once it has said "ready" it is sent `signals`. */
async function run(program: string, ...signals: NodeJS.Signals[]) {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SETUP + program]);
  let output = "";
  child.stdout.on("data", (chunk) => {
    if (`${output}${chunk}`.includes("ready") && !output.includes("ready")) {
      for (const signal of signals) child.kill(signal);
    }
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, said: output.split("\n").filter((line) => line !== "" && line !== "ready") };
}

describe.concurrent("closeAtExit", () => {
  test("closes when the program has nothing left to do", async () => {
    const { code, said } = await run(`opened("a"); opened("b"); process.exitCode = 3;`);
    expect(said).toEqual(["closing a", "closing b", "closed a", "closed b"]);
    expect(code).toBe(3);
  });

  test("does what can be done at once on process.exit", async () => {
    const { code, said } = await run(`opened("a"); process.exit(4);`);
    expect(said).toEqual(["closed now a"]);
    expect(code).toBe(4);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("closes on %s and ends by it", async (name) => {
    const { signal, said } = await run(`opened("a"); setInterval(() => {}, 1000); say("ready");`, name);
    expect(said).toEqual(["closing a", "closed a"]);
    expect(signal).toBe(name);
  });

  test("a program's own listener decides", async () => {
    const program = `process.once("SIGTERM", () => { say("mine"); process.exit(5); }); opened("a");
      setInterval(() => {}, 1000); say("ready");`;
    const { code, said } = await run(program, "SIGTERM");
    expect(said).toEqual(["mine", "closed now a"]);
    expect(code).toBe(5);
  });

  test("listens to nothing while nothing is open", async () => {
    const { said } = await run(`
      const counts = () => ["beforeExit", "exit", "SIGINT", "SIGTERM", "SIGHUP"].map((e) => process.listenerCount(e));
      const before = counts().join();
      const end = opened("a");
      const between = counts().join();
      end(); end();
      say(String(before !== between && before === counts().join()));
    `);
    expect(said).toEqual(["true"]);
  });
});
