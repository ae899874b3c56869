/** Functions of constants, which numexpr works out with numpy (2.x) while it reads a condition. */
import { fitsInt64 } from "../../columns/int64.js";
import { roundToFloat16 } from "../evaluate/float-bits.js";
import { BINARY_FUNCTIONS, TESTS, UNARY_FUNCTIONS } from "../evaluate/real-functions.js";
import type { Kind } from "./kinds.js";
import { PythonRefusal, type PythonValue } from "./python-values.js";

export interface FoldedConstant {
  readonly kind: Kind;
  readonly value: boolean | bigint | number;
}

const ABS: Record<string, string> = { abs: "absolute" };

/** Functions that give whole numbers for whole numbers. */
const WHOLE_FUNCTIONS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  abs: (a) => (a < 0n ? -a : a),
  ceil: (a) => a,
  floor: (a) => a,
  trunc: (a) => a,
  round: (a) => a,
  sign: (a) => (a > 0n ? 1n : a < 0n ? -1n : 0n),
  fmod: (a, b) => (b === 0n ? 0n : a % b),
  maximum: (a, b) => (b > a ? b : a),
  minimum: (a, b) => (b < a ? b : a),
};

/** Functions that give truth values for truth values. */
const TRUTH_FUNCTIONS: ReadonlySet<string> = new Set(["abs", "ceil", "floor", "trunc", "maximum", "minimum"]);
const NOT_OF_TRUTH: ReadonlySet<string> = new Set(["sign", "fmod", "nextafter"]);

/** @throws PythonRefusal for text, whole numbers of more than 64 bits, and `copy` and `ones_like` */
export function foldFunction(name: string, values: readonly PythonValue[]): FoldedConstant {
  if (values.some((value) => typeof value === "string" || value instanceof Uint8Array)) {
    throw new PythonRefusal(`${name}() works on numbers, not on text`);
  }
  if (name === "copy" || name === "ones_like") throw new PythonRefusal(`${name}() does not work on a constant`);
  if (values.every((value) => typeof value === "boolean")) return foldTruth(name, values);
  const numbers = values.map((value) => (typeof value === "boolean" ? BigInt(value) : value)) as (bigint | number)[];
  for (const value of numbers) {
    if (typeof value === "bigint" && !fitsInt64(value)) {
      throw new PythonRefusal(`${value} does not fit into 64 bits`);
    }
  }
  const whole = WHOLE_FUNCTIONS[name];
  if (whole && numbers.every((value) => typeof value === "bigint")) {
    const [a, b] = numbers as bigint[];
    return { kind: "long", value: BigInt.asIntN(64, whole(a!, b ?? 0n)) };
  }
  return foldReal(name, numbers.map(Number));
}

function foldReal(name: string, [x, y]: readonly number[]): FoldedConstant {
  const test = TESTS[name];
  if (test) return { kind: "bool", value: test(x!) };
  const unary = UNARY_FUNCTIONS[ABS[name] ?? name];
  return { kind: "double", value: unary ? unary(x!) : BINARY_FUNCTIONS[name]!(x!, y!) };
}

/** Of truth values numpy makes float16, which numexpr takes for float32. */
function foldTruth(name: string, values: readonly boolean[]): FoldedConstant {
  if (NOT_OF_TRUTH.has(name)) throw new PythonRefusal(`${name}() does not work on True or False`);
  const result = foldReal(name, values.map(Number));
  if (TRUTH_FUNCTIONS.has(name)) return { kind: "bool", value: result.value !== 0 };
  return result.kind === "bool" ? result : { kind: "float", value: roundToFloat16(result.value as number) };
}
