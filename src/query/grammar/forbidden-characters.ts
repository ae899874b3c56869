/**
 * numexpr's guard against code in expressions (`necompiler.py`, since 2.8.5): it takes away white space and what is
 * between single quotes, and refuses the condition if `;`, `:`, `[`, a name like `__x__` or an attribute is left. Text
 * between double quotes is not taken away, so `"image.tif"` is refused where `'image.tif'` is not.
 */
const WORD = "[\\p{L}\\p{N}_]";
const FORBIDDEN = new RegExp(
  [
    "[;\\[:]",
    `(?:^|(?!${WORD})[^])__${WORD}+__(?:$|(?!${WORD})[^])`,
    `\\.(?=${WORD})(?!(?:real|imag|\\d*[eE]?[+-]?\\d+j?|\\d*j)(?!${WORD}))`,
  ].join("|"),
  "u",
);

/** Whether numexpr refuses a condition for its characters alone. */
export function hasForbiddenCharacters(condition: string): boolean {
  return FORBIDDEN.test(condition.replace(/\s+/g, "").replace(/'[^']*'/g, ""));
}
