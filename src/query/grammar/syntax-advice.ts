/** Advice for what other languages write otherwise. */
import { isOperatorWord } from "./names.js";
import type { Token } from "./tokens.js";

const CHOICE = "choose between values with where(condition, a, b)";
const PART = 'for a part of a text use contains(column, "part")';

const WORD_ADVICE: ReadonlyMap<string, string> = new Map([
  ["if", CHOICE],
  ["else", CHOICE],
  ["in", `compare with each value, (x == 1) | (x == 2), or make it by column("x").in([1, 2]); ${PART}`],
  ["is", "compare with ==; missing numbers are found with isnan(column)"],
  ["lambda", "conditions define no functions"],
]);

/** Advice for words that follow an operand, in whatever case. */
const AFTER_OPERAND: ReadonlyMap<string, string> = new Map([
  ...WORD_ADVICE,
  ["and", "write & for “and”, with brackets around both sides"],
  ["or", "write | for “or”, with brackets around both sides"],
  ["like", PART],
]);

/** Whether an operand can end with a token. */
export function endsOperand(token: Token): boolean {
  return token.type === "operator" ? token.value === ")" : token.type !== "name" || !isOperatorWord(token.value);
}

/** What to write instead of a token that cannot stand where it does; `afterOperand`: an operator is expected. */
export function syntaxAdvice(token: Token, written: string, afterOperand: boolean): string | undefined {
  const advice = afterOperand ? AFTER_OPERAND.get(written.toLowerCase()) : WORD_ADVICE.get(written);
  if (advice !== undefined || !afterOperand) return advice;
  const joined = token.type === "name" || token.type === "number";
  return joined ? "a column whose name holds spaces is written in backticks: `mean area`" : undefined;
}
