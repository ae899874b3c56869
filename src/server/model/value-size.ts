/** Bytes that a value takes in memory, roughly: what stands in it, and something for each part. */
const PER_PART = 16;

export function valueSize(value: unknown): number {
  if (typeof value === "string") return PER_PART + 2 * value.length;
  if (typeof value !== "object" || value === null) return PER_PART;
  if (ArrayBuffer.isView(value)) return PER_PART + value.byteLength;
  if (value instanceof Map) return sumOf([...value].flat());
  return sumOf(Array.isArray(value) ? value : Object.values(value));
}

function sumOf(values: readonly unknown[]): number {
  let size = PER_PART;
  for (const value of values) size += valueSize(value);
  return size;
}
