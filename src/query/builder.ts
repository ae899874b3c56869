/**
 * Conditions made by calls instead of text: `column("mean area").gt(1000).and(column("diagnosis").eq("malignant"))`.
 * What they make can be given wherever a query is accepted. All objects are immutable.
 */
import { ArgumentError } from "../errors.js";
import { quoteName } from "./grammar/names.js";
import { isAscii, writeTextLiteral } from "./grammar/text-literal.js";

/** Values to be equal to one of in a condition that a server takes. */
const VALUES_A_PART = 200;
const MOST_PARTS = 1000;

/** A value to compare with: a number, a text, true or false, or another column or what is computed from it. */
export type Comparable = number | bigint | string | boolean | ColumnExpression;
/** A number, or a column or what is computed from it. */
export type Computable = number | bigint | ColumnExpression;

/**
 * The column `name`, to be compared or computed with. Any name may be given; nothing needs to be escaped.
 * @example column("mean area").gt(1000).and(column("diagnosis").in(["malignant", "unclear"]))
 */
export function column(name: string): ColumnExpression {
  return new ColumnExpression(quoteName(name), name);
}

/** Rows whose value in a column is one of many whole numbers. */
export interface Membership {
  /** Name of the column. */
  readonly column: string;
  /** The whole numbers, of which the column holds one. */
  readonly values: ReadonlySet<bigint>;
}

/** A column, or numbers computed from columns. Made by {@link column}. */
export class ColumnExpression {
  /** Its text in a condition. */
  readonly text: string;
  /** The column's name; undefined for what is computed. */
  readonly name: string | undefined;

  constructor(text: string, name?: string) {
    this.text = text;
    this.name = name;
  }

  eq(value: Comparable): ConditionBuilder {
    return this.#compare("==", value);
  }
  ne(value: Comparable): ConditionBuilder {
    return this.#compare("!=", value);
  }
  gt(value: Comparable): ConditionBuilder {
    return this.#compare(">", value);
  }
  ge(value: Comparable): ConditionBuilder {
    return this.#compare(">=", value);
  }
  lt(value: Comparable): ConditionBuilder {
    return this.#compare("<", value);
  }
  le(value: Comparable): ConditionBuilder {
    return this.#compare("<=", value);
  }

  /** `low <= column` and `column <= high`. */
  between(low: Comparable, high: Comparable): ConditionBuilder {
    return this.ge(low).and(this.le(high));
  }

  /** Equal to one of some values; with no values, a condition that never holds. However many they are, they are searched for some at a time. */
  in(values: Iterable<Comparable>): ConditionBuilder {
    const distinct = [...new Set(values)];
    if (distinct.length === 0) return new ConditionBuilder(`((${this.text} == ${this.text}) & False)`);
    if (distinct.length <= VALUES_A_PART) return new ConditionBuilder(anyText(this.#equal(distinct)));
    const spans = wholeSpans(distinct);
    const terms = spans === undefined ? this.#equal(distinct) : spans.flatMap((span) => this.#within(span));
    // Numbers between two whole ones are in no span.
    const guard = terms.length < distinct.length ? `((${this.text} % 1) == 0) & ` : "";
    const perPart = guard === "" ? VALUES_A_PART : VALUES_A_PART / 2;
    const text = (some: readonly string[]) => (guard === "" ? anyText(some) : `(${guard}${anyText(some)})`);
    const parts = Array.from({ length: Math.ceil(terms.length / perPart) }, (_, index) =>
      text(terms.slice(index * perPart, (index + 1) * perPart)),
    );
    return new ConditionBuilder(text(terms), parts, spans && this.#membership(distinct));
  }

  /** Undefined for numbers computed from columns. */
  #membership(values: readonly Comparable[]): Membership | undefined {
    if (this.name === undefined) return undefined;
    return { column: this.name, values: new Set(values.map((value) => BigInt(value as number | bigint))) };
  }

  /** A text column holds `part`. */
  contains(part: string | ColumnExpression): ConditionBuilder {
    return new ConditionBuilder(`contains(${this.text}, ${operandText(part)})`);
  }

  /** A Double column holds no number. */
  isNaN(): ConditionBuilder {
    return new ConditionBuilder(`isnan(${this.text})`);
  }

  plus(value: Computable): ColumnExpression {
    return this.#compute("+", value);
  }
  minus(value: Computable): ColumnExpression {
    return this.#compute("-", value);
  }
  times(value: Computable): ColumnExpression {
    return this.#compute("*", value);
  }
  /** True division: whole numbers become float64. */
  dividedBy(value: Computable): ColumnExpression {
    return this.#compute("/", value);
  }
  /** The remainder, with the divisor's sign. */
  modulo(value: Computable): ColumnExpression {
    return this.#compute("%", value);
  }

  #equal(values: readonly Comparable[]): string[] {
    return values.map((value) => this.eq(value).query);
  }

  #within([low, high]: readonly [bigint, bigint]): string[] {
    return high - low < 2n ? this.#equal(low === high ? [low] : [low, high]) : [this.between(low, high).query];
  }

  #compare(operator: string, value: Comparable): ConditionBuilder {
    return new ConditionBuilder(`(${this.text} ${operator} ${operandText(value)})`);
  }

  #compute(operator: string, value: Computable): ColumnExpression {
    return new ColumnExpression(`(${this.text} ${operator} ${operandText(value)})`);
  }
}

/** A condition made by calls; it is a query. Made from {@link column}. */
export class ConditionBuilder {
  /** The condition, columns in backticks. */
  readonly query: string;
  /** Conditions of which a row meets one or more if it meets `query`; several where that is too long for a server. */
  readonly parts: readonly string[];
  /** The same by the values themselves, where the condition asks for many of one column. */
  readonly membership: Membership | undefined;

  constructor(query: string, parts: readonly string[] = [query], membership?: Membership) {
    this.query = query;
    this.parts = parts;
    this.membership = membership;
  }

  /** Rows that meet both. */
  and(...others: readonly ConditionBuilder[]): ConditionBuilder {
    return allOf(this, ...others);
  }
  /** Rows that meet either. */
  or(...others: readonly ConditionBuilder[]): ConditionBuilder {
    return anyOf(this, ...others);
  }

  /** The condition as text. */
  toString(): string {
    return this.query;
  }
}

/**
 * Holds where all of some conditions hold; at least one is needed.
 *
 * @example
 * ```ts
 * const query = allOf(column("area").gt(20), column("label").eq("Nucleus"));
 * ```
 */
export function allOf(...conditions: readonly ConditionBuilder[]): ConditionBuilder {
  const all = joined("&", "allOf", conditions);
  const count = conditions.reduce((product, { parts }) => product * parts.length, 1);
  if (count === 1 || count > MOST_PARTS) return all;
  const crossing = conditions.map(({ parts }) => parts).reduce(crossed);
  return new ConditionBuilder(all.query, crossing);
}

/**
 * Holds where at least one of some conditions holds; at least one is needed.
 *
 * @example
 * ```ts
 * const query = anyOf(column("area").lt(5), column("area").gt(500));
 * ```
 */
export function anyOf(...conditions: readonly ConditionBuilder[]): ConditionBuilder {
  const any = joined("|", "anyOf", conditions);
  const isLong = conditions.some(({ parts }) => parts.length > 1);
  return isLong
    ? new ConditionBuilder(
        any.query,
        conditions.flatMap(({ parts }) => parts),
      )
    : any;
}

/**
 * Holds where a condition does not.
 *
 * @example
 * ```ts
 * const query = not(column("label").eq("Debris"));
 * ```
 */
export function not(condition: ConditionBuilder): ConditionBuilder {
  return new ConditionBuilder(`~${condition.query}`);
}

/** Whole numbers as spans of consecutive ones; undefined for other values. */
function wholeSpans(values: readonly Comparable[]): [low: bigint, high: bigint][] | undefined {
  if (!values.every((value) => typeof value === "bigint" || Number.isSafeInteger(value))) return undefined;
  const sorted = values.map((value) => BigInt(value as number | bigint)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const spans: [bigint, bigint][] = [];
  for (const value of sorted) {
    const last = spans.at(-1);
    if (last !== undefined && value - last[1] <= 1n) last[1] = value;
    else spans.push([value, value]);
  }
  return spans;
}

function anyText(queries: readonly string[]): string {
  return queries.length === 1 ? queries[0]! : `(${queries.join(" | ")})`;
}

/** Both of a part of each. */
function crossed(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.flatMap((one) => right.map((other) => `(${one} & ${other})`));
}

function joined(operator: string, name: string, conditions: readonly ConditionBuilder[]): ConditionBuilder {
  if (conditions.length === 0) throw new ArgumentError("INVALID_ARGUMENT", `${name}() needs at least one condition`);
  if (conditions.length === 1) return conditions[0]!;
  return new ConditionBuilder(`(${conditions.map(({ query }) => query).join(` ${operator} `)})`);
}

function operandText(value: Comparable): string {
  switch (typeof value) {
    case "string":
      return writeTextLiteral(value, !isAscii(value));
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return value < 0n ? `(${value})` : String(value);
    case "number":
      return numberText(value);
    default:
      return value.text;
  }
}

/** Whole numbers beyond 2^53 are written as float64, which is what they are. */
function numberText(value: number): string {
  if (Number.isNaN(value)) {
    throw new ArgumentError("INVALID_ARGUMENT", "Nothing compares with NaN; find missing numbers with isNaN()");
  }
  const magnitude = Math.abs(value);
  const whole = Number.isSafeInteger(value) && !Object.is(value, -0);
  const text = magnitude === Number.POSITIVE_INFINITY ? "1e999" : whole ? String(magnitude) : floatText(magnitude);
  return value < 0 || Object.is(value, -0) ? `(-${text})` : text;
}

function floatText(magnitude: number): string {
  const text = String(magnitude);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
