import type { Condition } from "./condition.js";
import type { Span } from "./span.js";

/** A piece of text that Python refuses where it stands, and what stands there as well. */
export interface LayoutFault extends Span {
  readonly replacement: "" | " ";
  readonly reason: string;
}

/**
 * What Python refuses between the tokens of an expression: blanks before the first and after the last line, and line
 * breaks outside brackets.
 */
export function layoutFaults({ text, tokens }: Condition): LayoutFault[] {
  const significant = tokens.filter((token) => token.type !== "comment" && token.type !== "line-break");
  const first = significant[0]!;
  const last = significant.at(-2)!;
  const faults: LayoutFault[] = [];
  const lineStart = Math.max(text.lastIndexOf("\n", first.start - 1), text.lastIndexOf("\r", first.start - 1)) + 1;
  if (first.start > 0 && /[ \t]/.test(text.slice(lineStart, first.start))) {
    faults.push({ start: lineStart, end: first.start, replacement: "", reason: "The condition begins with a blank" });
  }
  let open = 0;
  for (const token of tokens) {
    if (token.type === "operator") open += token.value === "(" ? 1 : token.value === ")" ? -1 : 0;
    if (token.start < first.start || token.end > last.start || open > 0) continue;
    const { start, end } = token;
    if (token.type === "comment")
      faults.push({ start, end, replacement: "", reason: "A comment can only end a condition" });
    if (token.type === "line-break")
      faults.push({ start, end, replacement: " ", reason: "A line can only end in brackets" });
  }
  const tail = text.slice(last.end);
  if (/[\r\n][ \t\f]+$/.test(tail) || /^[ \t\f]*\\/.test(tail)) {
    faults.push({ start: last.end, end: text.length, replacement: "", reason: "A line of blanks ends the condition" });
  }
  return faults;
}
