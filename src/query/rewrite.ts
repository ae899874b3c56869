/**
 * Writes a condition so that the server accepts it. What it accepts already stays as it is, to the letter; the rest is
 * put in words it knows:
 * - names it cannot find as they stand become fresh variables, text variables become literals;
 * - if text is not ASCII, all text becomes bytes literals of UTF-8, as numexpr compares no other such text;
 * - if numexpr's check for forbidden characters would refuse it, literals are written with escapes, comments go;
 * - blanks and line breaks go where Python refuses them.
 */
import type { Condition } from "./grammar/condition.js";
import { hasForbiddenCharacters } from "./grammar/forbidden-characters.js";
import { layoutFaults } from "./grammar/layout.js";
import type { Span } from "./grammar/span.js";
import { writeTextLiteral } from "./grammar/text-literal.js";
import type { Token } from "./grammar/tokens.js";

/** Text put in the place of a name: a variable, or a value to be written as a literal. */
export type Replacement =
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "text"; readonly value: string };

interface Edit extends Span {
  readonly text: string;
}

/**
 * @param replacements what stands for the names at some offsets of the condition
 * @param bytes whether text is to become bytes literals
 */
export function rewriteCondition(
  condition: Condition,
  replacements: ReadonlyMap<number, Replacement>,
  bytes: boolean,
): string {
  const necessary = (token: Token) =>
    token.type === "text" && bytes ? writeTextLiteral(token.value, true) : undefined;
  const written = apply(condition, replacements, bytes, necessary);
  if (!hasForbiddenCharacters(written)) return written;
  return apply(condition, replacements, bytes, (token) => {
    if (token.type === "text") return writeTextLiteral(token.value, bytes);
    if (token.type === "bytes") return writeTextLiteral(token.value, true);
    if (token.type === "number") return condition.text.slice(token.start, token.end).replaceAll("_", "");
    return token.type === "comment" ? "" : undefined;
  });
}

function apply(
  condition: Condition,
  replacements: ReadonlyMap<number, Replacement>,
  bytes: boolean,
  rewrite: (token: Token) => string | undefined,
): string {
  const edits: Edit[] = layoutFaults(condition).map(({ start, end, replacement }) => ({
    start,
    end,
    text: replacement,
  }));
  for (const token of condition.tokens) {
    const put = replacements.get(token.start);
    const text = put && isName(token) ? replacementText(put, bytes) : rewrite(token);
    if (text !== undefined) edits.push({ start: token.start, end: token.end, text });
  }
  return applyEdits(condition.text, edits);
}

function isName(token: Token): boolean {
  return token.type === "name" || token.type === "quoted-name";
}

function replacementText(put: Replacement, bytes: boolean): string {
  return put.type === "name" ? put.name : writeTextLiteral(put.value, bytes);
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let position = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start < position) continue;
    result += text.slice(position, edit.start);
    const glued = /[\p{XID_Continue}]$/u.test(result) && /^[\p{XID_Continue}'"]/u.test(edit.text);
    result += glued ? ` ${edit.text}` : edit.text;
    position = edit.end;
    if (/[\p{XID_Continue}]$/u.test(edit.text) && /^[\p{XID_Continue}'"]/u.test(text.slice(position))) result += " ";
  }
  return result + text.slice(position);
}
