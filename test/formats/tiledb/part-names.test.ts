import { afterEach, describe, expect, it, vi } from "vitest";
import { PartNames } from "../../../src/formats/tiledb/part-names.js";

afterEach(() => {
  vi.useRealTimers();
});

const timeOf = (name: string) => Number(name.split("_")[2]);

describe("names of parts", () => {
  it("have later times one after the other, also on a clock that stands or goes back", () => {
    vi.useFakeTimers({ now: 5_000, toFake: ["Date"] });
    const names = new PartNames();
    const times = [names.next(), names.next()];
    vi.setSystemTime(1_000);
    times.push(names.next());
    vi.setSystemTime(9_000);
    times.push(names.next());
    expect(times.map(timeOf)).toEqual([5_000, 5_001, 5_002, 9_000]);
  });

  it("are waited for until the clock has passed them", async () => {
    const names = new PartNames();
    let last = "";
    for (let n = 0; n < 20; n++) last = names.next();
    await names.passed(undefined, "writing");
    expect(Date.now()).toBeGreaterThan(timeOf(last));
  });

  it("are not waited for when the clock was set back by more than moments", async () => {
    vi.useFakeTimers({ now: 86_400_000, toFake: ["Date"] });
    const names = new PartNames();
    names.next();
    vi.setSystemTime(0);
    const before = performance.now();
    await names.passed(undefined, "writing");
    expect(performance.now() - before).toBeLessThan(900);
  });
});
