/** Evaluates HQL expressions for one row of a query: the objects its aliases stand for. */
import { rint, rlong } from "../../rtypes.js";
import { aggregate, isAggregate } from "./aggregates.js";
import { callFunction, castTo, extractField } from "./functions.js";
import { type HqlComparisonOperator, HqlError, type HqlExpression, type HqlQuery } from "./grammar/syntax.js";
import type { ListIndexes } from "./list-index.js";
import type { QueryBudget } from "./pace/budget.js";
import { property, type QueryScope } from "./properties.js";
import { statementFault } from "./semantics/faults.js";
import {
  calculate,
  compare,
  identity,
  isList,
  isNull,
  literal,
  plain,
  type Truth,
  type Value,
  ValueSet,
} from "./values.js";

/** Objects and values by alias. */
export type Row = Readonly<Record<string, Value>>;

export interface Evaluation extends QueryScope {
  /** Named parameters of the query. */
  readonly parameters: ReadonlyMap<string, Value>;
  readonly budget: QueryBudget;
  /** What the lists among the parameters hold, to be looked up in. */
  readonly sets: Map<readonly Value[], ValueSet>;
  readonly listIndexes: ListIndexes;
  /** The alias whose properties may be named without it: that of the innermost query's first class. */
  readonly root: string;
  /** The rows that aggregates are over, where there are any. */
  readonly group: readonly Row[] | undefined;
  /** Rows of a subquery, given the row it stands in. */
  select(query: HqlQuery, outer: Row): Value[][];
  /** Finds the rows of an expression's subqueries, with pauses, before it is evaluated for a row. */
  prepare(expression: HqlExpression, outer: Row): Generator<undefined, void>;
}

/** @throws HqlError where the expression cannot be evaluated. */
export function evaluate(scope: Evaluation, expression: HqlExpression, row: Row): Value {
  scope.budget.spend();
  switch (expression.kind) {
    case "literal":
      return literalValue(expression);
    case "parameter":
      return parameterValue(scope, expression.name);
    case "path":
      return pathValue(scope, expression.names, expression.position, row);
    case "arithmetic":
      return calculate(
        expression.operator,
        evaluate(scope, expression.left, row),
        evaluate(scope, expression.right, row),
      );
    case "call":
      return callValue(scope, expression, row);
    case "case": {
      const branch = expression.branches.find(({ condition }) => test(scope, condition, row) === true);
      return evaluate(scope, branch ? branch.result : expression.otherwise, row);
    }
    case "cast":
      return castTo(scope.budget, evaluate(scope, expression.operand, row), expression.type, expression.position);
    case "extract":
      return extractField(evaluate(scope, expression.operand, row), expression.field, expression.position);
    case "list":
      return expression.items.map((item) => evaluate(scope, item, row));
    case "subquery":
      return scope.select(expression.query, row)[0]?.[0] ?? null;
    case "map":
      return {
        iceId: "::omero::RMap",
        val: new Map(
          expression.items.map(({ expression: item, alias }, index) => [
            alias ?? `${index}`,
            evaluate(scope, item, row),
          ]),
        ),
      };
    default: {
      const truth = test(scope, expression, row);
      return truth === null ? null : literal(truth);
    }
  }
}

/** Whether a condition holds. */
export function test(scope: Evaluation, expression: HqlExpression, row: Row): Truth {
  scope.budget.spend();
  switch (expression.kind) {
    case "and":
      return both(expression.operands.map((operand) => test(scope, operand, row)));
    case "or":
      return not(both(expression.operands.map((operand) => not(test(scope, operand, row)))));
    case "not":
      return not(test(scope, expression.operand, row));
    case "comparison":
      return comparison(scope, expression, row);
    case "isNull":
      return isNull(evaluate(scope, expression.operand, row));
    case "isEmpty":
      return elements(evaluate(scope, expression.operand, row)).length === 0;
    case "between": {
      const operand = evaluate(scope, expression.operand, row);
      return both([
        compare(">=", operand, evaluate(scope, expression.low, row), scope.budget),
        compare("<=", operand, evaluate(scope, expression.high, row), scope.budget),
      ]);
    }
    case "in":
      return isIn(scope, evaluate(scope, expression.operand, row), listValues(scope, expression.list, row));
    case "exists":
      return scope.select(expression.query, row).length > 0;
    default: {
      const value = plain(evaluate(scope, expression, row));
      if (value !== null && typeof value !== "boolean") throw statementFault();
      return value;
    }
  }
}

function literalValue({ value, type }: HqlExpression & { kind: "literal" }): Value {
  if (type === "int") return rint(Number(value));
  return type === "float" ? { iceId: "::omero::RFloat", val: value } : literal(value);
}

type Comparison = HqlExpression & { kind: "comparison" };

function comparison(scope: Evaluation, expression: Comparison, row: Row): Truth {
  const { operator, left, right } = expression;
  if (left.kind === "list" && right.kind === "list") {
    const equal = both(left.items.map((item, index) => compared(scope, "=", item, right.items[index]!, row)));
    return operator === "!=" ? not(equal) : equal;
  }
  if (right.kind === "quantified") {
    const value = evaluate(scope, left, row);
    const truths = scope.select(right.query, row).map(([item]) => compare(operator, value, item ?? null, scope.budget));
    return right.isAll ? both(truths) : not(both(truths.map(not)));
  }
  if (!expression.escape) return compared(scope, operator, left, right, row);
  const escapeSign = String(plain(evaluate(scope, expression.escape, row)));
  return compare(operator, evaluate(scope, left, row), evaluate(scope, right, row), scope.budget, escapeSign);
}

function compared(
  scope: Evaluation,
  operator: HqlComparisonOperator,
  left: HqlExpression,
  right: HqlExpression,
  row: Row,
): Truth {
  return compare(operator, evaluate(scope, left, row), evaluate(scope, right, row), scope.budget);
}

function both(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes(null) ? null : true;
}

function not(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

function isIn(scope: Evaluation, operand: Value, list: readonly Value[]): Truth {
  let set = scope.sets.get(list);
  if (!set) {
    scope.budget.spend(list.length);
    set = new ValueSet(list);
    // A list that is the same for every row is a parameter.
    if ([...scope.parameters.values()].includes(list)) scope.sets.set(list, set);
  }
  return set.has(operand);
}

function listValues(scope: Evaluation, list: readonly HqlExpression[] | HqlQuery, row: Row): readonly Value[] {
  if ("from" in list) return scope.select(list, row).map((values) => values[0] ?? null);
  if (list.length === 1) return elements(evaluate(scope, list[0]!, row));
  return list.flatMap((item) => elements(evaluate(scope, item, row)));
}

/** The elements of a list, or the value as the only one. */
function elements(value: Value): readonly Value[] {
  return isList(value) ? value : [value];
}

function parameterValue(scope: Evaluation, name: string): Value {
  const value = scope.parameters.get(name);
  if (value === undefined) throw new HqlError(`Not all named parameters have been set: [${name}]`);
  return value;
}

function pathValue(scope: Evaluation, names: readonly string[], position: number, row: Row): Value {
  // Of no rows there is nothing but counts.
  if (scope.group?.length === 0) return null;
  const [first, ...rest] = names as [string, ...string[]];
  if (Object.hasOwn(row, first)) return walk(scope, row[first] ?? null, rest);
  const className = scope.store.model.resolve(names.at(-1)!);
  if (className && /^[A-Z]/.test(names.at(-1)!)) return { objectClass: className };
  if (!Object.hasOwn(row, scope.root)) throw new HqlError(`Unknown alias or property: ${names.join(".")}`, position);
  return walk(scope, row[scope.root] ?? null, names);
}

function walk(scope: Evaluation, start: Value, names: readonly string[]): Value {
  return names.reduce((value, name) => property(scope, value, name), start);
}

function callValue(scope: Evaluation, call: HqlExpression & { kind: "call" }, row: Row): Value {
  if (isAggregate(call)) return aggregateValue(scope, call);
  const values = call.arguments.map((argument) => evaluate(scope, argument, row));
  return callFunction(scope, call, values);
}

/** A selected value for a group of rows: aggregates in it are over all of them, anything else is the first's. */
export function evaluateGroup(scope: Evaluation, expression: HqlExpression, rows: readonly Row[]): Value {
  return evaluate({ ...scope, group: rows }, expression, rows[0] ?? {});
}

/** Whether a condition holds for a group of rows. */
export function testGroup(scope: Evaluation, expression: HqlExpression, rows: readonly Row[]): Truth {
  return test({ ...scope, group: rows }, expression, rows[0] ?? {});
}

function aggregateValue(scope: Evaluation, call: HqlExpression & { kind: "call" }): Value {
  const { group } = scope;
  if (!group) throw new HqlError(`${call.name}() is only possible in a selection`, call.position);
  if (call.star) return rlong(group.length);
  const argument = call.arguments[0];
  if (!argument) throw new HqlError(`${call.name}() needs an argument`, call.position);
  const single = { ...scope, group: undefined };
  const isIndex = call.name === "minindex" || call.name === "maxindex";
  const take = (row: Row) => {
    const value = evaluate(single, argument, row);
    return isIndex ? callFunction(single, { ...call, name: "index" }, [value]) : value;
  };
  const values = group.map(take).filter((value) => !isNull(value));
  const distinct = new Map(values.map((value) => [identity(value), value]));
  return aggregate(call.name, call.distinct ? [...distinct.values()] : values);
}
