import { describe, expect, it } from "vitest";
import type { Case, PeerTask, ServerWork, Task } from "../../bench/cases.js";
import { comparePairs, type Runner } from "../../bench/comparison.js";
import type { Measurement } from "../../bench/measure.js";

const PEER: PeerTask = { operation: "read", fileId: 1, chunkSize: 50_000 };
const CASES: Case[] = [
  { name: "first", ours: { operation: "arrow" }, theirs: PEER, target: 8 },
  { name: "other", ours: { operation: "upload" }, theirs: { operation: "upload" }, target: 1, serverWork: "upload" },
  { name: "shares", ours: { operation: "frame" }, theirs: { ...PEER }, target: 2 },
  { name: "slow", ours: { operation: "arrow" }, theirs: { operation: "read" }, target: 80, slowPeer: true },
];

/** Notes what runs; each run takes a second longer than the one before. */
class NotingRunner implements Runner {
  readonly done: string[] = [];
  readonly #answer: (title: string, seconds: number) => Measurement;

  constructor(answer = (_title: string, seconds: number): Measurement => ({ seconds, peakMiB: 1 })) {
    this.#answer = answer;
  }

  async ours(task: Task): Promise<Measurement> {
    return this.#run(`ours ${task.operation}`);
  }

  async theirs({ operation, chunkSize }: PeerTask): Promise<Measurement> {
    return this.#run(`theirs ${operation} ${chunkSize ?? ""}`.trim());
  }

  async serverAlone(): Promise<Record<ServerWork, number>> {
    this.done.push("server");
    return { upload: 0.5, read: 0, frequent: 0, rare: 0 };
  }

  #run(title: string): Measurement {
    this.done.push(title);
    return this.#answer(title, this.done.length);
  }
}

function compare(runner: Runner, pairs: { usual: number; slow: number }) {
  return comparePairs(CASES, pairs, 1000, runner, () => {});
}

describe("rounds of pairs", () => {
  const round = ["server", "ours arrow", "theirs read 50000", "ours frame", "ours upload", "theirs upload"];

  it("run the peer once for the cases that share it, in turn with ours", async () => {
    const runner = new NotingRunner();
    const results = await compare(runner, { usual: 2, slow: 1 });
    expect(runner.done).toEqual([...round, "ours arrow", "theirs read", ...round]);
    expect(
      results.map(({ case: { name }, ours, theirs, server }) => [name, ours.length, theirs.length, server]),
    ).toEqual([
      ["first", 2, 2, []],
      ["other", 2, 2, [0.5, 0.5]],
      ["shares", 2, 2, []],
      ["slow", 1, 1, []],
    ]);
    expect(results[2]!.theirs).toEqual(results[0]!.theirs);
  });

  it("go on for the slow cases alone where those have more", async () => {
    const runner = new NotingRunner();
    await compare(runner, { usual: 0, slow: 1 });
    expect(runner.done).toEqual(["ours arrow", "theirs read"]);
  });

  it("keep what a case gave before it failed, and run it no more", async () => {
    let uploads = 0;
    const runner = new NotingRunner((title, seconds) => {
      if (title === "ours upload" && ++uploads === 2)
        throw new Error("node ours.js ended with 1:\n  at run\nWireError: lost\n  at x");
      return { seconds, peakMiB: 1 };
    });
    const results = await compare(runner, { usual: 3, slow: 0 });
    expect(results[1]).toMatchObject({ failure: "WireError: lost", ours: [{}], theirs: [{}], server: [0.5] });
    expect(uploads).toBe(2);
    expect(results[0]!.ours).toHaveLength(3);
  });

  it("fail all cases of a peer that fails", async () => {
    const runner = new NotingRunner((title, seconds) => {
      if (title.startsWith("theirs read 50000")) throw new Error("no peer");
      return { seconds, peakMiB: 1 };
    });
    const results = await compare(runner, { usual: 1, slow: 1 });
    expect(results.map(({ failure }) => failure)).toEqual(["no peer", undefined, "no peer", undefined]);
  });

  it("refuse to compare different numbers of rows", async () => {
    const runner = new NotingRunner((title, seconds) => ({
      seconds,
      peakMiB: 1,
      rows: title === "ours frame" ? 9 : 10,
    }));
    const results = await compare(runner, { usual: 1, slow: 1 });
    expect(results.map(({ failure }) => failure)).toEqual([
      undefined,
      undefined,
      "ours gave 9 rows, the peer 10",
      undefined,
    ]);
  });
});
