/** Which names Python takes as they stand. */
import { isFunctionName } from "../typing/functions.js";

const IDENTIFIER = /^[\p{XID_Start}_][\p{XID_Continue}]*$/u;

/** Keywords that are operators or values of the language; they never name a column. */
const OPERATOR_WORDS: ReadonlySet<string> = new Set("True False None and or not in is if else lambda".split(" "));

const OTHER_KEYWORDS: ReadonlySet<string> = new Set(
  `as assert async await break class continue def del elif except finally for from global import nonlocal pass raise
   return try while with yield`.split(/\s+/),
);

export function isOperatorWord(name: string): boolean {
  return OPERATOR_WORDS.has(name);
}

/**
 * Whether a name can stand in a condition as it is: an identifier that Python does not change (it applies NFKC, which
 * turns the micro sign into the Greek mu), no keyword, and no function of numexpr.
 */
export function isBareName(name: string): boolean {
  return (
    IDENTIFIER.test(name) &&
    name.normalize("NFKC") === name &&
    !OPERATOR_WORDS.has(name) &&
    !OTHER_KEYWORDS.has(name) &&
    !isFunctionName(name)
  );
}

/**
 * `name` in backticks, a backtick in it doubled.
 *
 * @example
 * ```ts
 * const query = `${quoteName("mean area")} > 20`; // `mean area` > 20
 * ```
 */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
