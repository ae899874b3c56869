/**
 * A million damaged inputs, other ones every day: `npm run test:hostile:nightly`, which takes half an hour on two cores that
 * have nothing else to do. For each decoder it prints what came of its inputs: how many were taken, errors by code, the
 * slowest input and the most memory. `HOSTILE_INPUTS` and `HOSTILE_SEED` say how many, and which ones: a run that found
 * something prints its seed, with which it is run again.
 */
import { spawn } from "node:child_process";

const DAY = 86_400_000;
const inputs = process.env.HOSTILE_INPUTS ?? "1000000";
const seed = process.env.HOSTILE_SEED ?? String(Math.floor(Date.now() / DAY));

console.log(`${inputs} damaged inputs of seed ${seed}`);
const child = spawn("vitest", ["run", "--project", "hostile", "test/hostile/decoders.test.ts"], {
  env: { ...process.env, HOSTILE_INPUTS: inputs, HOSTILE_SEED: seed },
  stdio: "inherit",
});
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
