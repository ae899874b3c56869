/** Reads HQL expressions by recursive descent; the query around them is read by `parser.ts`. */
import type { ArithmeticOperator, HqlComparisonOperator, HqlExpression, HqlQuery, SelectItem } from "./syntax.js";
import { RESERVED_WORDS, TokenCursor } from "./token-cursor.js";
import type { HqlToken } from "./tokens.js";

const COMPARISONS: Readonly<Record<string, HqlComparisonOperator>> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  "^=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

export abstract class ExpressionParser extends TokenCursor {
  abstract query(): HqlQuery;

  expression(): HqlExpression {
    return this.deeper(() => this.#operands("or", () => this.#operands("and", () => this.#negation())));
  }

  /** Operands joined by a word; the last joint is where the whole of them stands. */
  #operands(kind: "and" | "or", operand: () => HqlExpression): HqlExpression {
    const operands = [operand()];
    let position = 0;
    while (this.atWord(kind)) {
      position = this.take().position;
      operands.push(operand());
    }
    return operands.length === 1 ? operands[0]! : { kind, operands, position };
  }

  #negation(): HqlExpression {
    let negations = 0;
    while (this.acceptWord("not")) negations++;
    const operand = this.#predicate();
    return negations % 2 === 1 ? { kind: "not", operand, isNegation: true } : operand;
  }

  #predicate(): HqlExpression {
    if (this.atWord("exists")) {
      const { position } = this.take();
      return { kind: "exists", query: this.inBrackets(() => this.query()), position };
    }
    const left = this.#sum();
    const operator = this.token.kind === "sign" ? COMPARISONS[this.token.text] : undefined;
    if (operator) {
      const { position } = this.take();
      const right = this.#compared();
      return withNull(operator, left, right) ?? { kind: "comparison", operator, left, right, position };
    }
    if (this.acceptWord("is")) return this.#isPredicate(left);
    const negated = this.acceptWord("not");
    const predicate = this.#wordPredicate(left);
    if (predicate) return negated ? { kind: "not", operand: predicate, isNegation: false } : predicate;
    if (negated) throw this.unexpected();
    return left;
  }

  /** What stands at the right of a comparison. */
  #compared(): HqlExpression {
    for (const word of ["any", "some", "all"]) {
      if (!this.atWord(word) || this.following?.text !== "(") continue;
      this.skip();
      return { kind: "quantified", isAll: word === "all", query: this.inBrackets(() => this.query()) };
    }
    return this.#sum();
  }

  #isPredicate(operand: HqlExpression): HqlExpression {
    const negated = this.acceptWord("not");
    const kind = this.acceptWord("empty") ? "isEmpty" : "isNull";
    if (kind === "isNull") this.expectWord("null");
    return negated ? { kind: "not", operand: { kind, operand }, isNegation: false } : { kind, operand };
  }

  #wordPredicate(operand: HqlExpression): HqlExpression | undefined {
    const { position } = this;
    if (this.acceptWord("like")) return this.#like(operand, position);
    if (this.acceptWord("in")) return { kind: "in", operand, list: this.#inList() };
    if (this.acceptWord("member")) {
      this.acceptWord("of");
      return { kind: "in", operand, list: [this.#primary()] };
    }
    if (this.acceptWord("between")) {
      const low = this.#sum();
      this.expectWord("and");
      return { kind: "between", operand, low, high: this.#sum() };
    }
    return undefined;
  }

  #like(left: HqlExpression, position: number): HqlExpression {
    const like = { kind: "comparison", operator: "like", left, right: this.#sum(), position } as const;
    return this.acceptWord("escape") ? { ...like, escape: this.#sum() } : like;
  }

  #inList(): readonly HqlExpression[] | HqlQuery {
    if (this.token.kind === "parameter" || this.atWord("elements")) return [this.#primary()];
    return this.inBrackets<readonly HqlExpression[] | HqlQuery>(() => {
      if (this.atQuery()) return this.query();
      return this.atSign(")") ? [] : this.list(() => this.expression());
    }, "CLOSE");
  }

  /** A sum, or texts joined by `||`. */
  #sum(): HqlExpression {
    const { position } = this;
    const texts = [this.#addition()];
    while (this.acceptSign("||")) texts.push(this.#addition());
    if (texts.length === 1) return texts[0]!;
    return { kind: "call", name: "concat", arguments: texts, distinct: false, star: false, position };
  }

  #addition(): HqlExpression {
    return this.#leftAssociative(["+", "-"], () => this.#leftAssociative(["*", "/", "%"], () => this.#signed()));
  }

  #leftAssociative(operators: readonly string[], operand: () => HqlExpression): HqlExpression {
    let left = operand();
    while (this.token.kind === "sign" && operators.includes(this.token.text)) {
      const operator = this.take().text as ArithmeticOperator;
      left = { kind: "arithmetic", operator, left, right: operand() };
    }
    return left;
  }

  #signed(): HqlExpression {
    let negative = false;
    for (;;) {
      if (this.acceptSign("-")) negative = !negative;
      else if (!this.acceptSign("+")) break;
    }
    const operand = this.#primary();
    if (!negative) return operand;
    return { kind: "arithmetic", operator: "-", left: { kind: "literal", value: 0n, type: "int" }, right: operand };
  }

  #primary(): HqlExpression {
    const { kind, text, position } = this.token;
    switch (kind) {
      case "number":
        this.skip();
        return numberFrom(text, position);
      case "string":
        this.skip();
        return { kind: "literal", value: text, position };
      case "parameter":
        this.skip();
        return { kind: "parameter", name: text, position };
      case "word":
        return this.#word(this.token);
      default:
        if (!this.atSign("(")) throw this.unexpected();
        return this.inBrackets(() => this.#bracketed());
    }
  }

  #bracketed(): HqlExpression {
    if (this.atQuery()) return { kind: "subquery", query: this.query() };
    const items = this.list(() => this.expression());
    return items.length === 1 ? items[0]! : { kind: "list", items };
  }

  #word(token: HqlToken): HqlExpression {
    const word = token.text.toLowerCase();
    const after = this.following;
    if (word === "case") return this.#case();
    if (word === "null" || word === "true" || word === "false") {
      this.skip();
      return { kind: "literal", value: word === "null" ? null : word === "true", position: token.position };
    }
    if (after?.kind === "sign" && after.text === "(" && !RESERVED_WORDS.has(word)) return this.#call(token);
    return { kind: "path", names: this.path(), position: token.position };
  }

  #call(token: HqlToken): HqlExpression {
    this.skip();
    const name = token.text.toLowerCase();
    if (name === "cast") return this.inBrackets(() => this.#cast(token));
    if (name === "extract") return this.inBrackets(() => this.#extract(token));
    return this.inBrackets<HqlExpression>(() => {
      if (name === "trim") this.#trimmedSigns();
      const star = this.acceptSign("*");
      const distinct = this.acceptWord("distinct");
      const args = star || this.atSign(")") ? [] : this.list(() => this.expression());
      return { kind: "call", name, arguments: args, distinct, star, position: token.position };
    }, "CLOSE");
  }

  /** `both ' ' from`, which is what is trimmed anyway. */
  #trimmedSigns(): void {
    if (!this.acceptWord("both")) return;
    if (this.token.kind === "string") this.skip();
    this.acceptWord("from");
  }

  #cast({ position }: HqlToken): HqlExpression {
    const operand = this.expression();
    this.expectWord("as");
    return { kind: "cast", operand, type: this.name().toLowerCase(), position };
  }

  #extract({ position }: HqlToken): HqlExpression {
    const field = this.name().toLowerCase();
    this.expectWord("from");
    return { kind: "extract", operand: this.expression(), field, position };
  }

  #case(): HqlExpression {
    this.expectWord("case");
    const subject = this.atWord("when") ? undefined : this.#sum();
    const branches: { condition: HqlExpression; result: HqlExpression }[] = [];
    while (this.atWord("when")) {
      const { position } = this.take();
      const read = this.expression();
      const condition: HqlExpression = subject
        ? { kind: "comparison", operator: "=", left: subject, right: read, position }
        : read;
      this.expectWord("then");
      branches.push({ condition, result: this.expression() });
    }
    if (branches.length === 0) throw this.unexpected();
    const otherwise: HqlExpression = this.acceptWord("else") ? this.expression() : { kind: "literal", value: null };
    this.expectWord("end");
    return { kind: "case", branches, otherwise };
  }

  protected selectItem(): SelectItem {
    const expression = this.expression();
    return { expression, alias: this.acceptWord("as") ? this.name() : undefined };
  }
}

/** `a = null` is `a is null`. */
function withNull(
  operator: HqlComparisonOperator,
  operand: HqlExpression,
  other: HqlExpression,
): HqlExpression | undefined {
  if (other.kind !== "literal" || other.value !== null) return undefined;
  if (operator === "=") return { kind: "isNull", operand };
  return operator === "!=" ? { kind: "not", operand: { kind: "isNull", operand }, isNegation: false } : undefined;
}

function numberFrom(text: string, position: number): HqlExpression {
  const digits = text.replace(/[lLfFdD]$/, "");
  if (!/^\d+$/.test(digits) || /[fFdD]$/.test(text)) {
    const value = Number(digits);
    return /[fF]$/.test(text)
      ? { kind: "literal", value, type: "float", position }
      : { kind: "literal", value, position };
  }
  const value = BigInt(digits);
  const isInt = digits === text && value === BigInt.asIntN(32, value);
  return isInt ? { kind: "literal", value, type: "int", position } : { kind: "literal", value, position };
}
