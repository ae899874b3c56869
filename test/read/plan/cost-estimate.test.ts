import { describe, expect, it } from "vitest";
import { CostEstimate } from "../../../src/read/plan/cost-estimate.js";

const prior = { perCall: 56, perRow: 0.0014 };
const expected = (rows: number) => prior.perCall + rows * prior.perRow;

describe("CostEstimate", () => {
  it("starts from its prior and stays there while calls cost what it says", () => {
    const estimate = new CostEstimate(prior);
    expect(estimate.cost).toEqual(prior);
    for (let call = 0; call < 20; call++)
      estimate.observe(50_000 + 10_000 * (call % 5), expected(50_000 + 10_000 * (call % 5)));
    expect(estimate.cost.perCall).toBeCloseTo(prior.perCall, 3);
    expect(estimate.cost.perRow).toBeCloseTo(prior.perRow, 6);
  });

  it("learns a server ten times slower within some calls", () => {
    const estimate = new CostEstimate(prior);
    for (let call = 0; call < 15; call++) estimate.observe(80_000, 10 * expected(80_000));
    const { perCall, perRow } = estimate.cost;
    expect((perCall + 80_000 * perRow) / (10 * expected(80_000))).toBeGreaterThan(0.8);
  });

  it("learns a fast server", () => {
    const estimate = new CostEstimate(prior);
    for (let call = 0; call < 15; call++)
      estimate.observe(50_000 + 20_000 * (call % 3), 1 + (50_000 + 20_000 * (call % 3)) * 1e-4);
    expect(estimate.cost.perCall + 70_000 * estimate.cost.perRow).toBeLessThan(12);
  });

  it("is moved little by one slow call", () => {
    const estimate = new CostEstimate(prior);
    for (let call = 0; call < 10; call++) estimate.observe(80_000, expected(80_000));
    estimate.observe(80_000, 60_000);
    for (let call = 0; call < 5; call++) estimate.observe(80_000, expected(80_000));
    expect((estimate.cost.perCall + 80_000 * estimate.cost.perRow) / expected(80_000)).toBeLessThan(1.5);
  });

  it("never estimates nothing or less", () => {
    const estimate = new CostEstimate(prior);
    for (const [rows, ms] of [
      [1, 0],
      [0, 0],
      [1_000_000, 0],
      [10, 5_000],
      [100_000, 1],
    ] as const) {
      estimate.observe(rows, ms);
      expect(estimate.cost.perCall).toBeGreaterThan(0);
      expect(estimate.cost.perRow).toBeGreaterThan(0);
    }
  });
});
