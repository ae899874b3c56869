/** Faults of a query that an OMERO server finds before it looks at any object. */
import type { Model } from "../../model/model.js";
import { hasAggregate, subexpressions } from "../aggregates.js";
import { subqueries } from "../grammar/subqueries.js";
import { HqlError, type HqlExpression, type HqlQuery } from "../grammar/syntax.js";
import type { Value } from "../values.js";
import { ParameterCheck } from "./check-parameters.js";
import { checkSelected } from "./check-selected.js";
import { dataFault, statementFault, unexpectedNode } from "./faults.js";
import { StaticScope } from "./static-types.js";

/** @throws HqlError */
export function checkQuery(model: Model, query: HqlQuery, parameters: ReadonlyMap<string, Value>): void {
  const check = new ParameterCheck(parameters);
  checkWithin(model, query, undefined, check);
  check.end();
}

function checkWithin(model: Model, query: HqlQuery, around: StaticScope | undefined, check: ParameterCheck): void {
  const scope = new StaticScope(model, query, around);
  const selected = (query.select ?? []).map(({ expression }) => expression);
  if (!around) checkSelected(scope, query);
  for (const expression of selected) checkPaths(scope, expression, true);
  if (query.where) {
    checkCondition(query.where);
    if (hasAggregate(query.where)) throw statementFault();
  }
  const others = [
    ...(query.where ? [query.where] : []),
    ...query.groupBy,
    ...query.orderBy.map((item) => item.expression),
  ];
  const conditions = query.joins.flatMap(({ condition }) => condition ?? []);
  for (const expression of [...others, ...conditions, ...(query.having ? [query.having] : [])]) {
    checkPaths(scope, expression, false);
  }
  for (const expression of [...selected, ...conditions, ...others]) {
    check.visit(scope, expression);
    for (const inner of subqueries(expression)) checkWithin(model, inner, scope, check);
  }
}

function checkPaths(scope: StaticScope, expression: HqlExpression, isSelected: boolean): void {
  if (expression.kind === "path" && !scope.path(expression.names)) throw unknownPath(expression.names, isSelected);
  checkCollections(scope, expression, isSelected);
  for (const inner of subexpressions(expression)) checkPaths(scope, inner, isSelected);
}

function unknownPath(names: readonly string[], isSelected: boolean): HqlError {
  const name = names.join(".");
  if (names.length > 1) return new HqlError(`Invalid path: '${name}'`);
  if (!isSelected) return statementFault();
  const node = "org.hibernate.hql.ast.tree.IdentNode";
  const tree = `\n \\-[IDENT] IdentNode: '${name}' {originalText=${name}}\n`;
  return new HqlError(`No data type for node: ${node} ${tree}`, undefined, "bare");
}

function isCollection(scope: StaticScope, expression: HqlExpression | undefined): boolean {
  return expression?.kind === "path" && scope.path(expression.names)?.kind === "collection";
}

/** Collections cannot be counted so, and in a condition their sizes and members cannot be asked for. */
function checkCollections(scope: StaticScope, expression: HqlExpression, isSelected: boolean): void {
  if (expression.kind === "in" && !("from" in expression.list) && expression.list.length === 0)
    throw new HqlError("unexpected end of subtree");
  if (expression.kind !== "call" || !isCollection(scope, expression.arguments[0])) return;
  const { name } = expression;
  if (["avg", "count", "max", "min", "sum"].includes(name)) throw statementFault();
  if (!isSelected && ["size", "elements"].includes(name)) throw dataFault();
}

/** What stands in place of a condition has to be one. */
function checkCondition(expression: HqlExpression): void {
  switch (expression.kind) {
    case "and":
    case "or":
      expression.operands.forEach(checkCondition);
      break;
    case "not":
      checkCondition(expression.operand);
      break;
    case "path": {
      const text = expression.names.join(".");
      const dot = text.lastIndexOf(".");
      throw unexpectedNode(dot < 0 ? text : ".", expression.position + Math.max(0, dot));
    }
    case "call":
      throw unexpectedNode("(", expression.position + expression.name.length);
    case "literal":
      if (expression.position !== undefined) throw unexpectedNode(String(expression.value), expression.position);
  }
}
