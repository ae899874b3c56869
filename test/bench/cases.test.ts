import { describe, expect, it } from "vitest";
import { type Case, cases, groupByPeer, pairsOf } from "../../bench/cases.js";

const checksums = new Set([3]);
const all = cases({ narrow: 1, wide: 2, own: 3, csv: "table.csv", pickle: "table.pkl", rows: 1_000_000, checksums });

describe("cases", () => {
  it("have names of their own", () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it("tell whether the table they read has a checksum", () => {
    for (const { ours, checksum } of all) {
      expect(checksum).toBe(ours.fileId === undefined ? undefined : ours.fileId === 3);
    }
  });

  it("are in one group for each of the peer's tasks", () => {
    const groups = groupByPeer(all);
    expect(groups.flat().sort(byName)).toEqual([...all].sort(byName));
    for (const group of groups) for (const one of group) expect(one.theirs).toEqual(group[0]!.theirs);
    const firsts = groups.map(([first]) => JSON.stringify(Object.entries(first!.theirs).sort()));
    expect(new Set(firsts).size).toBe(groups.length);
    const whole = groups.find((group) => group.some(({ name }) => name === "whole table to Arrow, chunk 50,000"));
    expect(whole?.map(({ name }) => name)).toContain("whole table to a frame, chunk 50,000");
  });

  it("take pairs of their own number where the peer is slow", () => {
    const groups = groupByPeer(all);
    const pairs = groups.map((group) => pairsOf(group, { usual: 5, slow: 3 }));
    expect(pairs.sort()).toEqual([...Array(groups.length - 2).fill(5), 3, 3].sort());
  });
});

function byName(a: Case, b: Case): number {
  return a.name < b.name ? -1 : 1;
}
