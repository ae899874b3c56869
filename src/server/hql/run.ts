/** Runs a parsed query on the object store: joins, condition, groups, order. */

import type { StoredObject } from "../model/object-store.js";
import { hasAggregate } from "./aggregates.js";
import { type Evaluation, evaluate, evaluateGroup, type Row, test, testGroup } from "./expressions.js";
import { subqueries } from "./grammar/subqueries.js";
import {
  type FromItem,
  HqlError,
  type HqlExpression,
  type HqlQuery,
  type JoinItem,
  type OrderItem,
} from "./grammar/syntax.js";
import { implicitJoins, isJoined } from "./implicit-joins.js";
import { ListIndexes } from "./list-index.js";
import { QueryBudget, type Steps } from "./pace/budget.js";
import { sorted } from "./pace/sorted.js";
import { property, type QueryScope } from "./properties.js";
import { rootCandidates } from "./root-candidates.js";
import { mappedClass } from "./semantics/static-types.js";
import { identity, isList, isObject, order, type Value } from "./values.js";

/** Most combinations of objects looked at in one query. */
const MAXIMUM_ROWS = 500_000;

/** Takes the steps to their end. `pause` is waited for whenever others are to have their turn. */
export async function inTurns<T>(steps: Steps<T>, budget: QueryBudget, pause: () => Promise<void>): Promise<T> {
  budget.resume();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    budget.pause();
    await pause();
    budget.resume();
  }
}

/**
 * The selected values of each row. Without `select`, the object of the first class.
 * @throws HqlError if the query names what is not there, looks at more than {@link MAXIMUM_ROWS} combinations, or takes
 * more than its budget.
 */
export function* runQuery(
  scope: QueryScope,
  query: HqlQuery,
  parameters: ReadonlyMap<string, Value>,
  budget = new QueryBudget(),
): Steps<Value[][]> {
  let remaining = MAXIMUM_ROWS;
  /** Of subqueries, found before the row that they stand in is looked at. */
  const found = new Map<HqlQuery, { outer: Row; rows: Value[][] }>();
  const evaluation: Evaluation = {
    store: scope.store,
    canRead: (object) => {
      if (--remaining < 0) throw new HqlError(`The query looks at more than ${MAXIMUM_ROWS} objects`);
      budget.spend();
      return scope.canRead(object);
    },
    parameters,
    budget,
    sets: new Map(),
    listIndexes: new ListIndexes(scope),
    root: query.from[0]!.alias,
    group: undefined,
    select: (inner, outer) => {
      const before = found.get(inner);
      return before?.outer === outer ? before.rows : toEnd(select(evaluation, inner, outer));
    },
    *prepare(expression, outer) {
      for (const inner of subqueries(expression)) {
        found.set(inner, { outer, rows: yield* select(evaluation, inner, outer) });
      }
    },
  };
  return yield* select(evaluation, query, {});
}

/** Without a pause. */
function toEnd<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function* select(around: Evaluation, query: HqlQuery, outer: Row): Steps<Value[][]> {
  const scope = { ...around, root: query.from[0]!.alias, group: undefined };
  const rows = yield* matchingRows(scope, query, outer);
  const items = selected(query);
  const selectedRows: SelectedRow[] = [];
  if (isGrouped(query, items)) {
    for (const group of yield* groups(scope, query, rows)) {
      if (!query.having || testGroup(scope, query.having, group) === true) {
        selectedRows.push({
          values: items.map((item) => evaluateGroup(scope, item, group)),
          row: group[0] ?? outer,
          group,
        });
      }
      if (scope.budget.isDue) yield;
    }
  } else {
    for (const row of rows) {
      for (const item of items) yield* scope.prepare(item, row);
      selectedRows.push({ values: items.map((item) => evaluate(scope, item, row)), row });
      if (scope.budget.isDue) yield;
    }
  }
  const inOrder = query.orderBy.length > 0 ? yield* sort(scope, query.orderBy, selectedRows) : selectedRows;
  return query.distinct ? yield* distinct(scope, inOrder) : inOrder.map(({ values }) => values);
}

interface SelectedRow {
  readonly values: Value[];
  readonly row: Row;
  /** The rows that it stands for, where there are groups. */
  readonly group?: readonly Row[];
}

function selected(query: HqlQuery): HqlExpression[] {
  if (query.select) return query.select.map((item) => item.expression);
  const joined = query.joins.filter(({ fetch, alias }) => !fetch && alias !== undefined);
  return [...query.from, ...joined].map(({ alias, position }) => ({ kind: "path", names: [alias!], position }));
}

function* matchingRows(scope: Evaluation, query: HqlQuery, outer: Row): Steps<Row[]> {
  const rows: Row[] = [];
  const paths = implicitJoins(query);
  yield* eachFromRow(scope, query, query.from, outer, function* (row) {
    for (const joined of joinRows(scope, query.joins, row)) {
      if (!paths.every((path) => isJoined(scope, path, joined))) continue;
      if (query.where) yield* scope.prepare(query.where, joined);
      if (!query.where || test(scope, query.where, joined) === true) rows.push(joined);
      if (scope.budget.isDue) yield;
    }
  });
  return rows;
}

function* eachFromRow(
  scope: Evaluation,
  query: HqlQuery,
  from: readonly FromItem[],
  row: Row,
  use: (row: Row) => Steps<void>,
): Steps<void> {
  const [item, ...rest] = from;
  if (!item) return yield* use(row);
  const className = mappedClass(scope.store.model, item.className);
  if (!className) throw new HqlError(`${item.className} is not mapped`);
  for (const object of rootCandidates(scope, className, item.alias, query.where, row)) {
    if (scope.canRead(object)) yield* eachFromRow(scope, query, rest, { ...row, [item.alias]: object }, use);
    if (scope.budget.isDue) yield;
  }
}

function* joinRows(scope: Evaluation, joins: readonly JoinItem[], row: Row): Generator<Row> {
  const [join, ...rest] = joins;
  if (!join) {
    yield row;
    return;
  }
  const [start, ...names] = join.path as [string, ...string[]];
  if (!Object.hasOwn(row, start)) throw new HqlError(`Unknown alias ${start}`, join.position);
  const end = names.reduce((value, name) => property(scope, value, name), row[start] ?? null);
  const { alias, condition } = join;
  const isWanted = (target: Value) =>
    !condition || alias === undefined || test(scope, condition, { ...row, [alias]: target }) === true;
  const targets = (isList(end) ? end : [end]).filter((target) => target !== null && isWanted(target));
  if (targets.length === 0 && join.outer) targets.push(null);
  for (const target of targets) {
    yield* joinRows(scope, rest, join.alias === undefined ? row : { ...row, [join.alias]: target });
    // Without an alias nothing tells the rows apart.
    if (join.alias === undefined) break;
  }
}

function isGrouped(query: HqlQuery, items: readonly HqlExpression[]): boolean {
  return query.groupBy.length > 0 || items.some(hasAggregate);
}

function* groups(scope: Evaluation, query: HqlQuery, rows: Row[]): Steps<Row[][]> {
  if (query.groupBy.length === 0) return [rows];
  const byKey = new Map<string, Row[]>();
  for (const row of rows) {
    const key = query.groupBy.map((expression) => identity(evaluate(scope, expression, row))).join("\n");
    const group = byKey.get(key);
    if (group) group.push(row);
    else byKey.set(key, [row]);
    if (scope.budget.isDue) yield;
  }
  return [...byKey.values()];
}

function* sort(scope: Evaluation, orderBy: readonly OrderItem[], rows: SelectedRow[]): Steps<SelectedRow[]> {
  const keyed: { keys: Value[]; item: SelectedRow }[] = [];
  for (const item of rows) {
    const keyOf = (expression: HqlExpression) =>
      item.group ? evaluateGroup(scope, expression, item.group) : evaluate(scope, expression, item.row);
    keyed.push({ keys: orderBy.map(({ expression }) => keyOf(expression)), item });
    if (scope.budget.isDue) yield;
  }
  const inOrder = yield* sorted(keyed, scope.budget, (a, b) => {
    for (const [index, item] of orderBy.entries()) {
      const difference = order(a.keys[index]!, b.keys[index]!, item.descending);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return inOrder.map(({ item }) => item);
}

function* distinct(scope: Evaluation, rows: readonly SelectedRow[]): Steps<Value[][]> {
  const once = new Map<string, Value[]>();
  for (const { values } of rows) {
    once.set(values.map(identity).join("\n"), values);
    scope.budget.spend(values.length);
    if (scope.budget.isDue) yield;
  }
  return [...once.values()];
}

/** The objects that are selected. @param isOnce whether each is wanted once, however many rows it is in. */
export function* selectedObjects(
  rows: readonly (readonly Value[])[],
  budget: QueryBudget,
  isOnce: boolean,
): Steps<(StoredObject | null)[]> {
  const objects: (StoredObject | null)[] = [];
  const seen = new Set<string>();
  for (const [value = null, ...others] of rows) {
    budget.spend();
    if (budget.isDue) yield;
    if (others.length > 0 || (value !== null && !isObject(value)))
      throw new HqlError("The query selects values; use projection");
    const key = identity(value);
    if (isOnce && seen.has(key)) continue;
    seen.add(key);
    objects.push(value);
  }
  return objects;
}
