/** Filters of a scan, as DuckDB's plan writes them (`well>=1 AND well<=3`, `optional: label IN ('a', 'b')`), as conditions of OMERO. */
import type { ColumnField } from "../columns/batch.js";
import { columnKind } from "../columns/kinds/kinds.js";
import { allOf, anyOf, type ConditionBuilder, column } from "../query/index.js";

/** What DuckDB may pass over, as it looks again; all rows that it wants meet it none the less. */
const OPTIONAL = /^optional: /;
const OPERATOR = /(>=|<=|!=|=|>|<)/y;
const CONSTANT = /'(?:[^']|'')*'|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false/iy;
const BETWEEN_TERMS = /( AND | OR |$)/y;
const METHODS = { ">=": "ge", "<=": "le", "!=": "ne", "=": "eq", ">": "gt", "<": "lt" } as const;

type Method = (typeof METHODS)[keyof typeof METHODS];
/** A comparison, or undefined for one that OMERO does not have; and where it ends. */
interface Term {
  readonly condition: ConditionBuilder | undefined;
  readonly end: number;
}

/** A condition that all rows of the filter meet, and others may; undefined where there is none that OMERO has. */
export function conditionOf(filter: string, fields: readonly ColumnField[]): ConditionBuilder | undefined {
  const text = filter.replace(OPTIONAL, "");
  const terms: (ConditionBuilder | undefined)[] = [];
  const words = new Set<string>();
  for (let at = 0; at < text.length; ) {
    const term = termAt(text, at, fields);
    const word = term && matchAt(BETWEEN_TERMS, text, term.end);
    if (term === undefined || word === undefined) return undefined;
    terms.push(term.condition);
    if (word !== "") words.add(word);
    at = term.end + word.length;
  }
  // Both words in one filter stand without parentheses.
  if (words.size > 1) return undefined;
  const known = terms.filter((term) => term !== undefined);
  if (words.has(" OR ")) return known.length === terms.length ? anyOf(...known) : undefined;
  return known.length > 0 ? allOf(...known) : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function termAt(text: string, at: number, fields: readonly ColumnField[]): Term | undefined {
  const longestFirst = fields.toSorted((a, b) => b.name.length - a.name.length);
  for (const field of longestFirst) {
    const found = text.startsWith(field.name, at)
      ? termOf(field, text, at + field.name.length)
      : negated(field, text, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A truth value that is to be false. */
function negated({ name, type }: ColumnField, text: string, at: number): Term | undefined {
  const written = `(NOT ${name})`;
  if (columnKind(type) !== "bool" || !text.startsWith(written, at)) return undefined;
  return { condition: column(name).eq(false), end: at + written.length };
}

const IN = " IN (";

/** What follows the name of a column. */
function termOf(field: ColumnField, text: string, at: number): Term | undefined {
  if (text.startsWith(IN, at)) return membership(field, text, at + IN.length);
  const operator = matchAt(OPERATOR, text, at);
  if (operator !== undefined) {
    const constant = matchAt(CONSTANT, text, at + operator.length);
    if (constant === undefined) return undefined;
    const condition = comparison(field, METHODS[operator as keyof typeof METHODS], constant);
    return { condition, end: at + operator.length + constant.length };
  }
  const isWhole = columnKind(field.type) === "bool" && matchAt(BETWEEN_TERMS, text, at) !== undefined;
  return isWhole ? { condition: column(field.name).eq(true), end: at } : undefined;
}

function membership(field: ColumnField, text: string, start: number): Term | undefined {
  const conditions: (ConditionBuilder | undefined)[] = [];
  for (let at = start; ; at += 2) {
    const constant = matchAt(CONSTANT, text, at);
    if (constant === undefined) return undefined;
    conditions.push(comparison(field, "eq", constant));
    at += constant.length;
    if (text[at] === ")") {
      const known = conditions.filter((one) => one !== undefined);
      return { condition: known.length === conditions.length ? anyOf(...known) : undefined, end: at + 1 };
    }
    if (!text.startsWith(", ", at)) return undefined;
  }
}

function comparison({ name, type }: ColumnField, method: Method, text: string): ConditionBuilder | undefined {
  switch (columnKind(type)) {
    case "string": {
      const [, quoted] = /^'(.*)'$/s.exec(text) ?? [];
      const isEquality = method === "eq" || method === "ne";
      return quoted !== undefined && isEquality ? column(name)[method](quoted.replaceAll("''", "'")) : undefined;
    }
    case "long":
      return /^-?\d+$/.test(text) ? column(name)[method](BigInt(text)) : undefined;
    case "double": {
      if (!/^-?\d/.test(text)) return undefined;
      const compared = column(name)[method](Number(text));
      // For DuckDB NaN is greater than all other numbers.
      return method === "gt" || method === "ge" ? anyOf(compared, column(name).ne(column(name))) : compared;
    }
    case "bool":
      return method === "eq" && /^(true|false)$/i.test(text)
        ? column(name).eq(text.toLowerCase() === "true")
        : undefined;
    default:
      return undefined;
  }
}
