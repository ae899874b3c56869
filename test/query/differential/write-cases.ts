/**
 * Makes the differential fixture: `tsx test/query/differential/write-cases.ts [count] [seed]` prints the cases, which
 * `evaluate.py` answers:
 *
 *     tsx test/query/differential/write-cases.ts 1500 1 | python test/query/differential/evaluate.py > expected.json
 */

import { ConditionError } from "../../../src/errors.js";
import { checkCondition } from "../../../src/query/check.js";
import { type GeneratedCondition, generateConditions } from "../condition-generator.js";
import { type DifferentialCase, type DifferentialFixture, writeTable, writeVariables } from "./cases.js";
import { EXAMPLE_FIELDS, EXAMPLE_TABLE } from "./example-table.js";
import { HAND_WRITTEN, LARGE } from "./hand-written.js";

export function writeCase({ query, variables }: GeneratedCondition): DifferentialCase {
  const written = { condition: query, variables: writeVariables(variables) };
  try {
    const used = new Map([...variables].filter(([name]) => new RegExp(`\\b${name}\\b`).test(query)));
    const checked = checkCondition(query, EXAMPLE_FIELDS, used);
    const sent = { condition: checked.condition, variables: writeVariables(checked.variables) };
    return sent.condition === query ? written : { ...written, sent };
  } catch (error) {
    if (error instanceof ConditionError) return written;
    throw error;
  }
}

const [count = "1500", seed = "1"] = process.argv.slice(2);
const generated = generateConditions(EXAMPLE_FIELDS, Number(seed), Number(count));
const handWritten = [...HAND_WRITTEN, ...LARGE].map((query) => ({ query, variables: new Map() }));
const fixture: DifferentialFixture = {
  table: writeTable(EXAMPLE_TABLE),
  cases: [...handWritten, ...generated].map(writeCase),
};
console.log(JSON.stringify(fixture));
