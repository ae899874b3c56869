/**
 * Decimal digits to the nearest float64, exactly rounded, without making text or big integers.
 *
 * A decimal is `(high * 10^lowDigits + low) * 10^exponent` with two integers, of at most nine and twelve digits. Up to 2^53 one
 * correctly rounded division or multiplication by an exact power of ten is exact (Clinger, "How to read floating point
 * numbers accurately", 1990). Beyond that the quotient is taken in double-double arithmetic (Dekker, "A floating-point
 * technique for extending the available precision", 1971), which leaves an error near 2^-100; where that error could
 * change the rounding, the answer is NaN and the caller falls back to `Number(text)`.
 */

/** A sum that rounds to less than this is exact. */
const EXACT_INTEGERS = 2 ** 53;
/** 10^22 is the largest power of ten that is a float64. */
const LARGEST_EXACT_POWER = 22;
/** Powers tabulated; beyond them results come near overflow or subnormal numbers, where double-double fails. */
const LARGEST_POWER = 270;
const SPLITTER = 2 ** 27 + 1;
/** Widens a remainder by far more than its error, to see whether the rounding is certain. */
const SAFETY = 1 + 2 ** -30;

const powerHigh = new Float64Array(LARGEST_POWER + 1);
const powerLow = new Float64Array(LARGEST_POWER + 1);
const powerSplitHigh = new Float64Array(LARGEST_POWER + 1);
const powerSplitLow = new Float64Array(LARGEST_POWER + 1);
let tabulated = false;

const SMALL_POWERS = Float64Array.from({ length: 13 }, (_, k) => Number(`1e${k}`));
const EXACT_POWERS = Float64Array.from({ length: LARGEST_EXACT_POWER + 1 }, (_, k) => Number(`1e${k}`));

/**
 * The float64 nearest to `(high * 10^lowDigits + low) * 10^exponent`, or NaN where only the text can tell.
 * @param high integer below 10^9
 * @param low integer below 10^lowDigits
 * @param lowDigits 0 to 12
 */
export function exactDouble(high: number, low: number, lowDigits: number, exponent: number): number {
  const lowPower = SMALL_POWERS[lowDigits]!;
  const significand = high * lowPower + low;
  if (significand < EXACT_INTEGERS && exponent >= -LARGEST_EXACT_POWER && exponent <= LARGEST_EXACT_POWER) {
    if (exponent <= 0) return significand / EXACT_POWERS[-exponent]!;
    return significand * EXACT_POWERS[exponent]!;
  }
  return doubleDouble(high, low, lowPower, exponent);
}

function doubleDouble(high: number, low: number, lowPower: number, exponent: number): number {
  if (exponent < -LARGEST_POWER || exponent > LARGEST_POWER) return Number.NaN;
  if (!tabulated) tabulatePowers();
  // high * lowPower = product + productError: the low 32 bits of the exact product are known, and the error is small.
  const product = high * lowPower;
  const productError = (Math.imul(high, lowPower) - (product | 0)) | 0;
  const tail = productError + low;
  const sum = product + tail;
  const sumError = tail - (sum - product);
  return exponent < 0 ? divide(sum, sumError, -exponent) : multiply(sum, sumError, exponent);
}

/** (sum + sumError) / 10^power */
function divide(sum: number, sumError: number, power: number): number {
  const divisor = powerHigh[power]!;
  const quotient = sum / divisor;
  const product = quotient * divisor;
  const remainder = sum - product - productError(quotient, product, power) + (sumError - quotient * powerLow[power]!);
  return roundedSum(quotient, remainder / divisor);
}

/** (sum + sumError) * 10^power */
function multiply(sum: number, sumError: number, power: number): number {
  const product = sum * powerHigh[power]!;
  return roundedSum(
    product,
    productError(sum, product, power) + (sum * powerLow[power]! + sumError * powerHigh[power]!),
  );
}

/** Exact value of `factor * 10^power - product`, where `product` is that value rounded and 10^power its high part. */
function productError(factor: number, product: number, power: number): number {
  const scaled = SPLITTER * factor;
  const factorHigh = scaled - (scaled - factor);
  const factorLow = factor - factorHigh;
  const high = powerSplitHigh[power]!;
  const low = powerSplitLow[power]!;
  return factorHigh * high - product + factorHigh * low + factorLow * high + factorLow * low;
}

function roundedSum(value: number, correction: number): number {
  const rounded = value + correction;
  const remainder = correction - (rounded - value);
  return rounded + remainder * SAFETY === rounded ? rounded : Number.NaN;
}

function tabulatePowers(): void {
  let power = 1n;
  for (let k = 0; k <= LARGEST_POWER; k++, power *= 10n) {
    const high = Number(power);
    const scaled = SPLITTER * high;
    powerHigh[k] = high;
    powerLow[k] = Number(power - BigInt(high));
    powerSplitHigh[k] = scaled - (scaled - high);
    powerSplitLow[k] = high - powerSplitHigh[k]!;
  }
  tabulated = true;
}
