/**
 * Doubles as the shortest decimal text that reads back equal, written as ASCII bytes in the form of Python's `repr`,
 * which is what pandas writes: `0.1`, `100000.0`, `1e-05`, `1.5e+16`, `nan`, `inf`.
 *
 * A double x with the decimal exponent d is scaled to v = x * 10^(16 - d), a number of 17 digits before the point, in
 * double-double arithmetic (Dekker, "A floating-point technique for extending the available precision", 1971). Decimals
 * within h, half the distance to x's neighbours, of v read back as x; h lies between 0.55 and 11.2. So the shortest is
 * the multiple of 100 next to v where that is within h, else the multiple of 10, else the integer next to v. Where the
 * arithmetic's error could decide, or x is a power of two, whose neighbours are not equally far, or lies near the ends
 * of the exponent range, JavaScript's own conversion is used.
 */
import { HIGH_HALF, LOW_HALF } from "../../../columns/int64.js";
import { writeDigits8, writeDigits9, writeInteger } from "./integer-text.js";

/** The most bytes {@link writeDouble} writes: sign, 17 digits, point, `e-308`. */
export const LONGEST_DOUBLE = 24;

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
const PLUS = 43;
const LETTER_E = 101;

/** Digits of the scaled number before the point, less one. */
const SCALE = 16;
const SPLITTER = 2 ** 27 + 1;
const LARGEST_EXPONENT = 250;
const BIAS = 1023;
/** Far above the error of the scaled remainder (2^-26) and far below anything that matters often. */
const UNCERTAIN = 2 ** -20;
const DIGITS8 = 1e8;

/** 10^k for k from -LARGEST_EXPONENT to LARGEST_EXPONENT + SCALE as sums of two doubles, and the first one's halves. */
interface Powers {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly highTop: Float64Array;
  readonly highRest: Float64Array;
}

const POWER_COUNT = 2 * LARGEST_EXPONENT + SCALE + 2;
const powers: Powers = {
  high: new Float64Array(POWER_COUNT),
  low: new Float64Array(POWER_COUNT),
  highTop: new Float64Array(POWER_COUNT),
  highRest: new Float64Array(POWER_COUNT),
};
/** For each biased binary exponent: half the unit in the last place, and the decimal exponent of the least such number. */
const halfUnit = new Float64Array(2048);
const decimalExponent = new Int16Array(2048);
let tabulated = false;

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

/** Writes `value` at `at` and returns the position after it. Needs {@link LONGEST_DOUBLE} bytes. */
export function writeDouble(out: Uint8Array, at: number, value: number): number {
  if (Number.isNaN(value)) return writeAscii(out, at, "nan");
  bits[0] = value;
  const top = words[HIGH_HALF]!;
  let position = at;
  if (top >>> 31) out[position++] = MINUS;
  const x = Math.abs(value);
  if (x < 2 ** 53 && x === Math.floor(x)) return writePointZero(out, writeInteger(out, position, x));
  if (x === Number.POSITIVE_INFINITY) return writeAscii(out, position, "inf");
  return writeFraction(out, position, x, (top >>> 20) & 0x7ff, (top & 0xfffff) === 0 && words[LOW_HALF] === 0);
}

function writePointZero(out: Uint8Array, at: number): number {
  out[at] = POINT;
  out[at + 1] = ZERO;
  return at + 2;
}

function writeFraction(out: Uint8Array, at: number, x: number, exponent: number, powerOfTwo: boolean): number {
  if (!tabulated) tabulate();
  let d = decimalExponent[exponent]!;
  if (powerOfTwo || d < -LARGEST_EXPONENT || d >= LARGEST_EXPONENT) return writeByEngine(out, at, x);
  if (x >= powers.high[LARGEST_EXPONENT + d + 1]!) d++;

  const k = LARGEST_EXPONENT + SCALE - d;
  const power = powers.high[k]!;
  const scaled = x * power;
  const split = SPLITTER * x;
  const xTop = split - (split - x);
  const xRest = x - xTop;
  const top = powers.highTop[k]!;
  const rest = powers.highRest[k]!;
  const error = xRest * rest - (scaled - xTop * top - xRest * top - xTop * rest) + x * powers.low[k]!;
  const within = halfUnit[exponent]! * power;

  // v = high * 10^8 + low, with an integer high and a low that may lie a little outside 0 ..< 10^8.
  let high = Math.floor(scaled * 1e-8);
  let remainder = scaled - high * DIGITS8;
  if (remainder < 0) {
    high--;
    remainder += DIGITS8;
  }
  let low = nearestShortest(remainder + error, within);
  if (low < 0) {
    if (low === UNDECIDED) return writeByEngine(out, at, x);
    high--;
    low += DIGITS8;
  } else if (low >= DIGITS8) {
    high++;
    low -= DIGITS8;
  }
  if (high < 1e8 || high >= 1e9) return writeByEngine(out, at, x);
  return place(out, at, high | 0, low | 0, d);
}

const UNDECIDED = Number.NEGATIVE_INFINITY;

/** The decimal within `within` of `v` that ends in most zeros and lies nearest, or UNDECIDED. */
function nearestShortest(v: number, within: number): number {
  const hundreds = Math.floor(v * 0.01 + 0.5) * 100;
  const offHundreds = Math.abs(v - hundreds);
  if (offHundreds < within - UNCERTAIN) return hundreds;
  const tens = Math.floor(v * 0.1 + 0.5) * 10;
  const offTens = Math.abs(v - tens);
  if (offHundreds <= within + UNCERTAIN || Math.abs(offTens - within) <= UNCERTAIN) return UNDECIDED;
  if (offTens < within) return offTens > 5 - UNCERTAIN ? UNDECIDED : tens;
  const ones = Math.floor(v + 0.5);
  return Math.abs(v - ones) > 0.5 - UNCERTAIN ? UNDECIDED : ones;
}

/**
 * Writes the 17 digits of `high * 10^8 + low` without their trailing zeros, the first of them worth 10^d. They are
 * written where most of them stay, and moved by the point.
 */
function place(out: Uint8Array, at: number, high: number, low: number, d: number): number {
  if (d < -4 || d >= 16) return placeWithExponent(out, at, high, low, d);
  if (d < 0) {
    out[at] = ZERO;
    out[at + 1] = POINT;
    for (let index = 2; index < 1 - d; index++) out[at + index] = ZERO;
    return writeSignificant(out, at + 1 - d, high, low);
  }
  const end = writeSignificant(out, at + 1, high, low);
  const point = at + d + 1;
  for (let index = at; index < point; index++) out[index] = index + 1 < end ? out[index + 1]! : ZERO;
  out[point] = POINT;
  if (end > point + 1) return end;
  out[point + 1] = ZERO;
  return point + 2;
}

function placeWithExponent(out: Uint8Array, at: number, high: number, low: number, d: number): number {
  let end = writeSignificant(out, at + 1, high, low);
  out[at] = out[at + 1]!;
  if (end === at + 2) end--;
  else out[at + 1] = POINT;
  return writeExponent(out, end, d);
}

/** `e+16`, `e-05`: at least two digits. */
function writeExponent(out: Uint8Array, at: number, d: number): number {
  out[at] = LETTER_E;
  out[at + 1] = d < 0 ? MINUS : PLUS;
  const size = Math.abs(d);
  if (size >= 10) return writeInteger(out, at + 2, size);
  out[at + 2] = ZERO;
  out[at + 3] = ZERO + size;
  return at + 4;
}

/** Writes the digits up to the last that is not zero. */
function writeSignificant(out: Uint8Array, at: number, high: number, low: number): number {
  writeDigits9(out, at, high);
  let end = at + 9;
  if (low > 0) {
    writeDigits8(out, end, low);
    end += 8;
  }
  while (out[end - 1] === ZERO) end--;
  return end;
}

/** Takes the digits from JavaScript, which gives the same ones, and writes them in Python's form. */
function writeByEngine(out: Uint8Array, at: number, x: number): number {
  const [digits, exponent] = x.toExponential().split("e");
  const d = Number(exponent);
  const significant = digits!.replace(".", "").padEnd(SCALE + 1, "0");
  return place(out, at, Number(significant.slice(0, 9)), Number(significant.slice(9)), d);
}

function writeAscii(out: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) out[at + index] = text.charCodeAt(index);
  return at + text.length;
}

function tabulate(): void {
  for (let index = 0; index < POWER_COUNT; index++) tabulatePower(index, index - LARGEST_EXPONENT);
  for (let exponent = 1; exponent < 2047; exponent++) {
    halfUnit[exponent] = 2 ** (exponent - BIAS - 53);
    decimalExponent[exponent] = Math.floor((exponent - BIAS) * Math.LOG10E * Math.LN2);
  }
  decimalExponent[0] = -LARGEST_EXPONENT - 1;
  tabulated = true;
}

function tabulatePower(index: number, k: number): void {
  const high = Number(`1e${k}`);
  const split = SPLITTER * high;
  powers.high[index] = high;
  powers.low[index] = difference(k, high);
  powers.highTop[index] = split - (split - high);
  powers.highRest[index] = high - powers.highTop[index]!;
}

/** The double nearest to 10^k - high. */
function difference(k: number, high: number): number {
  if (k >= 0) return Number(10n ** BigInt(k) - BigInt(high));
  // In units of 2^-shift, fine for the power at hand, and scaled back in two steps that stay in range.
  const half = 75 - 2 * k;
  const shift = BigInt(2 * half);
  const exact = (1n << shift) / 10n ** BigInt(-k);
  return Number(exact - toScaledInteger(high, shift)) / 2 ** half / 2 ** half;
}

/** `value * 2^shift`, which is an integer. */
function toScaledInteger(value: number, shift: bigint): bigint {
  bits[0] = value;
  const exponent = (words[HIGH_HALF]! >>> 20) & 0x7ff;
  const mantissa = (BigInt((words[HIGH_HALF]! & 0xfffff) | 0x100000) << 32n) | BigInt(words[LOW_HALF]!);
  return (mantissa << (shift + BigInt(exponent))) >> BigInt(BIAS + 52);
}
