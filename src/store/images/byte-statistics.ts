/** Statistics of pixels of 8 bits: how often each value occurs tells all of them. */

const VALUES = 256;
/** No count of a table goes beyond 32 bits. */
const MOST_AT_ONCE = 2 ** 30;

export function byteStatistics(data: Uint8Array | Int8Array) {
  const lowest = data instanceof Int8Array ? -VALUES / 2 : 0;
  const counts = occurrences(data);
  const all = moments(counts, lowest);
  const zeros = counts[-lowest]!;
  counts[-lowest] = 0;
  const others = zeros === data.length ? { mean: 0, sigma: 0 } : moments(counts, lowest);
  return { ...all, mean_nonzero: others.mean, sigma_nonzero: others.sigma };
}

/** How often each value occurs, from the smallest one to the largest. */
function occurrences(data: Uint8Array | Int8Array): Float64Array {
  const ofBytes = new Float64Array(VALUES);
  for (let start = 0; start < data.length; start += MOST_AT_ONCE) {
    const part = data.subarray(start, start + MOST_AT_ONCE);
    const tables = countedInFour(new Uint8Array(part.buffer, part.byteOffset, part.length));
    for (let index = 0; index < tables.length; index++) ofBytes[index % VALUES]! += tables[index]!;
  }
  if (data instanceof Uint8Array) return ofBytes;
  const counts = new Float64Array(VALUES);
  counts.set(ofBytes.subarray(VALUES / 2));
  counts.set(ofBytes.subarray(0, VALUES / 2), VALUES / 2);
  return counts;
}

/** Four tables, one after the other, for each byte of four: a count waits for the one before it in its table only. */
function countedInFour(bytes: Uint8Array): Uint32Array {
  const tables = new Uint32Array(4 * VALUES);
  const before = Math.min(bytes.length, (4 - (bytes.byteOffset % 4)) % 4);
  const wordCount = (bytes.length - before) >>> 2;
  const words = new Uint32Array(bytes.buffer, wordCount === 0 ? 0 : bytes.byteOffset + before, wordCount);
  for (let index = 0; index < wordCount; index++) {
    const word = words[index]!;
    tables[word & 255]!++;
    tables[VALUES + ((word >>> 8) & 255)]!++;
    tables[2 * VALUES + ((word >>> 16) & 255)]!++;
    tables[3 * VALUES + (word >>> 24)]!++;
  }
  for (let index = 0; index < before; index++) tables[bytes[index]!]!++;
  for (let index = before + 4 * wordCount; index < bytes.length; index++) tables[bytes[index]!]!++;
  return tables;
}

function moments(counts: Float64Array, lowest: number) {
  let [count, total, square_sum] = [0, 0, 0];
  let [minimum, maximum] = [Number.NaN, Number.NaN];
  for (let index = 0; index < VALUES; index++) {
    const [value, times] = [lowest + index, counts[index]!];
    if (times === 0) continue;
    count += times;
    total += times * value;
    square_sum += times * value * value;
    if (Number.isNaN(minimum)) minimum = value;
    maximum = value;
  }
  const mean = total / count;
  return { minimum, maximum, mean, sigma: Math.sqrt(distances(counts, lowest - mean) / count), square_sum };
}

/** Sum of the squared distances from the mean; `first` is that of the smallest value. */
function distances(counts: Float64Array, first: number): number {
  let sum = 0;
  for (let index = 0; index < VALUES; index++) sum += counts[index]! * (first + index) ** 2;
  return sum;
}
