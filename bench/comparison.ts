/** The comparison: rounds of pairs, then what needs no peer. */
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  type Case,
  type Data,
  groupByPeer,
  type Pairs,
  pairsOf,
  type ServerWork,
  type StreamingCase,
  streamingCases,
  streamingUpload,
} from "./cases.js";
import type { Measurement } from "./measure.js";
import { profileOf } from "./profile.js";
import type { Profile, Result, StreamingResult } from "./results.js";
import { summarise } from "./summary.js";
import type { Workbench } from "./workbench.js";

export type Log = (text: string) => void;

/** What runs the tasks: a {@link Workbench}. */
export type Runner = Pick<Workbench, "ours" | "theirs" | "serverAlone">;

/** A case that failed is not run again; what it gave before is kept. */
export async function comparePairs(
  all: readonly Case[],
  pairs: Pairs,
  rows: number,
  bench: Runner,
  log: Log,
): Promise<Result[]> {
  const results = new Map<Case, Result>(all.map((one) => [one, newResult(one)]));
  const groups = groupByPeer(all);
  const usesServer = all.some(({ serverWork }) => serverWork !== undefined);
  const rounds = Math.max(...groups.map((group) => pairsOf(group, pairs)));
  for (let round = 0; round < rounds; round++) {
    log(`round ${round + 1} of ${rounds}`);
    const server = usesServer && round < pairs.usual ? await bench.serverAlone(rows) : undefined;
    for (const group of groups) {
      const running = group.filter((one) => results.get(one)!.failure === undefined);
      if (round >= pairsOf(group, pairs) || running.length === 0) continue;
      await runGroup(running, results, bench, server, log);
    }
  }
  return [...results.values()];
}

function newResult({ name, target, beyondTarget, slowPeer, checksum }: Case): Result {
  return { case: { name, target, beyondTarget, slowPeer, checksum }, ours: [], theirs: [], server: [] };
}

/** The peer's task once, beside ours for each case of the group: the first before it, the others after it. */
async function runGroup(
  group: readonly Case[],
  results: ReadonlyMap<Case, Result>,
  bench: Runner,
  server: Record<ServerWork, number> | undefined,
  log: Log,
): Promise<void> {
  let theirs: Promise<Measurement> | undefined;
  for (const one of group) {
    const result = results.get(one)!;
    try {
      const ours = await bench.ours(one.ours);
      theirs ??= bench.theirs(one.theirs);
      const other = await theirs;
      checkRows(ours, other);
      result.ours.push(ours);
      result.theirs.push(other);
      if (server && one.serverWork) result.server.push(server[one.serverWork]);
      log(`  ${one.name}: ${ours.seconds.toFixed(2)} s, the peer ${other.seconds.toFixed(2)} s`);
    } catch (error) {
      result.failure = failureOf(error);
      log(`  ${one.name} FAILED: ${String(error)}`);
    }
  }
}

function checkRows(ours: Measurement, theirs: Measurement): void {
  if (ours.rows === undefined || theirs.rows === undefined || ours.rows === theirs.rows) return;
  throw new Error(`ours gave ${ours.rows} rows, the peer ${theirs.rows}`);
}

/** An error's last line: without the places of this machine, which do not belong into a report. */
function failureOf(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n");
  return (lines.find((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines.at(-1)!).slice(0, 300);
}

/** Peak memory of the streaming cases at `times` times as many rows as there are in `data`. */
export async function runStreaming(data: Data, times: number, bench: Workbench, log: Log): Promise<StreamingResult[]> {
  const rows = times * data.rows;
  log(`streaming ${rows.toLocaleString("en")} rows`);
  const results: StreamingResult[] = [];
  const run = async ({ name, ours: task }: StreamingCase): Promise<Measurement | undefined> => {
    try {
      const ours = await bench.ours(task);
      results.push({ name, ours });
      log(`  ${name}: ${ours.seconds.toFixed(1)} s, ${ours.peakMiB.toFixed(0)} MiB`);
      return ours;
    } catch (error) {
      results.push({ name, failure: failureOf(error) });
      log(`  ${name} FAILED: ${String(error)}`);
      return undefined;
    }
  };
  const uploaded = await run(streamingUpload(rows));
  if (uploaded?.fileId === undefined) return results;
  const csv = join(bench.folder, "streamed.csv");
  await repeatRows(data.csv, times, csv);
  for (const one of streamingCases(uploaded.fileId, csv)) await run(one);
  await rm(csv);
  return results;
}

/** A CSV file with the rows of another one several times. */
async function repeatRows(from: string, times: number, to: string): Promise<void> {
  await copyFile(from, to);
  const header = await firstLine(from);
  for (let done = 1; done < times; done++) {
    await pipeline(
      createReadStream(from, { start: header.length, highWaterMark: 1 << 20 }),
      createWriteStream(to, { flags: "a" }),
    );
  }
}

async function firstLine(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0);
  return buffer.subarray(0, buffer.subarray(0, bytesRead).indexOf(10) + 1);
}

/** Profiles of the cases that miss their targets. */
export async function profileMissed(
  all: readonly Case[],
  results: readonly Result[],
  bench: Workbench,
  log: Log,
): Promise<Profile[]> {
  const profiles: Profile[] = [];
  for (const [index, one] of all.entries()) {
    const result = results[index]!;
    if (result.failure !== undefined || summarise(result)?.verdict !== "missed") continue;
    log(`profiling ${one.name}`);
    try {
      profiles.push(await profileOf(one.name, one.ours, bench));
    } catch (error) {
      log(`  FAILED: ${String(error)}`);
    }
  }
  return profiles;
}
