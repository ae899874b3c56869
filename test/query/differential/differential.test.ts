import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConditionError } from "../../../src/errors.js";
import { checkCondition } from "../../../src/query/check.js";
import { compileQuery } from "../../../src/query/compile.js";
import { quoteName } from "../../../src/query/grammar/names.js";
import type { RType } from "../../../src/rtypes.js";
import { type DifferentialFixture, readVariables, writeTable } from "./cases.js";
import { disagreement, ourOutcome } from "./compare.js";
import { EXAMPLE_FIELDS, EXAMPLE_TABLE } from "./example-table.js";
import { REFUSED_BY_US } from "./hand-written.js";

const fixture: DifferentialFixture = JSON.parse(readFileSync(new URL("expected.json", import.meta.url), "utf8"));

it("has answers for this table", () => expect(fixture.table).toEqual(writeTable(EXAMPLE_TABLE)));

it("has many conditions, accepted and refused, rewritten and sent as they are", () => {
  const accepted = fixture.cases.filter(({ outcome }) => typeof outcome !== "string");
  const rewritten = fixture.cases.filter(({ sent }) => sent !== undefined);
  expect(fixture.cases.length).toBeGreaterThan(1500);
  expect(accepted.length).toBeGreaterThan(900);
  expect(
    accepted.filter(({ outcome }) => outcome!.length > 0 && outcome!.length < EXAMPLE_TABLE.rowCount).length,
  ).toBeGreaterThan(500);
  expect(fixture.cases.length - accepted.length).toBeGreaterThan(300);
  expect(rewritten.length).toBeGreaterThan(50);
});

it("gives the rows PyTables gives, and refuses what it refuses", () => {
  const disagreements = fixture.cases.map(disagreement).filter((found) => found !== undefined);
  expect(disagreements).toEqual([]);
});

it("finds the same rows with columns named in backticks", () => {
  let compared = 0;
  for (const { condition, variables, outcome } of fixture.cases) {
    const bound = readVariables(variables);
    if (typeof outcome === "string" || bound.size === 0) continue;
    const quoted = withBackticks(condition, bound);
    const mask = compileQuery(quoted.condition, EXAMPLE_FIELDS, quoted.variables).evaluate(EXAMPLE_TABLE);
    expect(
      [...mask.keys()].filter((row) => mask[row] === 1),
      quoted.condition,
    ).toEqual(outcome);
    compared++;
  }
  expect(compared).toBeGreaterThan(400);
});

/** The condition with the variables that stand for columns replaced by these. */
function withBackticks(
  condition: string,
  variables: Map<string, RType>,
): { condition: string; variables: Map<string, RType> } {
  let text = condition;
  const others = new Map(variables);
  for (const [name, value] of variables) {
    if (!new RegExp(`\\b${name}\\b`).test(condition)) others.delete(name);
    if (value.iceId !== "::omero::RString") continue;
    text = text.replace(new RegExp(`\\b${name}\\b`, "g"), () => quoteName(value.val));
    others.delete(name);
  }
  return { condition: text, variables: others };
}

describe("refuses with a reason what PyTables takes", () => {
  it.each(REFUSED_BY_US)("%s", (condition) => {
    expect(ourOutcome(condition, new Map())).toBeInstanceOf(ConditionError);
    expect(() => checkCondition(condition, EXAMPLE_FIELDS)).toThrow(ConditionError);
  });
});
