/** Our answers to the cases of a differential fixture, and what is wrong with them. */
import { ConditionError } from "../../../src/errors.js";
import { checkCondition } from "../../../src/query/check.js";
import { compileCondition } from "../../../src/query/compile.js";
import type { RType } from "../../../src/rtypes.js";
import { type DifferentialCase, type Outcome, readVariables, writeVariables } from "./cases.js";
import { EXAMPLE_FIELDS, EXAMPLE_TABLE } from "./example-table.js";

/** Rows that meet a condition, or the refusal. */
export function ourOutcome(
  condition: string,
  variables: ReadonlyMap<string, RType>,
): readonly number[] | ConditionError {
  try {
    const mask = compileCondition(condition, EXAMPLE_FIELDS, variables).evaluate(EXAMPLE_TABLE);
    return Array.from(mask.entries()).flatMap(([row, hit]) => (hit === 1 ? [row] : []));
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
}

/** Whether both give the same rows or both refuse. */
export function agrees(ours: readonly number[] | ConditionError, theirs: Outcome): boolean {
  if (ours instanceof ConditionError) return typeof theirs === "string" && theirs !== "crash";
  return typeof theirs !== "string" ? ours.join() === theirs.join() : theirs === "crash";
}

function show(outcome: Outcome | readonly number[] | ConditionError): string {
  if (outcome instanceof ConditionError) return `refused: ${outcome.message}`;
  return typeof outcome === "string" ? outcome : `[${outcome.join()}]`;
}

/** What is wrong with our handling of a case; undefined if nothing is. */
export function disagreement(written: DifferentialCase): string | undefined {
  const { condition, sent, outcome } = written;
  const variables = readVariables(written.variables);
  const ours = ourOutcome(condition, variables);
  const head = `${JSON.stringify(condition)} with ${JSON.stringify(written.variables)}`;
  if (!agrees(ours, outcome!)) return `${head}\n  ours ${show(ours)}\n  PyTables ${show(outcome!)}`;
  const used = new Map([...variables].filter(([name]) => new RegExp(`\\b${name}\\b`).test(condition)));
  const accepted = typeof outcome !== "string" || outcome === "crash";
  try {
    const checked = checkCondition(condition, EXAMPLE_FIELDS, used);
    if (checked.condition === condition) return accepted ? undefined : `${head}\n  is sent, but refused: ${outcome}`;
    if (accepted) return `${head}\n  is rewritten needlessly: ${checked.condition}`;
    if (sent?.condition !== checked.condition)
      return `${head}\n  is rewritten anew: ${checked.condition}; make the fixture again`;
    if (JSON.stringify(writeVariables(checked.variables)) !== JSON.stringify(sent.variables))
      return `${head}\n  has other variables`;
    const rewritten = ourOutcome(checked.condition, checked.variables);
    const agreed = Array.isArray(rewritten) && agrees(rewritten, sent.outcome!);
    return agreed
      ? undefined
      : `${head}\n  as ${sent.condition}\n  ours ${show(rewritten)}\n  PyTables ${show(sent.outcome!)}`;
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    return accepted ? `${head}\n  is not sent: ${error.message}` : undefined;
  }
}
