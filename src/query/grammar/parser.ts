/** Parses conditions: Python's expression grammar without what numexpr cannot evaluate. */
import {
  type BinaryOperator,
  type ComparisonOperator,
  type Condition,
  type ConditionNode,
  conditionChildren,
} from "./condition.js";
import { conditionError } from "./condition-error.js";
import { isOperatorWord } from "./names.js";
import type { Span } from "./span.js";
import { endsOperand, syntaxAdvice } from "./syntax-advice.js";
import { type Token, tokenize } from "./tokens.js";

/** Python's own limit on brackets within brackets. */
const MAX_BRACKETS = 200;
/**
 * Operations within operations. numexpr walks its tree by recursion and fails at Python's limit of 1,000 calls, two a
 * level, of which a server has used some.
 */
export const MAX_DEPTH = 480;

const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", "==", "!=", ">=", ">"]);
/** Binding strength of the binary operators, loosest first; all group from the left. */
const PRECEDENCE: Record<string, number> = {
  "|": 1,
  "^": 2,
  "&": 3,
  "<<": 4,
  ">>": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "//": 6,
  "%": 6,
};

/**
 * Reads a condition. Only its form is looked at: whether its names exist and its operands fit is told by
 * `checkCondition`.
 * @throws ConditionError `CONDITION_SYNTAX`, with the place at fault
 *
 * @example
 * ```ts
 * parseCondition("(area > 20) & (label == 'Nucleus')");
 * ```
 */
export function parseCondition(text: string): Condition {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #significant: readonly Token[];
  #index = 0;
  #brackets: Token[] = [];
  #recursion = 0;
  /** Operations above the leaves of a node. */
  readonly #depths = new WeakMap<ConditionNode, number>();
  /** Where bracketed nodes lie, brackets included. */
  readonly #extents = new WeakMap<ConditionNode, Span>();

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
    this.#significant = this.#tokens.filter((token) => token.type !== "comment" && token.type !== "line-break");
  }

  parse(): Condition {
    if (this.#significant.length === 1) throw this.#fail({ start: 0, end: 0 }, "The condition is empty");
    const root = this.#expression();
    if (this.#next.type !== "end") throw this.#unexpected();
    return { text: this.#text, root, tokens: this.#tokens };
  }

  get #next(): Token {
    return this.#significant[this.#index]!;
  }

  #fail(span: Span, message: string): Error {
    return conditionError("CONDITION_SYNTAX", this.#text, span, message);
  }

  #isNext(...values: string[]): boolean {
    const token = this.#next;
    return (token.type === "operator" || token.type === "name") && values.includes(token.value);
  }

  #take(): Token {
    return this.#significant[this.#index++]!;
  }

  /** Runs `parse` one level deeper; keeps hostile input from exhausting the stack. */
  #deeper(parse: () => ConditionNode): ConditionNode {
    if (++this.#recursion > MAX_DEPTH + MAX_BRACKETS) throw this.#tooDeep(this.#next);
    const node = parse();
    this.#recursion--;
    return node;
  }

  #made(node: ConditionNode): ConditionNode {
    let depth = 1;
    for (const child of conditionChildren(node)) depth = Math.max(depth, 1 + (this.#depths.get(child) ?? 0));
    if (depth > MAX_DEPTH) throw this.#tooDeep(node);
    this.#depths.set(node, depth);
    return node;
  }

  /** The piece of text from one operand to another, their brackets included. */
  #between(first: ConditionNode, last: ConditionNode): Span {
    return { start: (this.#extents.get(first) ?? first).start, end: (this.#extents.get(last) ?? last).end };
  }

  #tooDeep(span: Span): Error {
    const advice = "group long chains with brackets, (a | b) | (c | d), or ask in several conditions";
    return this.#fail(span, `More than ${MAX_DEPTH} operations are nested; ${advice}`);
  }

  #expression(): ConditionNode {
    return this.#logical("or", () => this.#logical("and", () => this.#negation()));
  }

  #logical(operator: "and" | "or", operand: () => ConditionNode): ConditionNode {
    let left = operand();
    while (this.#isNext(operator)) {
      this.#take();
      const right = operand();
      left = this.#made({ type: "logical", operator, left, right, ...this.#between(left, right), bracketed: false });
    }
    return left;
  }

  #negation(): ConditionNode {
    if (!this.#isNext("not")) return this.#comparison();
    const { start } = this.#take();
    const operand = this.#deeper(() => this.#negation());
    return this.#made({
      type: "unary",
      operator: "not",
      operand,
      start,
      end: this.#between(operand, operand).end,
      bracketed: false,
    });
  }

  #comparison(): ConditionNode {
    const first = this.#binary(1);
    const operators: ComparisonOperator[] = [];
    const operands = [first];
    while (this.#next.type === "operator" && COMPARISONS.has(this.#next.value)) {
      operators.push((this.#take() as Token & { value: ComparisonOperator }).value);
      operands.push(this.#binary(1));
    }
    if (operators.length === 0) return first;
    const span = this.#between(first, operands.at(-1)!);
    return this.#made({ type: "comparison", operators, operands, ...span, bracketed: false });
  }

  #binary(least: number): ConditionNode {
    let left = this.#signed();
    for (;;) {
      const token = this.#next;
      const strength = token.type === "operator" ? (PRECEDENCE[token.value] ?? 0) : 0;
      if (strength < least) return left;
      const operator = (this.#take() as Token & { value: BinaryOperator }).value;
      const right = this.#binary(strength + 1);
      left = this.#made({ type: "binary", operator, left, right, ...this.#between(left, right), bracketed: false });
    }
  }

  #signed(): ConditionNode {
    if (!this.#isNext("+", "-", "~")) return this.#power();
    const sign = this.#take() as Token & { value: "+" | "-" | "~" };
    const operand = this.#deeper(() => this.#signed());
    const { start } = sign;
    return this.#made({
      type: "unary",
      operator: sign.value,
      operand,
      start,
      end: this.#between(operand, operand).end,
      bracketed: false,
    });
  }

  #power(): ConditionNode {
    const left = this.#atom();
    if (!this.#isNext("**")) return left;
    this.#take();
    const right = this.#deeper(() => this.#signed());
    const span = this.#between(left, right);
    return this.#made({ type: "binary", operator: "**", left, right, ...span, bracketed: false });
  }

  #atom(): ConditionNode {
    const token = this.#next;
    const { start, end } = token;
    switch (token.type) {
      case "number":
        this.#take();
        return { type: "number", value: token.value, start, end, bracketed: false };
      case "text":
      case "bytes":
        return this.#literal();
      case "quoted-name":
        this.#take();
        return { type: "name", name: token.value, quoted: true, start, end, bracketed: false };
      case "name":
        return this.#word(token.value);
      case "operator":
        if (token.value === "(") return this.#bracketed();
        break;
    }
    throw this.#unexpected();
  }

  /** One text literal, or several in a row, which are one text. */
  #literal(): ConditionNode {
    const first = this.#take() as Token & { type: "text" | "bytes" };
    let { end } = first;
    const parts: (string | Uint8Array)[] = [first.value];
    for (let token = this.#next; token.type === "text" || token.type === "bytes"; token = this.#next) {
      if (token.type !== first.type) throw this.#fail(token, "Text and bytes literals cannot be joined");
      parts.push(token.value);
      end = this.#take().end;
    }
    const span = { start: first.start, end, bracketed: false };
    if (first.type === "text") return { type: "text", value: parts.join(""), ...span };
    return { type: "bytes", value: Uint8Array.from(parts.flatMap((part) => [...(part as Uint8Array)])), ...span };
  }

  #word(name: string): ConditionNode {
    const token = this.#next;
    const { start, end } = token;
    if (name === "True" || name === "False") {
      this.#take();
      return { type: "boolean", value: name === "True", start, end, bracketed: false };
    }
    if (name === "None") throw this.#fail(token, "None is no value of a column; missing numbers: isnan(column)");
    if (isOperatorWord(name)) throw this.#unexpected();
    this.#take();
    if (!this.#isNext("(")) return { type: "name", name, quoted: false, start, end, bracketed: false };
    this.#open();
    const operands: ConditionNode[] = [];
    while (!this.#isNext(")")) {
      operands.push(this.#deeper(() => this.#expression()));
      if (!this.#isNext(",")) break;
      this.#take();
    }
    const close = this.#close();
    const nameSpan = { start, end };
    return this.#made({ type: "call", name, nameSpan, operands, start, end: close.end, bracketed: false });
  }

  #bracketed(): ConditionNode {
    const open = this.#open();
    if (this.#isNext(")")) throw this.#fail({ start: open.start, end: this.#next.end }, "There is nothing in brackets");
    const inner = this.#deeper(() => this.#expression());
    if (this.#isNext(","))
      throw this.#fail(this.#next, "Lists of values are not part of conditions; use | or builders");
    const close = this.#close();
    const node = { ...inner, bracketed: true };
    this.#depths.set(node, this.#depths.get(inner) ?? 0);
    this.#extents.set(node, { start: open.start, end: close.end });
    return node;
  }

  #open(): Token {
    const open = this.#take();
    this.#brackets.push(open);
    if (this.#brackets.length > MAX_BRACKETS) throw this.#fail(open, `More than ${MAX_BRACKETS} brackets are open`);
    return open;
  }

  #close(): Token {
    if (!this.#isNext(")")) throw this.#unexpected();
    this.#brackets.pop();
    return this.#take();
  }

  #unexpected(): Error {
    const token = this.#next;
    const open = this.#brackets.at(-1);
    const afterOperand = this.#index > 0 && endsOperand(this.#significant[this.#index - 1]!);
    if (token.type === "end") {
      if (open) return this.#fail(open, "This bracket is never closed");
      return this.#fail({ start: token.start, end: token.end }, "The condition ends where a value should follow");
    }
    const written = this.#text.slice(token.start, token.end);
    if (written === ")" && !open) return this.#fail(token, "This bracket was never opened");
    const advice = syntaxAdvice(token, written, afterOperand);
    const wanted = afterOperand ? "an operator" : "a value";
    return this.#fail(token, `Expected ${wanted}, found ${written}${advice ? `; ${advice}` : ""}`);
  }
}
