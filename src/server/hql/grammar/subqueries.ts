import type { HqlExpression, HqlQuery } from "./syntax.js";

const known = new WeakMap<HqlExpression, readonly HqlQuery[]>();

/** The queries within an expression, but for those within these. */
export function subqueries(expression: HqlExpression): readonly HqlQuery[] {
  const found = known.get(expression) ?? find(expression);
  known.set(expression, found);
  return found;
}

function find(expression: HqlExpression): readonly HqlQuery[] {
  switch (expression.kind) {
    case "exists":
    case "quantified":
    case "subquery":
      return [expression.query];
    case "and":
    case "or":
      return expression.operands.flatMap(find);
    case "not":
    case "isNull":
    case "isEmpty":
    case "cast":
    case "extract":
      return find(expression.operand);
    case "list":
      return expression.items.flatMap(find);
    case "comparison":
    case "arithmetic":
      return [...find(expression.left), ...find(expression.right)];
    case "between":
      return [expression.operand, expression.low, expression.high].flatMap(find);
    case "in":
      return [
        ...find(expression.operand),
        ...("from" in expression.list ? [expression.list] : expression.list.flatMap(find)),
      ];
    case "call":
      return expression.arguments.flatMap(find);
    default:
      // Branches of a case, and entries of a map, are looked at only where they are needed.
      return [];
  }
}
