/** What may be selected. */
import { hasAggregate, subexpressions } from "../aggregates.js";
import { HqlError, type HqlExpression, type HqlQuery } from "../grammar/syntax.js";
import { statementFault, unexpectedNode } from "./faults.js";
import { FUNCTION_TYPES } from "./function-types.js";
import type { StaticScope } from "./static-types.js";

/** @throws HqlError for conditions, unknown functions and fetched objects of others than the selected. */
export function checkSelected(scope: StaticScope, query: HqlQuery): void {
  const selected = (query.select ?? []).map(({ expression }) => expression);
  for (const expression of selected) {
    checkNode(expression);
    checkFunctions(expression);
  }
  checkFetched(query);
  checkGrouped(scope, query, selected);
}

function checkNode(expression: HqlExpression): void {
  switch (expression.kind) {
    case "comparison":
      if (expression.operator !== "like") throw unexpectedNode(expression.operator, expression.position);
      break;
    case "and":
    case "or":
      throw unexpectedNode(expression.kind, expression.position);
    case "not":
      if (expression.isNegation) throw new HqlError("unexpected AST node: not");
      break;
    case "exists":
      throw unexpectedNode("exists", expression.position);
    case "parameter":
      throw unexpectedNode(":", expression.position);
    case "literal":
      if (expression.value === null || typeof expression.value === "boolean")
        throw unexpectedNode(String(expression.value), expression.position ?? 0);
  }
}

function checkFunctions(expression: HqlExpression): void {
  if (expression.kind === "call" && (FUNCTION_TYPES[expression.name] === undefined || isOfNull(expression))) {
    throw noType(expression.name);
  }
  const [branch] = expression.kind === "case" ? expression.branches : [];
  if (branch && isNullLiteral(branch.result)) {
    const names = ["SqlNode", "SelectExpression"].map((name) => `org.hibernate.hql.ast.tree.${name}`);
    const loader = "unnamed module of loader 'app'";
    const message = `class ${names[0]} cannot be cast to class ${names[1]} (${names[0]} and ${names[1]} are in ${loader})`;
    throw new HqlError(message, undefined, "bare");
  }
  subexpressions(expression).forEach(checkFunctions);
}

function isOfNull({ name, arguments: [first] }: HqlExpression & { kind: "call" }): boolean {
  return FUNCTION_TYPES[name] === "argument" && first !== undefined && isNullLiteral(first);
}

function isNullLiteral(expression: HqlExpression): boolean {
  return expression.kind === "literal" && expression.value === null;
}

function noType(name: string): HqlError {
  const tree = ` \\-[METHOD_CALL] MethodNode: '('\n    +-[METHOD_NAME] IdentNode: '${name}' {originalText=${name}}\n`;
  return new HqlError(`No data type for node: org.hibernate.hql.ast.tree.MethodNode \n${tree}`, undefined, "bare");
}

/** What is fetched has to be of what is selected, or of what is fetched itself. */
function checkFetched({ select, joins, from }: HqlQuery): void {
  if (!select) return;
  const paths = select.map(({ expression }) => pathOf(expression));
  const loaded = new Set(paths.flatMap((names) => (names?.length === 1 ? names : [])));
  for (const [index, { fetch, path, alias }] of joins.entries()) {
    if (!fetch) continue;
    const isOfSelected = paths.some((names) => names && names.length > 1 && names[0] === path[0]);
    if (!loaded.has(path[0]!) && !(isOfSelected && from.length + index < 1)) throw notSelected(path);
    if (alias !== undefined) loaded.add(alias);
  }
}

function pathOf(expression: HqlExpression): readonly string[] | undefined {
  const inner = expression.kind === "call" && expression.name === "object" ? expression.arguments[0]! : expression;
  return inner.kind === "path" ? inner.names : undefined;
}

function notSelected(path: readonly string[]): HqlError {
  const found = `[FromElement{explicit,not a collection join,fetch join,fetch non-lazy properties,classAlias=null,role=${path.join(".")}}]`;
  const reason =
    "query specified join fetching, but the owner of the fetched association was not present in the select list";
  return new HqlError(`${reason} ${found}`);
}

/** Beside counts of all rows nothing can be selected that is of one row. */
function checkGrouped(scope: StaticScope, query: HqlQuery, selected: readonly HqlExpression[]): void {
  if (query.groupBy.length > 0) return;
  const isCounting = selected.some((expression) => hasAggregate(expression) || isSize(expression));
  const isOfRow = (expression: HqlExpression) => !isSize(expression) && hasRowPath(scope, expression);
  if (isCounting && selected.some(isOfRow)) throw statementFault();
}

function isSize(expression: HqlExpression): boolean {
  return expression.kind === "call" && expression.name === "size";
}

function hasRowPath(scope: StaticScope, expression: HqlExpression): boolean {
  if (expression.kind === "path") return scope.alias(expression.names[0]!) !== undefined;
  if (expression.kind === "call" && hasAggregate({ ...expression, arguments: [] })) return false;
  return subexpressions(expression).some((inner) => hasRowPath(scope, inner));
}
