/** Where and how a measurement was made. */
import { cpus, loadavg, totalmem } from "node:os";

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

/** Notes the surroundings now; the function returned completes them. */
export function observeSurroundings(): (versions: Record<string, string>) => Surroundings {
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
