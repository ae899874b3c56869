/** Variables of a condition: what callers may give, and what each becomes. */

import type { ColumnField } from "../../columns/batch.js";
import { fitsInt64 } from "../../columns/int64.js";
import { isRType, type RType, rbool, rdouble, rlong } from "../../rtypes.js";
import { type Condition, type ConditionNode, conditionChildren, type NameNode } from "../grammar/condition.js";
import { conditionError } from "../grammar/condition-error.js";
import type { Span } from "../grammar/span.js";
import { columnValueKind, type Kind } from "./kinds.js";

/**
 * An OMERO rtype, sent as it is, or a plain value typed by what it meets: a bigint is rlong; a boolean rbool; a number
 * rdouble, but rlong if it is whole and meets a whole-number column, or no column; a string is text, but a column if it
 * names one and meets no text column. {@link bindVariables} tells how text is kept from being taken for a column.
 */
export type ConditionValue = RType | number | bigint | boolean | string;
/** Values by the names that a condition gives them. */
export type ConditionVariables = ReadonlyMap<string, ConditionValue> | Readonly<Record<string, ConditionValue>>;

/** What a variable stands for: a column, a text, or a number or truth value that is sent along. */
export type BoundVariable =
  | { readonly type: "column"; readonly name: string }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "value"; readonly value: RType };

export function variableMap(variables: ConditionVariables | undefined): Map<string, ConditionValue> {
  if (variables === undefined) return new Map();
  return variables instanceof Map ? new Map(variables) : new Map(Object.entries(variables));
}

/** The value of an rtype as numexpr gets it, and its kind; undefined for text and lists. */
export function scalarOf(rtype: RType): { kind: Kind; value: boolean | bigint | number } | undefined {
  switch (rtype.iceId) {
    case "::omero::RBool":
      return { kind: "bool", value: rtype.val };
    case "::omero::RInt":
    case "::omero::RLong":
    case "::omero::RTime":
      return { kind: "long", value: BigInt(rtype.val) };
    case "::omero::RFloat":
      return { kind: "double", value: Math.fround(rtype.val) };
    case "::omero::RDouble":
      return { kind: "double", value: rtype.val };
    default:
      return undefined;
  }
}

/**
 * Decides what each variable of a condition stands for.
 *
 * Text: a server never takes a text variable for a value; it takes it for the name of a column and fails if there is no
 * such column. So text that is a value goes into the condition as a literal. An `rstring` that names a column is that
 * column, as on the server; otherwise it is a value. A plain string is a value wherever it meets a text column, even if
 * it happens to name a column; where it meets no text column (`x != "Nucleus"`, `x > 5`) and names a column, it is that
 * column.
 * @throws ConditionError `CONDITION_NAME` for a variable the condition does not use, `CONDITION_TYPE` for a value that
 * no column could be compared with
 */
export function bindVariables(
  condition: Condition,
  fields: readonly ColumnField[],
  variables: ReadonlyMap<string, ConditionValue>,
): Map<string, BoundVariable> {
  const meetings = findMeetings(condition.root);
  const bound = new Map<string, BoundVariable>();
  for (const [name, value] of variables) {
    const uses = meetings.filter(({ node }) => node.name === name && !node.quoted);
    if (uses.length === 0) throw unused(condition, name);
    bound.set(name, new VariableBinder(condition, fields, variables, name, uses).bind(value));
  }
  return bound;
}

/** One place where a name stands, and what it is combined with there. */
interface Meeting {
  readonly node: NameNode;
  readonly partners: readonly ConditionNode[];
}

function findMeetings(
  node: ConditionNode,
  partners: readonly ConditionNode[] = [],
  meetings: Meeting[] = [],
): Meeting[] {
  if (node.type === "name") meetings.push({ node, partners });
  const children = conditionChildren(node);
  for (const [index, child] of children.entries()) {
    // No operation that can be worked out has more than three operands.
    const near = children.slice(Math.max(0, index - 2), index + 3).filter((other) => other !== child);
    findMeetings(child, node.type === "unary" ? partners : near, meetings);
  }
  return meetings;
}

function unused(condition: Condition, name: string): Error {
  const message = `The variable ${name} is given, but the condition does not use it`;
  return conditionError("CONDITION_NAME", condition.text, { start: 0, end: condition.text.length }, message);
}

class VariableBinder {
  readonly #condition: Condition;
  readonly #fields: readonly ColumnField[];
  readonly #variables: ReadonlyMap<string, ConditionValue>;
  readonly #name: string;
  readonly #uses: readonly Meeting[];

  constructor(
    condition: Condition,
    fields: readonly ColumnField[],
    variables: ReadonlyMap<string, ConditionValue>,
    name: string,
    uses: readonly Meeting[],
  ) {
    this.#condition = condition;
    this.#fields = fields;
    this.#variables = variables;
    this.#name = name;
    this.#uses = uses;
  }

  bind(value: ConditionValue): BoundVariable {
    if (isRType(value)) return this.#bindRType(value);
    switch (typeof value) {
      case "string":
        return this.#bindText(value);
      case "boolean":
        return { type: "value", value: rbool(value) };
      case "bigint":
        return { type: "value", value: this.#long(value) };
      case "number":
        return { type: "value", value: this.#number(value) };
      default:
        throw this.#fail(`The variable ${this.#name} is no number, text, boolean or rtype`);
    }
  }

  #fail(message: string, span: Span = this.#uses[0]!.node): Error {
    return conditionError("CONDITION_TYPE", this.#condition.text, span, message);
  }

  #bindRType(value: RType): BoundVariable {
    if (value.iceId === "::omero::RString") {
      const text = value.val;
      return this.#isColumn(text) ? { type: "column", name: text } : { type: "text", value: text };
    }
    if (value.iceId === "::omero::RList") {
      throw this.#fail(`The variable ${this.#name} is a list; a condition compares with single values`);
    }
    return { type: "value", value };
  }

  #isColumn(name: string): boolean {
    return this.#fields.some((field) => field.name === name);
  }

  #bindText(value: string): BoundVariable {
    if (!this.#isColumn(value)) return { type: "text", value };
    const asValue = this.#uses.filter(({ partners }) => partners.some((partner) => this.#isText(partner)));
    if (asValue.length === 0) return { type: "column", name: value };
    if (asValue.length === this.#uses.length) return { type: "text", value };
    const odd = this.#uses.find((use) => !asValue.includes(use))!;
    const message = `The variable ${this.#name} is compared with text columns and otherwise, so "${value}" could be text or`;
    throw this.#fail(`${message} the column; name the column in backticks, or give it as rstring`, odd.node);
  }

  /** Whether a partner is a text column, seen from a plain text variable. */
  #isText(partner: ConditionNode): boolean {
    if (partner.type !== "name") return false;
    const given = partner.quoted ? undefined : this.#variables.get(partner.name);
    if (typeof given === "string" && this.#kindOf(given) === "text") {
      const message = `The variables ${this.#name} and ${partner.name} both name columns, but either could be text`;
      throw this.#fail(`${message}; name the columns in backticks, or give them as rstring`, partner);
    }
    const column = given === undefined ? partner.name : isRType(given) ? String(given.val) : "";
    return this.#kindOf(column) === "text";
  }

  #kindOf(column: string): Kind | undefined {
    const field = this.#fields.find(({ name }) => name === column);
    return field && columnValueKind(field);
  }

  #long(value: bigint): RType {
    if (fitsInt64(value)) return rlong(value);
    throw this.#fail(`The variable ${this.#name} is ${value}, which does not fit into 64 bits`);
  }

  /** A whole number is rlong unless it meets float64 columns only; numbers beyond 2^53 must not be rounded silently. */
  #number(value: number): RType {
    const kinds = this.#uses.flatMap(({ partners }) => partners.flatMap((partner) => this.#columnKinds(partner)));
    const meetsLong = kinds.includes("long");
    if (!Number.isInteger(value) || (kinds.includes("double") && !meetsLong)) return rdouble(value);
    if (Number.isSafeInteger(value)) return rlong(value);
    if (!meetsLong) return rdouble(value);
    throw this.#fail(
      `The variable ${this.#name} is ${value}, which may have been rounded; give it as bigint or rdouble`,
    );
  }

  #columnKinds(node: ConditionNode): Kind[] {
    if (node.type !== "name") return conditionChildren(node).flatMap((child) => this.#columnKinds(child));
    const kind = this.#kindOf(node.name);
    return kind ? [kind] : [];
  }
}
