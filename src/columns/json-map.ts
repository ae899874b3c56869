/**
 * A copy that `JSON.stringify` writes as an object: of a Map it writes `{}`, whatever is in it. An int64 beyond 2^53 becomes
 * text there, as no number of JavaScript holds it.
 */
export function withJson<Key extends number | string, Value extends bigint | number | string>(
  entries: ReadonlyMap<Key, Value>,
): ReadonlyMap<Key, Value> {
  const copy = new Map(entries);
  // Not enumerable, so that the copy still equals a Map of the same entries.
  Object.defineProperty(copy, "toJSON", { value: () => Object.fromEntries(Array.from(copy, jsonEntry)) });
  return copy;
}

function jsonEntry([key, value]: [number | string, bigint | number | string]): [number | string, number | string] {
  if (typeof value !== "bigint") return [key, value];
  const number = Number(value);
  return [key, Number.isSafeInteger(number) ? number : String(value)];
}
