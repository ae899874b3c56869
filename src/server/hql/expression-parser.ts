/** Reads HQL expressions by recursive descent; the query around them is read by `parser.ts`. */
import {
  type ArithmeticOperator,
  type HqlComparisonOperator,
  HqlError,
  type HqlExpression,
  type HqlQuery,
  type SelectItem,
} from "./syntax.js";
import type { HqlToken } from "./tokens.js";

/** Deepest nesting of brackets, subqueries and negations read. */
export const MAXIMUM_DEPTH = 100;

const RESERVED = new Set(
  "select distinct from where group order by left right inner outer join fetch as on and or not in like ilike is null empty between exists case when then else end asc desc having member of escape new".split(
    " ",
  ),
);
const COMPARISONS = new Set(["=", "!=", "<>", "<", "<=", ">", ">="]);

export abstract class ExpressionParser {
  readonly #tokens: readonly HqlToken[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly HqlToken[]) {
    this.#tokens = tokens;
  }

  abstract query(): HqlQuery;

  protected get position(): number {
    return this.#token.position;
  }

  expectEnd(): void {
    if (this.#token.kind !== "end") throw this.#unexpected();
  }

  expression(): HqlExpression {
    if (++this.#depth > MAXIMUM_DEPTH) throw new HqlError(`Query nested deeper than ${MAXIMUM_DEPTH}`, this.position);
    const operands = [this.#conjunction()];
    while (this.acceptWord("or")) operands.push(this.#conjunction());
    this.#depth--;
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
    if (this.acceptWord("exists")) return { kind: "exists", query: this.#inBrackets(() => this.query()) };
    const left = this.#sum();
    const sign = this.#token;
    if (sign.kind === "sign" && COMPARISONS.has(sign.text)) {
      this.#next++;
      const operator = (sign.text === "<>" ? "!=" : sign.text) as HqlComparisonOperator;
      return { kind: "comparison", operator, left, right: this.#sum() };
    }
    if (this.acceptWord("is")) return this.#isPredicate(left);
    const negated = this.acceptWord("not");
    const predicate = this.#wordPredicate(left);
    if (predicate) return negated ? { kind: "not", operand: predicate } : predicate;
    if (negated) throw this.#unexpected();
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
    if (this.#token.kind === "parameter") return [this.#primary()];
    return this.#inBrackets<readonly HqlExpression[] | HqlQuery>(() =>
      this.#atQuery() ? this.query() : this.list(() => this.expression()),
    );
  }

  #sum(): HqlExpression {
    return this.#leftAssociative(["+", "-"], () => this.#leftAssociative(["*", "/"], () => this.#signed()));
  }

  #leftAssociative(operators: readonly string[], operand: () => HqlExpression): HqlExpression {
    let left = operand();
    while (this.#token.kind === "sign" && operators.includes(this.#token.text)) {
      const operator = this.#take().text as ArithmeticOperator;
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
    const token = this.#token;
    switch (token.kind) {
      case "number":
        this.#next++;
        return { kind: "literal", value: numberFrom(token.text) };
      case "string":
        this.#next++;
        return { kind: "literal", value: token.text };
      case "parameter":
        this.#next++;
        return { kind: "parameter", name: token.text };
      case "word":
        return this.#word(token);
      default:
        if (!this.#atSign("(")) throw this.#unexpected();
        return this.#inBrackets<HqlExpression>(() =>
          this.#atQuery() ? { kind: "subquery", query: this.query() } : this.expression(),
        );
    }
  }

  #word(token: HqlToken): HqlExpression {
    const word = token.text.toLowerCase();
    const after = this.#tokens[this.#next + 1];
    if (word === "new" && after?.text.toLowerCase() === "map") {
      this.#next += 2;
      return { kind: "map", items: this.#inBrackets(() => this.list(() => this.selectItem())) };
    }
    if (word === "case") return this.#case();
    if (word === "null" || word === "true" || word === "false") {
      this.#next++;
      return { kind: "literal", value: word === "null" ? null : word === "true" };
    }
    if (after?.kind === "sign" && after.text === "(" && !RESERVED.has(word)) return this.#call(token);
    return { kind: "path", names: this.path(), position: token.position };
  }

  #call(token: HqlToken): HqlExpression {
    this.#next++;
    const name = token.text.toLowerCase();
    return this.#inBrackets<HqlExpression>(() => {
      const star = this.acceptSign("*");
      const distinct = this.acceptWord("distinct");
      const args = star || this.#atSign(")") ? [] : this.list(() => this.expression());
      return { kind: "call", name, arguments: args, distinct, star, position: token.position };
    });
  }

  #case(): HqlExpression {
    this.expectWord("case");
    const branches: { condition: HqlExpression; result: HqlExpression }[] = [];
    while (this.acceptWord("when")) {
      const condition = this.expression();
      this.expectWord("then");
      branches.push({ condition, result: this.expression() });
    }
    if (branches.length === 0) throw this.#unexpected();
    const otherwise: HqlExpression = this.acceptWord("else") ? this.expression() : { kind: "literal", value: null };
    this.expectWord("end");
    return { kind: "case", branches, otherwise };
  }

  protected selectItem(): SelectItem {
    return { expression: this.expression(), alias: this.alias() };
  }

  /** `as name`, or a name that is no word of the language; otherwise nothing. */
  protected alias(): string | undefined {
    const named = this.acceptWord("as");
    const token = this.#token;
    if (token.kind === "word" && !RESERVED.has(token.text.toLowerCase())) return this.#take().text;
    if (named) throw this.#unexpected();
    return undefined;
  }

  protected path(): string[] {
    const names = [this.#name()];
    while (this.acceptSign(".")) names.push(this.#name(true));
    return names;
  }

  #name(afterDot = false): string {
    const token = this.#token;
    if (token.kind !== "word" || (!afterDot && RESERVED.has(token.text.toLowerCase()))) throw this.#unexpected();
    return this.#take().text;
  }

  protected list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptSign(",")) items.push(item());
    return items;
  }

  protected atJoin(): boolean {
    return ["left", "inner", "join"].some((word) => this.#atWord(word));
  }

  protected acceptWord(word: string): boolean {
    if (!this.#atWord(word)) return false;
    this.#next++;
    return true;
  }

  protected acceptWords(first: string, second: string): boolean {
    if (!this.#atWord(first)) return false;
    this.#next++;
    this.expectWord(second);
    return true;
  }

  protected acceptSign(sign: string): boolean {
    if (!this.#atSign(sign)) return false;
    this.#next++;
    return true;
  }

  protected expectWord(word: string): void {
    if (!this.acceptWord(word)) throw this.#unexpected(word);
  }

  #inBrackets<T>(content: () => T): T {
    if (!this.acceptSign("(")) throw this.#unexpected("(");
    if (++this.#depth > MAXIMUM_DEPTH) throw new HqlError(`Query nested deeper than ${MAXIMUM_DEPTH}`, this.position);
    const result = content();
    this.#depth--;
    if (!this.acceptSign(")")) throw this.#unexpected(")");
    return result;
  }

  #atQuery(): boolean {
    return this.#atWord("select") || this.#atWord("from");
  }

  #atWord(word: string): boolean {
    return this.#token.kind === "word" && this.#token.text.toLowerCase() === word;
  }

  #atSign(sign: string): boolean {
    return this.#token.kind === "sign" && this.#token.text === sign;
  }

  get #token(): HqlToken {
    return this.#tokens[this.#next]!;
  }

  #take(): HqlToken {
    return this.#tokens[this.#next++]!;
  }

  #unexpected(expected?: string): HqlError {
    const { kind, text, position } = this.#token;
    const found = kind === "end" ? "end of query" : JSON.stringify(text);
    return new HqlError(`Unexpected ${found}${expected ? `, expected ${expected}` : ""}`, position);
  }
}

function numberFrom(text: string): bigint | number {
  const digits = text.replace(/[lLfFdD]$/, "");
  return /^\d+$/.test(digits) && !/[fFdD]$/.test(text) ? BigInt(digits) : Number(digits);
}
