/** Narrows the objects a query starts from where its condition names their ids or what they refer to. */
import type { StoredObject } from "../model/object-store.js";
import { type Evaluation, evaluate, type Row } from "./expressions.js";
import type { HqlExpression } from "./grammar/syntax.js";
import { isList, plain, type Value } from "./values.js";

/** All objects of the class that can meet the condition; more than those, where it says nothing useful of them. */
export function rootCandidates(
  scope: Evaluation,
  className: string,
  alias: string,
  where: HqlExpression | undefined,
  row: Row,
): Iterable<StoredObject> {
  for (const { names, ids } of idConditions(scope, where, row)) {
    const path = names[0] === alias ? names.slice(1) : alias.startsWith("this") ? names : [];
    if (path.length === 1 && path[0] === "id") {
      return ids.flatMap((id) => scope.store.get(className, id) ?? []);
    }
    const found = path.length === 1 ? scope.store.having(className, path[0]!, ids) : undefined;
    if (found) return found;
    const member = path.length > 0 ? scope.store.model.member(className, path[0]!) : undefined;
    if (member?.kind === "reference" && (path.length === 1 || (path.length === 2 && path[1] === "id"))) {
      return ids.flatMap((id) => scope.store.referring(className, member.name, { className: member.className, id }));
    }
  }
  return scope.store.all(className);
}

/** Conditions `path = id` and `path in (ids)` that every row must meet. */
function* idConditions(
  scope: Evaluation,
  where: HqlExpression | undefined,
  row: Row,
): Generator<{ names: readonly string[]; ids: bigint[] }> {
  if (!where) return;
  if (where.kind === "and") {
    for (const operand of where.operands) yield* idConditions(scope, operand, row);
  } else if (where.kind === "comparison" && where.operator === "=") {
    const ids = constantIds(scope, [where.right], row);
    if (where.left.kind === "path" && ids) yield { names: where.left.names, ids };
  } else if (where.kind === "in" && where.operand.kind === "path" && !("from" in where.list)) {
    const ids = constantIds(scope, where.list, row);
    if (ids) yield { names: where.operand.names, ids };
  }
}

function constantIds(scope: Evaluation, list: readonly HqlExpression[], row: Row): bigint[] | undefined {
  const ids = new Set<bigint>();
  for (const expression of list) {
    if (!isKnown(expression, row)) return undefined;
    const value = evaluate(scope, expression, row);
    for (const item of isList(value) ? value : [value]) {
      const id = plain(item as Value);
      if (typeof id === "bigint") ids.add(id);
      else if (typeof id === "number" && Number.isSafeInteger(id)) ids.add(BigInt(id));
      else return undefined;
    }
  }
  return [...ids];
}

/** Whether a value can be had before the objects are: where a subquery compares with what the row around it holds. */
function isKnown(expression: HqlExpression, row: Row): boolean {
  if (expression.kind === "path") return Object.hasOwn(row, expression.names[0]!);
  return expression.kind === "literal" || expression.kind === "parameter";
}
