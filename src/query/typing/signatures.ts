/**
 * The operations numexpr 2.14 has, as the kinds they take and give (`numexpr/opcodes.hpp` and `functions.hpp`), those
 * for complex numbers and reductions left out. "bdd" reads: bool from two doubles.
 */
import { CODE_KINDS, KIND_CODES, type Kind } from "./kinds.js";

const NUMBERS = ["i", "l", "f", "d"];
const WHOLE = ["i", "l"];
const REAL = ["f", "d"];

function each(codes: readonly string[], shape: string): string[] {
  return codes.map((code) => shape.replaceAll("x", code));
}

const ORDERED = [...each(NUMBERS, "bxx"), "bss"];
const ARITHMETIC = each(NUMBERS, "xxx");
const BITS = ["bbb", ...each(WHOLE, "xxx")];
const UNARY_REAL = each(REAL, "xx");
const BINARY_REAL = each(REAL, "xxx");
const TESTS = each(REAL, "bx");

const SIGNATURES: Record<string, readonly string[]> = {
  copy: ["bb", ...each(NUMBERS, "xx")],
  ones_like: each(NUMBERS, "xx"),
  invert: ["bb", ...each(WHOLE, "xx")],
  and: BITS,
  or: BITS,
  xor: BITS,
  eq: ["bbb", ...ORDERED],
  ne: ["bbb", ...ORDERED],
  gt: ORDERED,
  ge: ORDERED,
  neg: each(NUMBERS, "xx"),
  add: ARITHMETIC,
  sub: ARITHMETIC,
  mul: ARITHMETIC,
  div: ARITHMETIC,
  pow: ARITHMETIC,
  mod: ARITHMETIC,
  floordiv: ARITHMETIC,
  lshift: each(WHOLE, "xxx"),
  rshift: each(WHOLE, "xxx"),
  where: ["bbbb", ...each(NUMBERS, "xbxx")],
  contains: ["bss"],
  ...Object.fromEntries(
    `sqrt sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh log log1p log10 log2 exp expm1
     absolute ceil floor trunc`
      .split(/\s+/)
      .map((name) => [name, UNARY_REAL]),
  ),
  round: each(NUMBERS, "xx"),
  sign: each(NUMBERS, "xx"),
  ...Object.fromEntries(
    "fmod arctan2 hypot nextafter copysign maximum minimum".split(" ").map((name) => [name, BINARY_REAL]),
  ),
  ...Object.fromEntries("isnan isfinite isinf signbit".split(" ").map((name) => [name, TESTS])),
};

/**
 * The kinds to which the operands of an operation are raised, given its result's kind: of the signatures the operands
 * can be raised to, the one that raises the first operand least, then the second, and so on. Text is never raised.
 */
export function operandKinds(operation: string, result: Kind, operands: readonly Kind[]): readonly Kind[] | undefined {
  const given = operands.map((kind) => KIND_CODES[kind]);
  const fitting = (SIGNATURES[operation] ?? [])
    .filter((signature) => signature[0] === KIND_CODES[result] && signature.length === operands.length + 1)
    .map((signature) => signature.slice(1))
    .filter((wanted) => given.every((code, index) => canRaise(code, wanted[index]!)));
  const best = fitting.sort(compareSignatures)[0];
  return best === undefined ? undefined : Array.from(best, (code) => CODE_KINDS[code]!);
}

const ORDER = "bilfd";

function canRaise(from: string, to: string): boolean {
  if (from === "s" || to === "s") return from === to;
  return ORDER.indexOf(from) <= ORDER.indexOf(to);
}

function compareSignatures(a: string, b: string): number {
  for (let index = 0; index < a.length; index++) {
    const difference = ORDER.indexOf(a[index]!) - ORDER.indexOf(b[index]!);
    if (difference !== 0) return difference;
  }
  return 0;
}
