/**
 * What is too long for every change, one part after the other: `npm run test:nightly`, or `npm run test:nightly transfers`
 * for the parts named. A part is a command and what its environment adds; add one to {@link PARTS}.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

const PARTS: Record<string, readonly string[]> = {
  transfers: ["vitest", "run", "--project", "nightly"],
  hostile: ["tsx", "test/hostile/nightly.ts"],
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

async function succeeds([command, ...args]: readonly string[]): Promise<boolean> {
  const child = spawn(command!, args, { stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  return code === 0;
}
