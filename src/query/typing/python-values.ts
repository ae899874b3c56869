/** Python's arithmetic on constants: parts of a condition without columns are worked out before numexpr sees them. */
import type { BinaryOperator, ComparisonOperator } from "../grammar/condition.js";

/** int is bigint, float is number, str is string, bytes is Uint8Array. */
export type PythonValue = boolean | bigint | number | string | Uint8Array;

/** Why Python refuses an operation; the caller knows the place. */
export class PythonRefusal extends Error {}

/** Larger intermediate numbers and texts are refused: they could only exhaust memory. */
const MAX_BITS = 4096;
const MAX_TEXT = 1 << 20;

export function isTrue(value: PythonValue): boolean {
  if (value instanceof Uint8Array) return value.length > 0;
  return Boolean(value) || (typeof value === "number" && Number.isNaN(value));
}

export function pythonUnary(operator: "+" | "-" | "~" | "not", value: PythonValue): PythonValue {
  if (operator === "not") return !isTrue(value);
  const number = asNumber(value);
  if (number === undefined) throw new PythonRefusal(`${operator} needs a number after it`);
  if (operator === "+") return number;
  if (operator === "-") return -number;
  if (typeof number !== "bigint") throw new PythonRefusal("~ needs a whole number or a condition after it");
  return ~number;
}

/** Numbers stay, truth values become 0 and 1 as in Python, the rest is no number. */
function asNumber(value: PythonValue): bigint | number | undefined {
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "bigint" || typeof value === "number" ? value : undefined;
}

export function pythonBinary(operator: BinaryOperator, left: PythonValue, right: PythonValue): PythonValue {
  if (typeof left === "boolean" && typeof right === "boolean") {
    if (operator === "&") return left && right;
    if (operator === "|") return left || right;
    if (operator === "^") return left !== right;
  }
  const a = asNumber(left);
  const b = asNumber(right);
  if (a === undefined || b === undefined) return textBinary(operator, left, right);
  if (typeof a === "bigint" && typeof b === "bigint") return limited(wholeBinary(operator, a, b));
  return floatBinary(operator, toFloat(a), toFloat(b));
}

function textBinary(operator: BinaryOperator, left: PythonValue, right: PythonValue): PythonValue {
  if (operator === "+" && typeof left === "string" && typeof right === "string") return left + right;
  if (operator === "+" && left instanceof Uint8Array && right instanceof Uint8Array) {
    return Uint8Array.from([...left, ...right]);
  }
  const [text, times] = asNumber(left) === undefined ? [left, asNumber(right)] : [right, asNumber(left)];
  if (operator !== "*" || typeof times !== "bigint" || typeof text === "boolean" || typeof text === "number") {
    throw new PythonRefusal(`${operator} does not work on text`);
  }
  const length = typeof text === "string" || text instanceof Uint8Array ? text.length : 0;
  if (times * BigInt(length) > MAX_TEXT) throw new PythonRefusal("The repeated text is too long");
  const count = times < 0n ? 0 : Number(times);
  if (typeof text === "string") return text.repeat(count);
  return Uint8Array.from(Array.from({ length: count }, () => [...(text as Uint8Array)]).flat());
}

function wholeBinary(operator: BinaryOperator, a: bigint, b: bigint): bigint | number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return trueQuotient(a, b);
    case "//":
      return (a - floorRemainder(a, b)) / b;
    case "%":
      return floorRemainder(a, b);
    case "**":
      return wholePower(a, b);
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    default:
      if (b < 0n) throw new PythonRefusal("A shift by a negative number of bits");
      if (operator === ">>") return b > MAX_BITS ? (a < 0n ? -1n : 0n) : a >> b;
      if (b > MAX_BITS) throw new PythonRefusal("The number is too large");
      return a << b;
  }
}

function floorRemainder(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new PythonRefusal("Division by zero");
  const remainder = a % b;
  return remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder;
}

function trueQuotient(a: bigint, b: bigint): number {
  if (b === 0n) throw new PythonRefusal("Division by zero");
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isFinite(x) || !Number.isFinite(y) || BigInt(x) !== a || BigInt(y) !== b) {
    throw new PythonRefusal("Whole numbers of more than 53 bits cannot be divided exactly; write the quotient");
  }
  return x / y;
}

function wholePower(a: bigint, b: bigint): bigint | number {
  if (b < 0n) return floatBinary("**", toFloat(a), toFloat(b));
  const bits = BigInt(a.toString(2).length);
  if (a !== 0n && a !== 1n && a !== -1n && bits * b > MAX_BITS) throw new PythonRefusal("The number is too large");
  if (a === -1n) return b % 2n === 0n ? 1n : -1n;
  return a === 1n ? 1n : a ** b;
}

function floatBinary(operator: BinaryOperator, a: number, b: number): number {
  if (b === 0 && (operator === "/" || operator === "//" || operator === "%")) {
    throw new PythonRefusal("Division by zero");
  }
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return floorQuotient(a, b);
    case "%":
      return floatRemainder(a, b);
    case "**":
      return floatPower(a, b);
    default:
      throw new PythonRefusal(`${operator} needs whole numbers or conditions on both sides`);
  }
}

function floatRemainder(a: number, b: number): number {
  const remainder = a % b;
  if (remainder === 0) return b < 0 ? -0 : 0;
  return remainder < 0 !== b < 0 ? remainder + b : remainder;
}

function floorQuotient(a: number, b: number): number {
  const remainder = a % b;
  const quotient = (a - remainder) / b - (remainder !== 0 && remainder < 0 !== b < 0 ? 1 : 0);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function floatPower(a: number, b: number): number {
  if (a === 0 && b < 0) throw new PythonRefusal("Division by zero");
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) {
    throw new PythonRefusal("The power is a complex number");
  }
  if (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY)) return 1;
  const power = a ** b;
  if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new PythonRefusal("The number is too large");
  }
  return power;
}

function toFloat(value: bigint | number): number {
  const float = Number(value);
  if (typeof value === "bigint" && !Number.isFinite(float)) throw new PythonRefusal("The number is too large");
  return float;
}

function limited(value: bigint | number): bigint | number {
  if (typeof value === "bigint" && value.toString(2).length > MAX_BITS + 1) {
    throw new PythonRefusal("The number is too large");
  }
  return value;
}

export function pythonCompare(operator: ComparisonOperator, left: PythonValue, right: PythonValue): boolean {
  const order = pythonOrder(left, right);
  if (operator === "==") return order === 0;
  if (operator === "!=") return order !== 0;
  if (order === undefined) {
    if (asNumber(left) !== undefined && asNumber(right) !== undefined) return false;
    throw new PythonRefusal("Text and numbers have no order among each other");
  }
  return { "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0 }[operator];
}

/** Less than, equal to or greater than 0; undefined where the two have no order. */
function pythonOrder(left: PythonValue, right: PythonValue): number | undefined {
  const a = asNumber(left);
  const b = asNumber(right);
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : a <= b ? 0 : undefined;
  if (typeof left === "string" && typeof right === "string") return compareLists(codePoints(left), codePoints(right));
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareLists([...left], [...right]);
  return undefined;
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = a[index]! - b[index]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function codePoints(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}
