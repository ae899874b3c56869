/** The functions of numexpr 2.14 (`numexpr/expressions.py`) as far as conditions can use them. */
import type { Kind } from "./kinds.js";

export interface ConditionFunction {
  /** Name of its operation in the signature table. */
  readonly operation: string;
  readonly arity: number;
  /** Kind the result is raised to if its operands are of a lower one. */
  readonly least?: Kind;
  /** Kind the result is lowered to. */
  readonly most?: Kind;
  /** Whole numbers give whole numbers; other functions turn them into float64. */
  readonly keepsIntegers?: true;
  /** Kind of the result whatever the operands are. */
  readonly result?: Kind;
}

function group(names: string, shape: Omit<ConditionFunction, "operation">): [string, ConditionFunction][] {
  return names.split(" ").map((name) => [name, { operation: name, ...shape }]);
}

const FUNCTIONS: ReadonlyMap<string, ConditionFunction> = new Map<string, ConditionFunction>([
  ...group("sqrt sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh", {
    arity: 1,
    least: "float",
  }),
  ...group("log log1p log10 log2 exp expm1", { arity: 1, least: "float" }),
  ["abs", { operation: "absolute", arity: 1, least: "float" }],
  ...group("ceil floor", { arity: 1, least: "float", most: "double" }),
  ...group("trunc", { arity: 1, least: "double" }),
  ...group("round sign", { arity: 1, least: "double", keepsIntegers: true }),
  ...group("copy ones_like", { arity: 1, keepsIntegers: true }),
  ...group("isnan isfinite isinf signbit", { arity: 1, least: "double", result: "bool" }),
  ...group("fmod arctan2", { arity: 2, least: "float" }),
  ...group("hypot nextafter copysign maximum minimum", { arity: 2, least: "double" }),
  ...group("contains", { arity: 2, result: "bool" }),
  ...group("where", { arity: 3 }),
]);

const REDUCTIONS: ReadonlySet<string> = new Set(["sum", "prod", "min", "max"]);
const COMPLEX_FUNCTIONS: ReadonlySet<string> = new Set(["real", "imag", "complex", "conj"]);

export function conditionFunction(name: string): ConditionFunction | undefined {
  return FUNCTIONS.get(name);
}

/** Whether numexpr keeps a name for a function; no column or variable is found under it. */
export function isFunctionName(name: string): boolean {
  return FUNCTIONS.has(name) || REDUCTIONS.has(name) || COMPLEX_FUNCTIONS.has(name);
}

/** Why a function of numexpr cannot be used in a condition, or undefined for all other names. */
export function whyNoConditionFunction(name: string): string | undefined {
  if (REDUCTIONS.has(name)) return `${name}() works on a whole column; a condition looks at one row at a time`;
  if (COMPLEX_FUNCTIONS.has(name)) return `${name}() is for complex numbers; no column holds any`;
  return undefined;
}

export function functionNames(): Iterable<string> {
  return FUNCTIONS.keys();
}
