import { describe, expect, it } from "vitest";
import { InFlight } from "../../../src/read/plan/in-flight.js";

/** Has a server answer `calls` requests of 1,000 rows: its work is done one by one, the way to it and back takes `trip`. */
function answer(inFlight: InFlight, calls: number, work: (call: number) => number, trip: number): number[] {
  const counts: number[] = [];
  const arrivals: number[] = [];
  let free = 0;
  let now = 0;
  for (let sent = 0; counts.length < calls; ) {
    while (arrivals.length < inFlight.count) {
      free = Math.max(free, now + trip / 2) + work(sent++);
      arrivals.push(free + trip / 2);
    }
    now = arrivals.shift()!;
    inFlight.observe(1_000, now);
    counts.push(inFlight.count);
  }
  return counts;
}

const share = (counts: number[], count: number) => counts.filter((one) => one === count).length / counts.length;

describe("InFlight", () => {
  it("rises where the round trip takes longer than the work", () => {
    const counts = answer(new InFlight(2, 4), 200, () => 10, 200);
    expect(counts[0]).toBe(2);
    expect(counts.at(-1)).toBe(4);
    expect(share(counts, 4)).toBeGreaterThan(0.7);
  });

  it("stays where the server is at work all the time, but for a trial now and then", () => {
    const counts = answer(new InFlight(2, 4), 400, () => 50, 1);
    expect(share(counts, 2)).toBeGreaterThan(0.7);
    expect(share(counts, 4)).toBe(0);
    expect(share(counts, 3)).toBeGreaterThan(0);
  });

  it("follows a network that becomes slow", () => {
    const inFlight = new InFlight(2, 4);
    answer(inFlight, 100, () => 50, 1);
    expect(answer(inFlight, 200, () => 10, 200).at(-1)).toBe(4);
  });

  it("never leaves its bounds, whatever is measured", () => {
    const inFlight = new InFlight(2, 4);
    let random = 1;
    const counts = answer(
      inFlight,
      2_000,
      () => {
        random = (random * 48_271) % 0x7fffffff;
        return random % 500;
      },
      20,
    );
    expect(Math.min(...counts)).toBe(2);
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
  });

  it("is fixed where the bounds are one", () => {
    expect(new Set(answer(new InFlight(3, 3), 200, () => 10, 100))).toEqual(new Set([3]));
  });
});
