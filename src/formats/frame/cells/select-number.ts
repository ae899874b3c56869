/** The number that would be at a place if numbers were sorted, without sorting them (Floyd and Rivest 1975). */

/** Fewer are searched without a sample. */
const SAMPLED = 600;

/**
 * Puts the number of place `place` there, those that are less before it and those that are greater behind it, and returns
 * it. Numbers before `first` are as they are to be; there must be no NaN.
 */
export function selectNumber(numbers: Float64Array, place: number, first = 0, last = numbers.length - 1): number {
  let [left, right] = [first, last];
  while (right > left) {
    if (right - left > SAMPLED) selectFromSample(numbers, place, left, right);
    const [below, above] = partition(numbers, numbers[place]!, left, right);
    if (above <= place) left = above;
    if (place <= below) right = below;
    if (below < place && place < above) break;
  }
  return numbers[place]!;
}

/** Puts a number at `place` that is likely near the one sought. */
function selectFromSample(numbers: Float64Array, place: number, left: number, right: number): void {
  const count = right - left + 1;
  const at = place - left + 1;
  const log = Math.log(count);
  const size = 0.5 * Math.exp((2 * log) / 3);
  const spread = 0.5 * Math.sqrt((log * size * (count - size)) / count) * (at < count / 2 ? -1 : 1);
  const from = Math.max(left, Math.floor(place - (at * size) / count + spread));
  const to = Math.min(right, Math.floor(place + ((count - at) * size) / count + spread));
  selectNumber(numbers, place, from, to);
}

/** Numbers up to the first place returned are at most `pivot`, those from the second on at least. */
function partition(numbers: Float64Array, pivot: number, left: number, right: number): [below: number, above: number] {
  let [low, high] = [left, right];
  while (low <= high) {
    while (numbers[low]! < pivot) low++;
    while (numbers[high]! > pivot) high--;
    if (low > high) break;
    const number = numbers[low]!;
    numbers[low++] = numbers[high]!;
    numbers[high--] = number;
  }
  return [high, low];
}
