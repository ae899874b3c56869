/**
 * What is too long for every change, one part after the other: `npm run test:nightly`, or `npm run test:nightly transfers`
 * for the parts named. A part is a command and what its environment adds; add one to {@link PARTS}.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

interface Part {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const PARTS: Record<string, Part> = {
  transfers: { command: ["vitest", "run", "--project", "nightly", "test/nightly/transfers.test.ts"] },
  scale: { command: ["vitest", "run", "--project", "nightly", "test/nightly/scale.test.ts"] },
  soak: { command: ["vitest", "run", "--project", "nightly", "test/nightly/soak.test.ts"] },
  kills: {
    command: ["vitest", "run", "--project", "faults", "faults/random-kills", "faults/acknowledged", "faults/locks"],
    environment: { KILLS: "500", KILL_ROUNDS: "125", RACES: "100" },
  },
  store: {
    command: ["vitest", "run", "--project", "faults", "test/faults/store/kills.test.ts"],
    environment: { STORE_ROUNDS: "100" },
  },
  aborts: {
    command: ["vitest", "run", "--project", "faults", "test/faults/aborts.test.ts"],
    environment: { ABORT_TRIALS: "5000" },
  },
  changes: {
    command: ["vitest", "run", "--project", "faults", "test/faults/changes.test.ts"],
    environment: { CHANGE_TRIALS: "100" },
  },
  jobs: {
    command: ["vitest", "run", "--project", "reference", "test/reference/jobs/kills.test.ts"],
    environment: { JOB_FILES: "1000", JOB_KILLS: "20" },
  },
  hostile: { command: ["tsx", "test/hostile/nightly.ts"] },
};

const wanted = process.argv.slice(2);
for (const unknown of wanted.filter((name) => !Object.hasOwn(PARTS, name))) {
  throw new Error(`there is no part "${unknown}": choose among ${Object.keys(PARTS).join(", ")}`);
}
const names = wanted.length > 0 ? wanted : Object.keys(PARTS);
const failed: string[] = [];
for (const name of names) if (!(await succeeds(PARTS[name]!))) failed.push(name);
console.log(failed.length === 0 ? `nightly: ${names.join(", ")} passed` : `nightly: ${failed.join(", ")} FAILED`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function succeeds({ command: [program, ...args], environment }: Part): Promise<boolean> {
  const child = spawn(program!, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  const [code] = (await once(child, "close")) as [number | null];
  return code === 0;
}
