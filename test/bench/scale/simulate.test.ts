import { expect, it } from "vitest";
import { executorsServed, type ScanCosts, simulate } from "../../../bench/scale/simulate.js";

const NOTHING: ScanCosts = { before: 0, start: 0, serverPart: 0, serverRow: 0, executorRow: 0 };
const cluster = { rows: 10_000_000, partitionRows: 1_000_000, executors: 1 };

it("one executor takes the longer of what the server and it do, and what it starts", () => {
  expect(simulate({ ...NOTHING, serverRow: 1e-6 }, cluster)).toEqual({
    seconds: expect.closeTo(10),
    serverShare: expect.closeTo(1),
  });
  expect(simulate({ ...NOTHING, executorRow: 1e-6 }, cluster)).toEqual({ seconds: expect.closeTo(10), serverShare: 0 });
  expect(simulate({ ...NOTHING, start: 0.5, before: 3 }, cluster).seconds).toBeCloseTo(8);
  const both = simulate({ ...NOTHING, serverRow: 1e-6, executorRow: 1e-6 }, cluster).seconds;
  expect(both).toBeGreaterThan(10);
  expect(both).toBeLessThan(11);
});

it("executors share what is theirs, and wait for the server", () => {
  const own = { ...NOTHING, executorRow: 1e-6 };
  expect(simulate(own, { ...cluster, executors: 10 }).seconds).toBeCloseTo(1);
  expect(simulate(own, { ...cluster, executors: 100 }).seconds).toBeCloseTo(1);
  const server = { ...NOTHING, serverRow: 1e-6 };
  expect(simulate(server, { ...cluster, executors: 10 }).seconds).toBeCloseTo(10);
  const mixed = { ...NOTHING, serverRow: 1e-6, executorRow: 4e-6 };
  const four = simulate(mixed, { ...cluster, partitionRows: 100_000, executors: 4 }).seconds;
  expect(four).toBeGreaterThan(10);
  expect(four).toBeLessThan(12);
  expect(executorsServed(mixed, 100_000)).toBeCloseTo(4);
});

it("the server's work for each part counts where parts are small", () => {
  const costs = { ...NOTHING, serverPart: 0.1 };
  expect(simulate(costs, { ...cluster, partitionRows: 10_000, executors: 100 }).seconds).toBeCloseTo(100);
  expect(simulate(costs, { ...cluster, executors: 100 }).seconds).toBeCloseTo(1);
});
