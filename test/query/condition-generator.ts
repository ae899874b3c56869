/**
 * Random conditions from the whole grammar, for comparing evaluators: most are well-formed and well-typed, some combine
 * operands that do not fit, some are damaged text. The same seed gives the same conditions.
 */
import fc from "fast-check";
import type { ColumnField } from "../../src/columns/batch.js";
import { isBareName } from "../../src/query/grammar/names.js";
import { columnValueKind } from "../../src/query/typing/kinds.js";
import { type RType, rbool, rdouble, rfloat, rint, rlong, rstring } from "../../src/rtypes.js";

export interface GeneratedCondition {
  readonly query: string;
  readonly variables: Map<string, RType>;
}

export interface GeneratorOptions {
  /** Share of operands of a kind that does not fit, 0.03 by default. */
  readonly misfits?: number;
  /** Share of conditions whose text is damaged, 0.06 by default. */
  readonly damaged?: number;
}

/** The conditions made from `seed`, `seed + 1` and so on. */
export function generateConditions(
  fields: readonly ColumnField[],
  seed: number,
  count: number,
  options: GeneratorOptions = {},
): GeneratedCondition[] {
  return Array.from({ length: count }, (_, index) => generateCondition(fields, seed + index, options));
}

export function generateCondition(
  fields: readonly ColumnField[],
  seed: number,
  options: GeneratorOptions = {},
): GeneratedCondition {
  return new Generator(fields, seed, options).condition();
}

/** For property tests; shrinks towards other seeds, not towards smaller conditions. */
export function conditionArbitrary(
  fields: readonly ColumnField[],
  options: GeneratorOptions = {},
): fc.Arbitrary<GeneratedCondition> {
  return fc.integer({ min: 0, max: 2 ** 30 }).map((seed) => generateCondition(fields, seed, options));
}

type Sort = "bool" | "long" | "double" | "text";

const LONGS = ["0", "1", "-1", "2", "-2", "3", "7", "-7", "10", "63", "64", "255", "0x1F", "0b101", "0o17", "1_000"];
const WIDE = ["2147483647", "2147483648", "-2147483648", "4294967296", "9007199254740993", "9223372036854775807"];
const FLOATS = [
  "0.0",
  "-0.0",
  "0.5",
  "1.5",
  "-2.5",
  "3.",
  ".25",
  "1e3",
  "1E-3",
  "1e400",
  "9007199254740992.0",
  "2.5e+2",
];
const TEXTS = [
  "",
  "a",
  "abc",
  "Nucleus",
  "nucleus",
  "it's",
  "x.tif",
  "a:b",
  "two words",
  "z",
  "\\",
  "café",
  "é",
  "ÿ",
  "日本",
];

class Generator {
  readonly #fields: readonly ColumnField[];
  readonly #variables = new Map<string, RType>();
  readonly #misfits: number;
  readonly #damaged: number;
  #state: number;

  constructor(fields: readonly ColumnField[], seed: number, { misfits = 0.03, damaged = 0.06 }: GeneratorOptions) {
    this.#fields = fields;
    this.#misfits = misfits;
    this.#damaged = damaged;
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
    for (let warm = 0; warm < 3; warm++) this.#random();
  }

  condition(): GeneratedCondition {
    const depth = this.#pick([1, 2, 2, 3, 3, 4]);
    const whole = this.#bool(depth);
    const query = this.#random() < this.#damaged ? this.#damage(whole) : whole;
    return { query, variables: this.#variables };
  }

  /** Between 0 and 1 (mulberry32). */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)]!;
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #damage(text: string): string {
    const at = Math.floor(this.#random() * (text.length + 1));
    const inserted = this.#pick([
      "",
      "(",
      ")",
      "&",
      "'",
      '"',
      " ",
      "==",
      ".",
      "$",
      " and ",
      "\n",
      "`",
      "1",
      ",",
      "~",
      "#",
    ]);
    return text.slice(0, at) + inserted + text.slice(at + this.#pick([0, 0, 1, 1, 2]));
  }

  #spaced(operator: string): string {
    return this.#chance(0.8) ? ` ${operator} ` : operator;
  }

  /** A text of the grammar for a value of `sort`, now and then of another. */
  #operand(sort: Sort, depth: number): string {
    const actual = this.#chance(this.#misfits) ? this.#pick<Sort>(["bool", "long", "double", "text"]) : sort;
    const text = this.#of(actual, depth);
    const simple = /^[\w.`']+$/.test(text);
    return simple || this.#chance(0.04) ? text : `(${text})`;
  }

  #of(sort: Sort, depth: number): string {
    switch (sort) {
      case "bool":
        return this.#bool(depth);
      case "long":
        return this.#long(depth);
      case "double":
        return this.#double(depth);
      case "text":
        return this.#text();
    }
  }

  #column(sort: Sort | "array"): string | undefined {
    const fitting = this.#fields.filter((field) => (columnValueKind(field) ?? "array") === sort);
    if (fitting.length === 0) return undefined;
    const { name } = this.#pick(fitting);
    if (isBareName(name) && this.#chance(0.9)) return name;
    return this.#variable(rstring(name));
  }

  #variable(value: RType): string {
    const name = `v${this.#variables.size}`;
    this.#variables.set(name, value);
    return name;
  }

  #bool(depth: number): string {
    if (depth <= 0) return this.#chance(0.75) ? (this.#column("bool") ?? "True") : this.#boolConstant();
    const next = depth - 1;
    switch (
      this.#pick(["logic", "logic", "logic", "not", "number", "number", "number", "number", "text", "text", "other"])
    ) {
      case "logic":
        return (
          this.#operand("bool", next) +
          this.#spaced(this.#pick(["&", "&", "|", "|", "^"])) +
          this.#operand("bool", next)
        );
      case "not":
        return `~${this.#operand("bool", next)}`;
      case "number":
        return this.#comparison(this.#pick(["long", "double"]), this.#pick(["long", "double"]), next);
      case "text":
        return this.#textComparison();
      default:
        return this.#otherBool(next);
    }
  }

  #comparison(left: Sort, right: Sort, depth: number): string {
    const operator = this.#pick(["<", "<=", "==", "!=", ">=", ">"]);
    const text = this.#operand(left, depth) + this.#spaced(operator) + this.#operand(right, depth - 1);
    return this.#chance(0.02) ? `${text} < ${this.#long(0)}` : text;
  }

  #textComparison(): string {
    if (this.#chance(0.25)) return `contains(${this.#operand("text", 0)}, ${this.#operand("text", 0)})`;
    const operator = this.#pick(["==", "==", "==", "!=", "<", "<=", ">", ">="]);
    const column = this.#chance(0.9) ? (this.#column("text") ?? "'a'") : this.#operand("text", 0);
    const sides = [column, this.#operand("text", 0)];
    if (this.#chance(0.2)) sides.reverse();
    return sides.join(this.#spaced(operator));
  }

  #otherBool(depth: number): string {
    const bool = () => this.#operand("bool", depth);
    switch (this.#pick(["test", "test", "test", "where", "equal", "constant", "sum", "array"])) {
      case "test": {
        if (this.#chance(0.2)) return `signbit(${this.#column("double") ?? "1.5"})`;
        const test = this.#pick(["isnan", "isfinite", "isinf"]);
        return `${test}(${this.#operand(this.#pick(["double", "double", "long", "bool"]), depth)})`;
      }
      case "where":
        return `where(${bool()}, ${bool()}, ${bool()})`;
      case "equal":
        return bool() + this.#spaced(this.#pick(["==", "!=", "<", ">="])) + bool();
      case "sum":
        return bool() + this.#spaced(this.#pick(["+", "*"])) + bool();
      case "array":
        return this.#chance(0.2) ? `${this.#column("array") ?? "x"} > 1` : `${bool()} & True`;
      default:
        return this.#boolConstant();
    }
  }

  #boolConstant(): string {
    const constant = this.#pick(["True", "False", "(1 < 2)", "(isnan(1.5))", "variable"]);
    return constant === "variable" ? this.#variable(rbool(this.#chance(0.5))) : constant;
  }

  #long(depth: number): string {
    if (depth <= 0 || this.#chance(0.25)) {
      if (this.#chance(0.55)) return this.#column("long") ?? "1";
      if (this.#chance(0.15))
        return this.#variable(
          this.#chance(0.5) ? rint(this.#pick([0, 1, 2, -3])) : rlong(this.#pick([5n, 2n ** 53n + 1n, -(2n ** 63n)])),
        );
      return this.#chance(0.8) ? this.#pick(LONGS) : this.#pick(WIDE);
    }
    const next = depth - 1;
    const long = () => this.#operand("long", next);
    const small = () => this.#pick(["2", "3", "5", "-3", "0", "10", "4294967296"]);
    switch (
      this.#pick([
        "arithmetic",
        "arithmetic",
        "arithmetic",
        "division",
        "bits",
        "shift",
        "unary",
        "power",
        "where",
        "count",
        "fold",
        "function",
      ])
    ) {
      case "arithmetic":
        return long() + this.#spaced(this.#pick(["+", "-", "*"])) + long();
      case "division":
        return long() + this.#spaced(this.#pick(["%", "%", "//"])) + (this.#chance(0.7) ? small() : long());
      case "bits":
        return long() + this.#spaced(this.#pick(["&", "|", "^"])) + long();
      case "shift":
        return (
          long() +
          this.#spaced(this.#pick(["<<", ">>"])) +
          this.#pick(["0", "1", "5", "31", "32", "33", "63", "64", "count"])
        );
      case "unary":
        return this.#pick(["-", "~", "+", "- -", "~~"]) + long();
      case "power":
        if (this.#chance(0.8)) return `${long()} ** ${this.#pick(["0", "1", "2", "3", "5", "63"])}`;
        return `${this.#pick(["2", "-1", "3"])} ** ${this.#column("long") ?? "1"}`;
      case "where":
        return `where(${this.#operand("bool", next)}, ${long()}, ${long()})`;
      case "count":
        return `${this.#operand("bool", next)} ${this.#pick(["+ 1", "* 3", "- 1", "+ 2147483647", "<< 31", "// 2", "% 2", "** 2"])}`;
      case "fold":
        return this.#pick([
          "7 // 2",
          "-7 % 3",
          "2 ** 40",
          "1 << 10",
          "abs(-3)",
          "floor(2)",
          "True + 1",
          "~5",
          "maximum(2, 9)",
        ]);
      default:
        if (this.#chance(0.5)) return `${this.#pick(["sign", "round"])}(${long()})`;
        return `${this.#pick(["copy", "ones_like"])}(${this.#column("long") ?? "id"})`;
    }
  }

  #double(depth: number): string {
    if (depth <= 0 || this.#chance(0.25)) {
      if (this.#chance(0.6)) return this.#column("double") ?? "1.5";
      if (this.#chance(0.2))
        return this.#variable(
          this.#chance(0.8) ? rdouble(this.#pick([0.5, Number.NaN, Number.POSITIVE_INFINITY, -0, 1e300])) : rfloat(0.1),
        );
      return this.#pick(FLOATS);
    }
    const next = depth - 1;
    const double = () => this.#operand("double", next);
    const number = () => this.#operand(this.#pick(["double", "double", "long"]), next);
    switch (
      this.#pick([
        "arithmetic",
        "arithmetic",
        "arithmetic",
        "division",
        "unary",
        "power",
        "where",
        "one",
        "one",
        "two",
        "two",
        "single",
      ])
    ) {
      case "arithmetic":
        return double() + this.#spaced(this.#pick(["+", "-", "*"])) + number();
      case "division":
        return number() + this.#spaced(this.#pick(["/", "/", "%", "//"])) + number();
      case "unary":
        if (this.#chance(0.2)) return `copysign(${number()}, ${this.#column("double") ?? "1.5"})`;
        return this.#pick(["-", "+"]) + double();
      case "power":
        if (this.#chance(0.3)) return `${this.#column("double") ?? "1.5"} ** ${this.#pick(["0.5", "-0.5", "1.5"])}`;
        return `${number()} ** ${this.#pick(["2", "3", "-1", "2.0", "0"])}`;
      case "where":
        return `where(${this.#operand("bool", next)}, ${number()}, ${double()})`;
      case "one":
        return `${this.#pick(["sqrt", "sin", "cos", "tan", "arctan", "sinh", "tanh", "arcsinh", "log", "log10", "log1p", "log2", "exp", "expm1", "abs", "abs", "ceil", "floor", "floor", "round", "round", "trunc", "sign"])}(${number()})`;
      case "two":
        return `${this.#pick(["fmod", "fmod", "arctan2", "hypot", "nextafter", "maximum", "maximum", "minimum"])}(${number()}, ${number()})`;
      default:
        return `${this.#pick(["sqrt", "floor", "abs", "cos"])}(${this.#column("bool") ?? "True"}) ${this.#pick(["+ 1", "* 3", "- 0.5", "/ 3", "% 2", "// 2"])}`;
    }
  }

  #text(): string {
    if (this.#chance(0.35)) return this.#column("text") ?? "'a'";
    const value = this.#pick(TEXTS);
    const prefix = this.#chance(0.1) ? "b" : "";
    switch (this.#pick(["single", "single", "double", "escaped", "joined"])) {
      case "single":
        return `${prefix}'${value.replace(/[\\']/g, "\\$&")}'`;
      case "double":
        return `${prefix}"${value.replace(/[\\"]/g, "\\$&")}"`;
      case "escaped":
        return `'${Array.from(value, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}'`;
      default:
        return `'${value.replace(/[\\']/g, "\\$&")}' ''`;
    }
  }
}
