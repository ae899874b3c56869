/** Collections that are selected: each of their members is in a row of its own. */
import type { Model } from "../../model/model.js";
import type { HqlExpression, HqlQuery, JoinItem, SelectItem } from "../grammar/syntax.js";
import { StaticScope } from "./static-types.js";

type Call = HqlExpression & { kind: "call" };

/** The query with joins for the collections that it selects, or of which it selects `elements` or `indices`. */
export function withSelectedCollections(model: Model, query: HqlQuery): HqlQuery {
  if (!query.select) return query;
  const scope = new StaticScope(model, query);
  const joins: JoinItem[] = [];
  const join = (path: readonly string[], position: number): HqlExpression => {
    const alias = `member${joins.length} of`;
    joins.push({ outer: false, fetch: false, path, alias, position });
    return { kind: "path", names: [alias], position };
  };
  const select = query.select.map(
    (item): SelectItem => ({ ...item, expression: joined(scope, item.expression, join) }),
  );
  return { ...query, select, joins: [...query.joins, ...joins] };
}

function joined(
  scope: StaticScope,
  expression: HqlExpression,
  join: (path: readonly string[], position: number) => HqlExpression,
): HqlExpression {
  const path = collectionPath(scope, expression);
  if (path) return join(path, 0);
  if (expression.kind !== "call") return expression;
  const inner = expression.arguments[0] && collectionPath(scope, expression.arguments[0]);
  if (!inner) return expression;
  switch (expression.name) {
    case "elements":
      return join(inner, expression.position);
    case "indices":
      return { ...expression, name: "index", arguments: [join(inner, expression.position)] };
    default:
      return ofList(expression);
  }
}

/** The last or first of one object's list, which is no aggregate over rows. */
function ofList(call: Call): Call {
  return /^(max|min)(index|element)$/.test(call.name) ? { ...call, name: `${call.name} of list` } : call;
}

function collectionPath(scope: StaticScope, expression: HqlExpression): readonly string[] | undefined {
  if (expression.kind !== "path" || expression.names.length < 2 || !scope.alias(expression.names[0]!)) return undefined;
  return scope.path(expression.names)?.kind === "collection" ? expression.names : undefined;
}

/** Whether a query fetches members of collections: what it selects is in its rows many times then, and told once. */
export function fetchesCollections(model: Model, query: HqlQuery): boolean {
  const scope = new StaticScope(model, query);
  return query.joins.some(({ fetch, path }) => fetch && scope.path(path)?.kind === "collection");
}
