/** Arithmetic on constants of which one at least was given by a function, hence is of one of numpy's types (2.x). */
import { fitsInt64 } from "../../columns/int64.js";
import type { BinaryOperator, ComparisonOperator } from "../grammar/condition.js";
import type { ConstantExpression } from "./expression.js";
import type { FoldedConstant } from "./fold-function.js";
import { PythonRefusal, pythonBinary, pythonCompare } from "./python-values.js";

type Constant = Pick<ConstantExpression, "kind" | "value">;

export function numpyUnary(operator: "-" | "~", { kind, value }: Constant): FoldedConstant {
  if (operator === "~" && typeof value === "boolean") return { kind, value: !value };
  if (operator === "~" && typeof value === "bigint") return { kind, value: ~value };
  if (operator === "-" && typeof value === "number") return { kind, value: -value };
  if (operator === "-" && typeof value === "bigint") return { kind, value: BigInt.asIntN(64, -value) };
  throw new PythonRefusal(
    `${operator} does not work on ${typeof value === "boolean" ? "true or false" : "this number"}`,
  );
}

/** Undefined where numpy would use types of its own that conditions otherwise do not know (float16, int8). */
export function numpyBinary(operator: BinaryOperator, a: Constant, b: Constant): FoldedConstant | undefined {
  if (a.kind === "text" || b.kind === "text" || a.kind === "float" || b.kind === "float") return undefined;
  if (typeof a.value === "boolean" && typeof b.value === "boolean") return truthBinary(operator, a.value, b.value);
  if (typeof a.value === "number" || typeof b.value === "number") {
    return { kind: "double", value: doubleBinary(operator, Number(a.value), Number(b.value)) };
  }
  return { kind: "long", value: longBinary(operator, int64(a.value), int64(b.value)) };
}

export function numpyCompare(operator: ComparisonOperator, a: Constant, b: Constant): FoldedConstant | undefined {
  if (a.kind === "text" || b.kind === "text") return undefined;
  return { kind: "bool", value: pythonCompare(operator, a.value, b.value) };
}

function truthBinary(operator: BinaryOperator, a: boolean, b: boolean): FoldedConstant | undefined {
  if (operator === "&" || operator === "*") return { kind: "bool", value: a && b };
  if (operator === "|" || operator === "+") return { kind: "bool", value: a || b };
  if (operator === "^") return { kind: "bool", value: a !== b };
  if (operator === "-") throw new PythonRefusal("- does not work on true or false");
  return undefined;
}

function doubleBinary(operator: BinaryOperator, a: number, b: number): number {
  if (operator === "//" && b === 0) return a / b;
  if (operator === "%" && b === 0) return Number.NaN;
  if (operator === "**") return a === 1 ? 1 : a ** b;
  return pythonBinary(operator, a, b) as number;
}

function longBinary(operator: BinaryOperator, a: bigint, b: bigint): bigint {
  if ((operator === "//" || operator === "%") && b === 0n) return 0n;
  if (operator === "<<" || operator === ">>") {
    if (b >= 0n && b < 64n) return BigInt.asIntN(64, operator === "<<" ? a << b : a >> b);
    return operator === ">>" && a < 0n ? -1n : 0n;
  }
  if (operator === "**" && b < 0n) throw new PythonRefusal("Whole numbers have no negative powers");
  return BigInt.asIntN(64, pythonBinary(operator, a, b) as bigint);
}

function int64(value: Constant["value"]): bigint {
  const whole = BigInt(value as bigint | boolean);
  if (fitsInt64(whole)) return whole;
  throw new PythonRefusal(`${whole} does not fit into 64 bits`);
}
