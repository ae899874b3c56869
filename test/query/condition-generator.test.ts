import { expect, it } from "vitest";
import { generateConditions } from "./condition-generator.js";
import { EXAMPLE_FIELDS } from "./differential/example-table.js";

it("makes the same conditions from the same seed, and others from others", () => {
  const first = generateConditions(EXAMPLE_FIELDS, 5, 50);
  expect(generateConditions(EXAMPLE_FIELDS, 5, 50)).toEqual(first);
  expect(generateConditions(EXAMPLE_FIELDS, 6, 49)).toEqual(first.slice(1));
  expect(new Set(first.map(({ query }) => query)).size).toBeGreaterThan(45);
});

it("makes no broken ones if told so", () => {
  for (const { query } of generateConditions(EXAMPLE_FIELDS, 1, 200, { misfits: 0, damaged: 0 })) {
    expect(query.split("(").length).toBe(query.split(")").length);
  }
});
