import type { ColumnField } from "../columns/batch.js";
import { nearestName } from "../flow/nearest-name.js";
import { type RType, rstring } from "../rtypes.js";
import type { Membership } from "./builder.js";
import { type Condition, type NameNode, namesIn } from "./grammar/condition.js";
import { conditionError } from "./grammar/condition-error.js";
import { checkConditionLimits } from "./grammar/limits.js";
import { isBareName } from "./grammar/names.js";
import { parseCondition } from "./grammar/parser.js";
import { type Replacement, rewriteCondition } from "./rewrite.js";
import { buildExpression, type Literal } from "./typing/build-expression.js";
import type { InputExpression } from "./typing/expression.js";
import { columnValueKind } from "./typing/kinds.js";
import { textConstants } from "./typing/text-constants.js";
import { typeExpression } from "./typing/type-expression.js";
import {
  type BoundVariable,
  bindVariables,
  type ConditionValue,
  type ConditionVariables,
  scalarOf,
  variableMap,
} from "./typing/variables.js";

/** A condition, or a condition and its variables in one, as the builder `column()` makes them. */
export type Query =
  | string
  | {
      readonly query: string;
      readonly variables?: ConditionVariables;
      /** Conditions that are searched for one after the other in place of `query`: rows meet it that meet any of them. */
      readonly parts?: readonly string[];
      /** What `parts` search for, for tables whose column is rather looked through. */
      readonly membership?: Membership | undefined;
    };

/** What is sent to a server. */
export interface CheckedCondition {
  readonly condition: string;
  readonly variables: Map<string, RType>;
  /** Names of the columns the condition looks at, in the order it names them. */
  readonly columns: string[];
}

/**
 * Checks a PyTables condition against a table's columns, before anything is sent.
 *
 * The condition is passed on as it is, to the letter, wherever the server takes it so. Beyond what the server takes,
 * columns may be named in backticks (`` `mean area` > 1000 ``; a backtick in the name is doubled), text may hold any
 * character, and the condition may run over several lines; these are rewritten. A name without backticks that is a
 * keyword of Python or a function of numexpr is found too if a column has it.
 * @param fields all columns of the table
 * @param variables values for names in the condition; a variable goes before a column of the same name. Text is always
 * a value where it meets a text column. See {@link ConditionVariables}.
 * @throws ConditionError with `query` and `position`: `CONDITION_SYNTAX`; `CONDITION_NAME` for unknown names and unused
 * variables; `CONDITION_TYPE` for operands that do not fit, array and mask columns, and conditions numexpr cannot hold
 *
 * @example
 * ```ts
 * checkCondition("area > 20", fields); // throws where the table has no column "area"
 * ```
 */
export function checkCondition(
  query: Query,
  fields: readonly ColumnField[],
  variables: ConditionVariables = {},
): CheckedCondition {
  return checkParsed(parseQuery(query, variables), fields);
}

/** A query whose text has been parsed, and all its variables. */
export interface ParsedQuery {
  readonly condition: Condition;
  readonly variables: ReadonlyMap<string, ConditionValue>;
}

/** What can be done before a table's columns are known. @throws ConditionError `CONDITION_SYNTAX` */
export function parseQuery(query: Query, variables: ConditionVariables = {}): ParsedQuery {
  const text = typeof query === "string" ? query : query.query;
  const given = variableMap(typeof query === "string" ? undefined : query.variables);
  for (const [name, value] of variableMap(variables)) given.set(name, value);
  return { condition: parseCondition(text), variables: given };
}

/** A query, or the parts of one that is too long for a single search. @throws ConditionError `CONDITION_SYNTAX` */
export function parseParts(query: Query, variables: ConditionVariables = {}): ParsedQuery[] {
  if (typeof query === "string" || query.parts === undefined) return [parseQuery(query, variables)];
  return query.parts.map((part) => parseQuery({ ...query, query: part }, variables));
}

/** The rest of {@link checkCondition}, which throws as that does. */
export function checkParsed({ condition, variables }: ParsedQuery, fields: readonly ColumnField[]): CheckedCondition {
  return new Checker(condition, fields, bindVariables(condition, fields, variables)).check();
}

const MISSING_NUMBERS = "missing numbers equal nothing; find them with isnan(column)";
const TRUTH_VALUES = "truth values are written True and False";

/** What is meant by words of other languages that name no column. */
const FOREIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ["nan", MISSING_NUMBERS],
  ["null", MISSING_NUMBERS],
  ["none", MISSING_NUMBERS],
  ["na", MISSING_NUMBERS],
  ["true", TRUTH_VALUES],
  ["false", TRUTH_VALUES],
]);

class Checker {
  readonly #condition: Condition;
  readonly #fields: readonly ColumnField[];
  readonly #bound: ReadonlyMap<string, BoundVariable>;
  readonly #replacements = new Map<number, Replacement>();
  readonly #sent = new Map<string, RType>();
  readonly #columns = new Set<string>();
  /** Variables made for columns that cannot be named as they are. */
  readonly #fresh = new Map<string, string>();

  constructor(condition: Condition, fields: readonly ColumnField[], bound: ReadonlyMap<string, BoundVariable>) {
    this.#condition = condition;
    this.#fields = fields;
    this.#bound = bound;
  }

  check(): CheckedCondition {
    const inputs = new Map<number, InputExpression | Literal>();
    for (const node of namesIn(this.#condition.root)) inputs.set(node.start, this.#resolve(node));
    const expression = buildExpression(this.#condition, (node) => inputs.get(node.start)!);
    checkConditionLimits(this.#condition, typeExpression(this.#condition, expression));
    const { foreign, mixed } = textConstants(expression);
    const condition = rewriteCondition(
      this.#condition,
      this.#replacements,
      foreign !== undefined || mixed !== undefined,
    );
    return { condition, variables: this.#sent, columns: [...this.#columns] };
  }

  #resolve(node: NameNode): InputExpression | Literal {
    const variable = node.quoted ? undefined : this.#bound.get(node.name);
    if (variable?.type === "column") return this.#column(node, variable.name, rstring(variable.name));
    if (variable?.type === "text") return this.#text(node, variable.value);
    if (variable?.type === "value") return this.#value(node, variable.value);
    return this.#column(node, this.#columnName(node));
  }

  #columnName(node: NameNode): string {
    const names = this.#fields.map((field) => field.name);
    const candidates = node.quoted ? [node.name] : [node.name, node.name.normalize("NFKC")];
    const found = candidates.find((candidate) => names.includes(candidate));
    if (found !== undefined) return found;
    const meant = node.quoted ? undefined : FOREIGN_WORDS.get(node.name.toLowerCase());
    if (meant !== undefined) {
      const message = `There is no column or variable "${node.name}": ${meant}`;
      throw conditionError("CONDITION_NAME", this.#condition.text, node, message, { column: node.name });
    }
    const near = nearestName(node.name, [...names, ...this.#bound.keys()]);
    const sort = node.quoted ? "column" : "column or variable";
    const message = `There is no ${sort} "${node.name}"${near === undefined ? "" : `; did you mean "${near}"?`}`;
    const columns = near === undefined && names.length <= 12 ? ` (columns: ${names.join(", ")})` : "";
    throw conditionError("CONDITION_NAME", this.#condition.text, node, message + columns, { column: node.name });
  }

  #text(node: NameNode, value: string): Literal {
    this.#replacements.set(node.start, { type: "text", value });
    return { type: "literal", value, start: node.start, end: node.end };
  }

  #value(node: NameNode, value: RType): InputExpression {
    const scalar = scalarOf(value)!;
    this.#sendOwn(node, value);
    const input = { type: "variable", value: scalar.value } as const;
    return { type: "input", kind: scalar.kind, name: node.name, input, start: node.start, end: node.end };
  }

  /** @param variable the caller's own variable that stands for the column */
  #column(node: NameNode, name: string, variable?: RType): InputExpression {
    const index = this.#fields.findIndex((field) => field.name === name);
    const field = this.#fields[index]!;
    const kind = columnValueKind(field);
    if (kind === undefined) {
      const message = `Column "${name}" is a ${field.type} column; conditions work on single numbers, texts and truth values`;
      throw conditionError("CONDITION_TYPE", this.#condition.text, node, message, { column: name });
    }
    this.#columns.add(name);
    const direct = isBareName(name) && !this.#bound.has(name);
    if (variable) this.#sendOwn(node, variable);
    else if (!direct) this.#sendFresh(node, "column", name, rstring(name));
    else if (node.quoted || node.name !== name) this.#replacements.set(node.start, { type: "name", name });
    const input = { type: "column", index, field } as const;
    return { type: "input", kind, name: node.name, input, start: node.start, end: node.end };
  }

  /** Sends the caller's variable, under its own name if the server finds it so. */
  #sendOwn(node: NameNode, value: RType): void {
    if (isBareName(node.name)) this.#sent.set(node.name, value);
    else this.#sendFresh(node, "variable", node.name, value);
  }

  /** Sends a value under a name that means nothing else, and puts that in the place of `node`. */
  #sendFresh(node: NameNode, role: "column" | "variable", name: string, value: RType): void {
    const key = `${role} ${name}`;
    const fresh = this.#fresh.get(key) ?? this.#freshName(role);
    this.#fresh.set(key, fresh);
    this.#replacements.set(node.start, { type: "name", name: fresh });
    this.#sent.set(fresh, value);
  }

  #freshName(role: string): string {
    const names = namesIn(this.#condition.root).map((node) => node.name);
    const taken = new Set([...this.#fields.map((field) => field.name), ...names, ...this.#fresh.values()]);
    let number = 0;
    while (taken.has(`${role}${number}`)) number++;
    return `${role}${number}`;
  }
}
