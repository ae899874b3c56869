/** Statistics of pixels of 8 bits: how often each value occurs tells all of them. */

export function byteStatistics(data: Uint8Array | Int8Array) {
  const found = occurrences(data);
  const nonzero = found.filter(([value]) => value !== 0);
  const all = moments(found);
  const others = nonzero.length === 0 ? { mean: 0, sigma: 0 } : moments(nonzero);
  return {
    minimum: found[0]![0],
    maximum: found.at(-1)![0],
    mean: all.mean,
    sigma: all.sigma,
    square_sum: sum(found, (value) => value * value),
    mean_nonzero: others.mean,
    sigma_nonzero: others.sigma,
  };
}

/** A value and how often it occurs. */
type Occurrence = readonly [value: number, count: number];

/** From the smallest value to the largest. */
function occurrences(data: Uint8Array | Int8Array): Occurrence[] {
  const lowest = data instanceof Int8Array ? -128 : 0;
  const counts = new Float64Array(256);
  for (let index = 0; index < data.length; index++) counts[data[index]! - lowest]!++;
  return Array.from(counts, (count, index): Occurrence => [index + lowest, count]).filter(([, count]) => count > 0);
}

function moments(found: readonly Occurrence[]): { readonly mean: number; readonly sigma: number } {
  const count = sum(found, () => 1);
  const mean = sum(found, (value) => value) / count;
  return { mean, sigma: Math.sqrt(sum(found, (value) => (value - mean) ** 2) / count) };
}

function sum(found: readonly Occurrence[], term: (value: number) => number): number {
  return found.reduce((total, [value, count]) => total + count * term(value), 0);
}
