/** Turns the syntax tree into the expression that Python's evaluation would hand to numexpr. */

import { nearestName } from "../../flow/nearest-name.js";
import type {
  BinaryNode,
  CallNode,
  ComparisonNode,
  ComparisonOperator,
  Condition,
  ConditionNode,
  NameNode,
  UnaryNode,
} from "../grammar/condition.js";
import { conditionError } from "../grammar/condition-error.js";
import type { Span } from "../grammar/span.js";
import { constantOf, foldBinary, foldCall, foldComparison, foldUnary } from "./constants.js";
import type { ConstantExpression, Expression, InputExpression } from "./expression.js";
import { conditionFunction, functionNames, whyNoConditionFunction } from "./functions.js";
import { commonKind, isWhole, type Kind, kindRank } from "./kinds.js";
import { isTrue, PythonRefusal, type PythonValue, pythonBinary, pythonCompare, pythonUnary } from "./python-values.js";

/** A constant Python still holds itself; it becomes a constant of numexpr when it meets an expression. */
export interface Literal extends Span {
  readonly type: "literal";
  readonly value: PythonValue;
}
type Value = Literal | Expression;
type Pair = readonly [Expression, Expression];

/** What a name stands for; a {@link Literal} for text given as a variable. */
export type ResolveName = (node: NameNode) => InputExpression | Literal;

const OPERATIONS: Record<string, string> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "//": "floordiv",
  "%": "mod",
  "<<": "lshift",
  ">>": "rshift",
  "&": "and",
  "|": "or",
  "^": "xor",
};
/** Operators numexpr's objects do not answer when a bare constant stands on the left. */
const NOT_AFTER_CONSTANT: ReadonlySet<string> = new Set(["//", "&", "|", "^"]);

/** @throws ConditionError `CONDITION_SYNTAX`, `CONDITION_NAME` or `CONDITION_TYPE` */
export function buildExpression(condition: Condition, resolve: ResolveName): Expression {
  return asExpression(new Builder(condition.text, resolve).value(condition.root));
}

class Builder {
  readonly #text: string;
  readonly #resolve: ResolveName;

  constructor(text: string, resolve: ResolveName) {
    this.#text = text;
    this.#resolve = resolve;
  }

  value(node: ConditionNode): Value {
    switch (node.type) {
      case "name":
        return this.#resolve(node);
      case "unary":
        return this.#unary(node);
      case "binary":
        return this.#binary(node);
      case "comparison":
        return this.#comparison(node);
      case "logical": {
        const left = this.value(node.left);
        if (left.type !== "literal") throw this.#wordOperator(node, node.operator);
        return isTrue(left.value) === (node.operator === "and") ? this.value(node.right) : left;
      }
      case "call":
        return this.#call(node);
      default:
        return literal(node.value, node);
    }
  }

  #fail(span: Span, message: string): Error {
    return conditionError("CONDITION_TYPE", this.#text, span, message);
  }

  /** Works out constants, Python's refusals becoming errors at `span`. */
  #fold<T>(span: Span, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof PythonRefusal)) throw error;
      throw this.#fail(span, error.message);
    }
  }

  #wordOperator(span: Span, word: "and" | "or" | "not"): Error {
    const advice = {
      and: "“and” does not work on columns; write (a) & (b), with brackets around both sides",
      or: "“or” does not work on columns; write (a) | (b), with brackets around both sides",
      not: "“not” does not work on columns; write ~(a), with brackets around what is negated",
    };
    return this.#fail(span, advice[word]);
  }

  #operation(span: Span, operation: string, symbol: string, operands: readonly Expression[], given?: Kind): Expression {
    const kind = given ?? commonKind(operands.map((operand) => operand.kind));
    if (kind === undefined) throw this.#fail(span, `${symbol} cannot combine text with anything but text`);
    const logical = kind === "bool" ? ({ mul: "and", add: "or" }[operation] ?? operation) : operation;
    return { type: "operation", operation: logical, symbol, kind, operands, start: span.start, end: span.end };
  }

  #unary(node: UnaryNode): Value {
    const operand = this.value(node.operand);
    const { operator } = node;
    if (operand.type === "literal")
      return literal(
        this.#fold(node, () => pythonUnary(operator, operand.value)),
        node,
      );
    if (operand.type === "constant" && (operator === "-" || operator === "~")) {
      return this.#fold(node, () => foldUnary(operator, operand, node));
    }
    if (operator === "not") throw this.#wordOperator(node, "not");
    if (operator === "+") return operand;
    return this.#operation(node, operator === "-" ? "neg" : "invert", operator, [operand]);
  }

  #binary(node: BinaryNode): Value {
    const left = this.value(node.left);
    const right = this.value(node.right);
    const { operator } = node;
    if (left.type === "literal" && right.type === "literal") {
      return literal(
        this.#fold(node, () => pythonBinary(operator, left.value, right.value)),
        node,
      );
    }
    if (left.type === "literal" && NOT_AFTER_CONSTANT.has(operator)) throw this.#constantFirst(node);
    const operands: Pair = [asExpression(left), asExpression(right)];
    const folds = operator !== "/" && (operator !== "**" || left.type === "literal");
    const folded = folds && this.#fold(node, () => foldBinary(operator, operands, node));
    if (folded) return folded;
    if (operator === "**") return this.#power(node, left, operands);
    if (operator !== "/") return this.#operation(node, OPERATIONS[operator]!, operator, operands);
    const kind = commonKind(operands.map((operand) => operand.kind));
    const quotient = kind === undefined || kind === "text" || kind === "float" ? kind : "double";
    return this.#operation(node, "div", operator, operands, quotient);
  }

  #constantFirst(node: BinaryNode): Error {
    const { operator } = node;
    if (operator === "//") return this.#fail(node.left, "A constant cannot stand before //; use floor(a / b)");
    const advice = `a constant cannot stand before ${operator}`;
    const brackets = `comparisons need brackets on both sides of ${operator}: (a > 1) ${operator} (b < 2)`;
    return this.#fail(node, `${operator} binds more tightly than comparisons, and ${advice}; ${brackets}`);
  }

  #power(node: BinaryNode, left: Value, operands: Pair): Expression {
    const [base, exponent] = operands;
    const whole = isWhole(base.kind) && isWhole(exponent.kind);
    if (left.type !== "literal" && whole && exponent.type === "constant" && (exponent.value as bigint) < 0n) {
      throw this.#fail(node, "Whole numbers have no negative powers; write the exponent with a point: ** -1.0");
    }
    return this.#operation(node, "pow", "**", [base, exponent]);
  }

  #comparison(node: ComparisonNode): Value {
    let left = this.value(node.operands[0]!);
    let result: Value = left;
    for (const [index, operator] of node.operators.entries()) {
      if (index > 0 && result.type !== "literal") throw this.#chained(node);
      if (index > 0 && !isTrue((result as Literal).value)) return result;
      const right = this.value(node.operands[index + 1]!);
      const span = { start: node.operands[index]!.start, end: node.operands[index + 1]!.end };
      result = this.#compare(node.operators.length === 1 ? node : span, operator, left, right);
      left = right;
    }
    return result;
  }

  #chained(node: ComparisonNode): Error {
    const loose = node.operands.find((operand) => operand.type === "binary" && /[&|^]/.test(operand.operator));
    if (loose?.type === "binary" && !loose.bracketed) {
      const { operator } = loose;
      const advice = `${operator} binds more tightly than comparisons; put brackets around each comparison`;
      return this.#fail(node, `${advice}: (a > 1) ${operator} (b < 2)`);
    }
    return this.#fail(node, "Comparisons cannot be chained; write (a < b) & (b < c)");
  }

  #compare(span: Span, symbol: ComparisonOperator, left: Value, right: Value): Value {
    if (left.type === "literal" && right.type === "literal") {
      return literal(
        this.#fold(span, () => pythonCompare(symbol, left.value, right.value)),
        span,
      );
    }
    const operands: Pair = [asExpression(left), asExpression(right)];
    const folded = this.#fold(span, () => foldComparison(symbol, operands, span));
    if (folded) return folded;
    const turned = symbol === "<" || symbol === "<=" ? operands.toReversed() : operands;
    const operation = { "<": "gt", ">": "gt", "<=": "ge", ">=": "ge", "==": "eq", "!=": "ne" }[symbol];
    return this.#operation(span, operation, symbol, turned, "bool");
  }

  #call(node: CallNode): Value {
    const { name } = node;
    const known = conditionFunction(name);
    if (!known) throw this.#noSuchFunction(node);
    if (node.operands.length !== known.arity) {
      const wanted = known.arity === 1 ? "one operand" : `${known.arity} operands`;
      throw this.#fail(node, `${name}() takes ${wanted}, not ${node.operands.length}`);
    }
    const operands = node.operands.map((operand) => asExpression(this.value(operand)));
    const [first, ...rest] = operands as [Expression, ...Expression[]];
    if (name === "where" && first.type === "constant") return isTrue(first.value) ? rest[0]! : rest[1]!;
    if (name === "where" || name === "contains") return this.#operation(node, name, name, operands, known.result);
    if (operands.every((operand) => operand.type === "constant")) {
      return this.#fold(node, () => foldCall(name, operands as ConstantExpression[], node));
    }
    const kind = commonKind(operands.map((operand) => operand.kind));
    if (kind === undefined || kind === "text") {
      const text = operands.find((operand) => operand.kind === "text")!;
      throw this.#fail(text, `${name}() works on numbers, not on text`);
    }
    return this.#operation(node, known.operation, name, operands, known.result ?? resultKind(known, kind));
  }

  #noSuchFunction({ name, nameSpan }: CallNode): Error {
    const near = nearestName(name, functionNames());
    const reason =
      whyNoConditionFunction(name) ?? `There is no function ${name}()${near ? `; did you mean ${near}()?` : ""}`;
    const code = whyNoConditionFunction(name) ? "CONDITION_TYPE" : "CONDITION_NAME";
    return conditionError(code, this.#text, nameSpan, reason);
  }
}

/** The kind numexpr gives a function of operands whose common kind is `kind`. */
function resultKind(called: { least?: Kind; most?: Kind; keepsIntegers?: true }, kind: Kind): Kind {
  if (isWhole(kind)) return called.keepsIntegers ? kind : "double";
  if (called.least && kindRank(called.least) > kindRank(kind)) return called.least;
  if (called.most && kindRank(called.most) < kindRank(kind)) return called.most;
  return kind;
}

function literal(value: PythonValue, { start, end }: Span): Literal {
  return { type: "literal", value, start, end };
}

function asExpression(value: Value): Expression {
  return value.type === "literal" ? constantOf(value.value, value) : value;
}
