import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { beginCleaning, watchCleaning } from "../../../src/flow/process/cleaning.js";

const RUN = new URL("../../../src/cli/run.ts", import.meta.url).href;
const CLEANING = new URL("../../../src/flow/process/cleaning.ts", import.meta.url).href;

test("what there is to tidy up is told when it begins and when nothing of it is left", () => {
  const told: boolean[] = [];
  const before = beginCleaning();
  watchCleaning((isPending) => told.push(isPending));
  const other = beginCleaning();
  before();
  before();
  other();
  beginCleaning()();
  expect(told).toEqual([true, false, true, false]);
  watchCleaning(() => {});
});

/** Runs a command line whose program is busy, without a moment for anything else, and sends it a signal. */
async function interrupted(program: string, signal: NodeJS.Signals) {
  const script = `import { run } from ${JSON.stringify(RUN)};
    import { beginCleaning } from ${JSON.stringify(CLEANING)};
    process.argv = [process.execPath, "omero2frame", "--help"];
    process.exit = () => {};
    await run();
    const busy = (ms) => { for (const until = Date.now() + ms; Date.now() < until; ); };
    ${program}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
  let struckAt = 0;
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
    if (struckAt > 0 || !output.includes("busy")) return;
    struckAt = performance.now();
    child.kill(signal);
  });
  const [code, endedBy] = await once(child, "close");
  return { code, endedBy, output, milliseconds: performance.now() - struckAt };
}

describe.each(["SIGINT", "SIGTERM"] as const)("%s in the midst of a calculation", (signal) => {
  test("ends the process at once where there is nothing to tidy up", async () => {
    const { endedBy, milliseconds } = await interrupted('process.stdout.write("busy"); busy(20_000);', signal);
    expect(endedBy).toBe(signal);
    expect(milliseconds).toBeLessThan(5000);
  });

  test("ends it at once after all has been tidied up", async () => {
    const program = 'beginCleaning()(); process.stdout.write("busy"); busy(20_000);';
    expect((await interrupted(program, signal)).endedBy).toBe(signal);
  });

  test("waits for what there is to tidy up", async () => {
    const program = `const end = beginCleaning(); process.stdout.write("busy"); busy(500);
      await new Promise((resolve) => setTimeout(resolve, 100)); process.stdout.write("tidied"); end();`;
    const { code, endedBy, output } = await interrupted(program, signal);
    expect([code, endedBy]).toEqual([0, null]);
    expect(output).toContain("tidied");
  });
});
