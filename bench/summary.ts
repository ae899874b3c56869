/** The runs of a case in a few numbers, and whether its target is met. */
import type { CaseTarget, Result } from "./results.js";
import { median, megabytes, type Spread, spread } from "./statistics.js";

/** How near to the table service's own time ours must come where that makes the target impossible. */
export const SERVER_MARGIN = 1.15;

/** `server`: the target is out of reach for any client, and ours is as near to the service's own time as wanted. */
export type Verdict = "met" | "server" | "missed";

export interface Summary {
  readonly name: string;
  readonly target: number;
  /** Whether the server has a checksum of the table read; undefined where none is read. */
  readonly checksum: boolean | undefined;
  readonly pairs: number;
  readonly oursSeconds: number;
  readonly theirsSeconds: number;
  /** Over the pairs: theirs / ours. */
  readonly ratio: Spread;
  readonly oursMiB: number;
  readonly theirsMiB: number;
  /** The table service alone; `ratio`: ours / the service, over the rounds. */
  readonly server: { readonly seconds: number; readonly ratio: number } | undefined;
  readonly beyond: { readonly megabytes: number; readonly target: number } | undefined;
  readonly verdict: Verdict;
}

/** @returns undefined where no pair was measured. */
export function summarise(result: Result): Summary | undefined {
  const { case: wanted, ours, theirs } = result;
  const pairs = Math.min(ours.length, theirs.length);
  if (pairs === 0) return undefined;
  const seconds = (runs: Result["ours"]) => median(runs.map((run) => run.seconds));
  const peak = (runs: Result["ours"]) => median(runs.map((run) => run.peakMiB));
  const ratio = spread(ours.slice(0, pairs).map((run, pair) => theirs[pair]!.seconds / run.seconds));
  const server = serverTimes(result);
  const beyond = beyondInput(result);
  const speed = verdictOf(wanted, ratio.median, server && { ...server, theirs: seconds(theirs) });
  return {
    name: wanted.name,
    target: wanted.target,
    checksum: wanted.checksum,
    pairs,
    oursSeconds: seconds(ours),
    theirsSeconds: seconds(theirs),
    ratio,
    oursMiB: peak(ours),
    theirsMiB: peak(theirs),
    server,
    beyond,
    verdict: beyond && beyond.megabytes > beyond.target ? "missed" : speed,
  };
}

function serverTimes({ ours, server }: Result): Summary["server"] {
  const rounds = Math.min(ours.length, server.length);
  if (rounds === 0) return undefined;
  const ratios = server.slice(0, rounds).map((seconds, round) => ours[round]!.seconds / seconds);
  return { seconds: median(server), ratio: median(ratios) };
}

function beyondInput({ case: { beyondTarget }, ours }: Result): Summary["beyond"] {
  if (beyondTarget === undefined) return undefined;
  const mebibytes = median(ours.map((run) => run.beyondMiB ?? Number.POSITIVE_INFINITY));
  return { megabytes: megabytes(mebibytes), target: beyondTarget };
}

function verdictOf(
  { target }: CaseTarget,
  ratio: number,
  server: { seconds: number; ratio: number; theirs: number } | undefined,
): Verdict {
  if (ratio >= target) return "met";
  if (server === undefined) return "missed";
  const impossible = server.theirs / server.seconds < target;
  return impossible && server.ratio <= SERVER_MARGIN ? "server" : "missed";
}
