/** Reads HQL expressions by recursive descent; the query around them is read by `parser.ts`. */
import type { ArithmeticOperator, HqlComparisonOperator, HqlExpression, HqlQuery, SelectItem } from "./syntax.js";
import { RESERVED_WORDS, TokenCursor } from "./token-cursor.js";
import type { HqlToken } from "./tokens.js";

const COMPARISONS = new Set(["=", "!=", "<>", "<", "<=", ">", ">="]);

export abstract class ExpressionParser extends TokenCursor {
  abstract query(): HqlQuery;

  expression(): HqlExpression {
    const operands = this.deeper(() => {
      const read = [this.#conjunction()];
      while (this.acceptWord("or")) read.push(this.#conjunction());
      return read;
    });
    return operands.length === 1 ? operands[0]! : { kind: "or", operands };
  }

  #conjunction(): HqlExpression {
    const operands = [this.#negation()];
    while (this.acceptWord("and")) operands.push(this.#negation());
    return operands.length === 1 ? operands[0]! : { kind: "and", operands };
  }

  #negation(): HqlExpression {
    let negations = 0;
    while (this.acceptWord("not")) negations++;
    const operand = this.#predicate();
    return negations % 2 === 1 ? { kind: "not", operand } : operand;
  }

  #predicate(): HqlExpression {
    if (this.acceptWord("exists")) return { kind: "exists", query: this.inBrackets(() => this.query()) };
    const left = this.#sum();
    const sign = this.token;
    if (sign.kind === "sign" && COMPARISONS.has(sign.text)) {
      this.skip();
      const operator = (sign.text === "<>" ? "!=" : sign.text) as HqlComparisonOperator;
      return { kind: "comparison", operator, left, right: this.#sum() };
    }
    if (this.acceptWord("is")) return this.#isPredicate(left);
    const negated = this.acceptWord("not");
    const predicate = this.#wordPredicate(left);
    if (predicate) return negated ? { kind: "not", operand: predicate } : predicate;
    if (negated) throw this.unexpected();
    return left;
  }

  #isPredicate(operand: HqlExpression): HqlExpression {
    const negated = this.acceptWord("not");
    const kind = this.acceptWord("empty") ? "isEmpty" : "isNull";
    if (kind === "isNull") this.expectWord("null");
    return negated ? { kind: "not", operand: { kind, operand } } : { kind, operand };
  }

  #wordPredicate(operand: HqlExpression): HqlExpression | undefined {
    for (const operator of ["like", "ilike"] as const) {
      if (this.acceptWord(operator)) return { kind: "comparison", operator, left: operand, right: this.#sum() };
    }
    if (this.acceptWord("in")) return { kind: "in", operand, list: this.#inList() };
    if (this.acceptWord("between")) {
      const low = this.#sum();
      this.expectWord("and");
      return { kind: "between", operand, low, high: this.#sum() };
    }
    return undefined;
  }

  #inList(): readonly HqlExpression[] | HqlQuery {
    if (this.token.kind === "parameter") return [this.#primary()];
    return this.inBrackets<readonly HqlExpression[] | HqlQuery>(() =>
      this.atQuery() ? this.query() : this.list(() => this.expression()),
    );
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
    return this.#leftAssociative(["+", "-"], () => this.#leftAssociative(["*", "/"], () => this.#signed()));
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
    return { kind: "arithmetic", operator: "-", left: { kind: "literal", value: 0n }, right: operand };
  }

  #primary(): HqlExpression {
    const token = this.token;
    switch (token.kind) {
      case "number":
        this.skip();
        return numberFrom(token.text);
      case "string":
        this.skip();
        return { kind: "literal", value: token.text };
      case "parameter":
        this.skip();
        return { kind: "parameter", name: token.text };
      case "word":
        return this.#word(token);
      default:
        if (!this.atSign("(")) throw this.unexpected();
        return this.inBrackets<HqlExpression>(() =>
          this.atQuery() ? { kind: "subquery", query: this.query() } : this.expression(),
        );
    }
  }

  #word(token: HqlToken): HqlExpression {
    const word = token.text.toLowerCase();
    const after = this.following;
    if (word === "new" && after?.text.toLowerCase() === "map") {
      this.skip(2);
      return { kind: "map", items: this.inBrackets(() => this.list(() => this.selectItem())) };
    }
    if (word === "new" && after?.text.toLowerCase() === "list") {
      this.skip(2);
      return { kind: "list", items: this.inBrackets(() => this.list(() => this.expression())) };
    }
    if (word === "case") return this.#case();
    if (word === "null" || word === "true" || word === "false") {
      this.skip();
      return { kind: "literal", value: word === "null" ? null : word === "true" };
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
      const star = this.acceptSign("*");
      const distinct = this.acceptWord("distinct");
      const args = star || this.atSign(")") ? [] : this.list(() => this.expression());
      return { kind: "call", name, arguments: args, distinct, star, position: token.position };
    });
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
    const branches: { condition: HqlExpression; result: HqlExpression }[] = [];
    while (this.acceptWord("when")) {
      const condition = this.expression();
      this.expectWord("then");
      branches.push({ condition, result: this.expression() });
    }
    if (branches.length === 0) throw this.unexpected();
    const otherwise: HqlExpression = this.acceptWord("else") ? this.expression() : { kind: "literal", value: null };
    this.expectWord("end");
    return { kind: "case", branches, otherwise };
  }

  protected selectItem(): SelectItem {
    return { expression: this.expression(), alias: this.alias() };
  }
}

function numberFrom(text: string): HqlExpression {
  const digits = text.replace(/[lLfFdD]$/, "");
  if (!/^\d+$/.test(digits) || /[fFdD]$/.test(text)) return { kind: "literal", value: Number(digits) };
  const value = BigInt(digits);
  return { kind: "literal", value, isInt: digits === text && value === BigInt.asIntN(32, value) };
}
