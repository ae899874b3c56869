/** Which properties of a selected object a query asks to be loaded with it (`join fetch`). */
import type { HqlExpression, HqlQuery } from "./syntax.js";

/** Loaded properties by name, each with what is loaded of its own objects. */
export interface FetchPlan {
  readonly properties: Map<string, FetchPlan>;
}

export function emptyPlan(): FetchPlan {
  return { properties: new Map() };
}

/** Loaded properties by name, each with those of its own: `{ pixels: { pixelsType: {} } }`. */
export interface PlanTree {
  readonly [name: string]: PlanTree;
}

export function planFrom(tree: PlanTree): FetchPlan {
  return { properties: new Map(Object.entries(tree).map(([name, inner]) => [name, planFrom(inner)])) };
}

/** The plan for the objects a query selects: those of its first selected path, or of the first class. */
export function fetchPlan(query: HqlQuery): FetchPlan {
  const plans = new Map<string, FetchPlan>(query.from.map(({ alias }) => [alias, emptyPlan()]));
  for (const { path, alias, fetch } of query.joins) {
    const source = plans.get(path[0]!) ?? emptyPlan();
    const target = fetch ? descend(source, path.slice(1)) : emptyPlan();
    if (alias !== undefined) plans.set(alias, target);
  }
  const names = selectedPath(query.select?.[0]?.expression) ?? [query.from[0]!.alias];
  const start = plans.get(names[0]!);
  return start ? descend(start, names.slice(1)) : emptyPlan();
}

function descend(plan: FetchPlan, names: readonly string[]): FetchPlan {
  let current = plan;
  for (const name of names) {
    let next = current.properties.get(name);
    if (!next) {
      next = emptyPlan();
      current.properties.set(name, next);
    }
    current = next;
  }
  return current;
}

function selectedPath(expression: HqlExpression | undefined): readonly string[] | undefined {
  return expression?.kind === "path" ? expression.names : undefined;
}
