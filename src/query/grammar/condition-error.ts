import { ConditionError, type ErrorDetails } from "../../errors.js";
import type { Span } from "./span.js";

export type ConditionFault = ConditionError["code"];

const EXCERPT_WIDTH = 76;

/** A {@link ConditionError} whose message shows the condition with carets under the place at fault. */
export function conditionError(
  code: ConditionFault,
  text: string,
  span: Span,
  message: string,
  details: ErrorDetails = {},
): ConditionError {
  const options = { ...details, query: text, position: span.start };
  return new ConditionError(code, `${message}\n${markedExcerpt(text, span)}`, options);
}

/** The line of `text` in which `span` starts, at most 76 characters of it, and a line of carets under the span. */
export function markedExcerpt(text: string, span: Span): string {
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  const lineBreak = text.indexOf("\n", span.start);
  const lineEnd = lineBreak < 0 ? text.length : lineBreak;
  const from = Math.max(lineStart, Math.min(span.start - EXCERPT_WIDTH / 2, lineEnd - EXCERPT_WIDTH));
  const to = Math.min(lineEnd, from + EXCERPT_WIDTH);
  const head = from > lineStart ? "…" : "";
  const tail = to < lineEnd ? "…" : "";
  const before = text.slice(from, span.start);
  const marked = text.slice(span.start, Math.min(span.end, to));
  const indent = head.replace(/./g, " ") + before.replace(/[^\t]/gu, " ");
  return `  ${head}${text.slice(from, to)}${tail}\n  ${indent}${"^".repeat(Math.max(1, Array.from(marked).length))}`;
}
