import type { QueryBudget, Steps } from "./budget.js";

/** Items sorted at once, by the engine. */
const RUN = 4096;

/** Items in order, equal ones as they came; with pauses, as there may be many. */
export function* sorted<T>(items: readonly T[], budget: QueryBudget, compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += RUN) {
    runs.push(items.slice(start, start + RUN).sort(compare));
    budget.spend(RUN);
    if (budget.isDue) yield;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(yield* merge(runs[index]!, runs[index + 1] ?? [], budget, compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(left: T[], right: T[], budget: QueryBudget, compare: (a: T, b: T) => number): Steps<T[]> {
  const merged: T[] = [];
  for (let at = 0, other = 0; at < left.length || other < right.length; ) {
    const takesLeft = other >= right.length || (at < left.length && compare(left[at]!, right[other]!) <= 0);
    merged.push(takesLeft ? left[at++]! : right[other++]!);
    budget.spend();
    if (budget.isDue) yield;
  }
  return merged;
}
