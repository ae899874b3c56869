/** Where and how a measurement was made. */
import { cpus, loadavg, totalmem } from "node:os";
import { setTimeout } from "node:timers/promises";

export interface Surroundings {
  machine: string;
  versions: Record<string, string>;
  /** Processes that ran or waited, over the last minute. */
  loadBefore: number;
  loadAfter: number;
  minutes: number;
}

/** More than this before the start means that the machine was not quiet. */
export const QUIET_LOAD = 1;

const LOOK_AGAIN_MS = 5000;

/**
 * Waits at most `patience` seconds for the machine to be quiet, as what ran before still counts, then notes the
 * surroundings; the function returned completes them.
 */
export async function observeSurroundings(
  patience: number,
): Promise<(versions: Record<string, string>) => Surroundings> {
  const until = performance.now() + patience * 1000;
  while (loadavg()[0]! > QUIET_LOAD / 2 && performance.now() < until) await setTimeout(LOOK_AGAIN_MS);
  const loadBefore = loadavg()[0]!;
  const started = performance.now();
  return (versions) => ({
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    versions: { "Node.js": process.version.slice(1), ...versions },
    loadBefore,
    loadAfter: loadavg()[0]!,
    minutes: (performance.now() - started) / 60_000,
  });
}
