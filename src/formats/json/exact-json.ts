/** JSON whose integers may be longer than a number holds exactly. */
import { randomUUID } from "../node.js";

/** An integer that a number may not hold, or text, in which digits are no integer. */
const TEXT_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE])/g;
const LONG_INTEGER = /\d{16}/;
/** Long integers are parsed as text that begins so; nobody can know it. */
const MARK = `${randomUUID()}:`;

/**
 * The value of a text; `integerOf` makes those of integers of 16 digits and more.
 * @throws SyntaxError where it is no JSON
 */
export function parseExactJson(text: string, integerOf: (digits: string) => number | bigint): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  const marked = text.replace(TEXT_OR_LONG_INTEGER, (found) => (found[0] === '"' ? found : `"${MARK}${found}"`));
  return JSON.parse(marked, (_, value) =>
    typeof value === "string" && value.startsWith(MARK) ? integerOf(value.slice(MARK.length)) : value,
  );
}
