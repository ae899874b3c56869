/** Runs a parsed query on the object store: joins, condition, groups, order. */
import { isAggregate } from "./aggregates.js";
import { type Evaluation, evaluate, evaluateGroup, type Row, test } from "./expressions.js";
import { property, type QueryScope } from "./properties.js";
import { rootCandidates } from "./root-candidates.js";
import { type FromItem, HqlError, type HqlExpression, type HqlQuery, type JoinItem, type OrderItem } from "./syntax.js";
import { identity, isList, isObject, order, type Value } from "./values.js";

/** Most combinations of objects looked at in one query. */
const MAXIMUM_ROWS = 500_000;

/**
 * The selected values of each row. Without `select`, the object of the first class.
 * @throws HqlError if the query names what is not there, or looks at more than {@link MAXIMUM_ROWS} combinations.
 */
export function runQuery(scope: QueryScope, query: HqlQuery, parameters: ReadonlyMap<string, Value>): Value[][] {
  let remaining = MAXIMUM_ROWS;
  const evaluation: Evaluation = {
    store: scope.store,
    canRead: (object) => {
      if (--remaining < 0) throw new HqlError(`The query looks at more than ${MAXIMUM_ROWS} objects`);
      return scope.canRead(object);
    },
    parameters,
    select: (inner, outer) => select(evaluation, inner, outer),
  };
  return select(evaluation, query, {});
}

function select(scope: Evaluation, query: HqlQuery, outer: Row): Value[][] {
  const rows = [...matchingRows(scope, query, outer)];
  const items = selected(query);
  const selectedRows = isGrouped(query, items)
    ? groups(scope, query, rows).map((group) => ({
        values: items.map((item) => evaluateGroup(scope, item, group)),
        row: group[0] ?? outer,
      }))
    : rows.map((row) => ({ values: items.map((item) => evaluate(scope, item, row)), row }));
  if (query.orderBy.length > 0) sort(scope, query.orderBy, selectedRows);
  const values = selectedRows.map((selectedRow) => selectedRow.values);
  return query.distinct ? distinct(values) : values;
}

function selected(query: HqlQuery): HqlExpression[] {
  if (query.select) return query.select.map((item) => item.expression);
  const { alias, position } = query.from[0]!;
  return [{ kind: "path", names: [alias], position }];
}

function* matchingRows(scope: Evaluation, query: HqlQuery, outer: Row): Generator<Row> {
  for (const row of fromRows(scope, query, query.from, outer)) {
    for (const joined of joinRows(scope, query.joins, row)) {
      if (!query.where || test(scope, query.where, joined) === true) yield joined;
    }
  }
}

function* fromRows(scope: Evaluation, query: HqlQuery, from: readonly FromItem[], row: Row): Generator<Row> {
  const [item, ...rest] = from;
  if (!item) {
    yield row;
    return;
  }
  const className = scope.store.model.resolve(item.className);
  if (!className) throw new HqlError(`${item.className} is not mapped`, item.position);
  for (const object of rootCandidates(scope, className, item.alias, query.where, row)) {
    if (scope.canRead(object)) yield* fromRows(scope, query, rest, { ...row, [item.alias]: object });
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
  const targets: Value[] = (isList(end) ? end : [end]).filter((target) => target !== null);
  if (targets.length === 0 && join.outer) targets.push(null);
  for (const target of targets) {
    yield* joinRows(scope, rest, join.alias === undefined ? row : { ...row, [join.alias]: target });
    // Without an alias nothing tells the rows apart.
    if (join.alias === undefined) break;
  }
}

function isGrouped(query: HqlQuery, items: readonly HqlExpression[]): boolean {
  return query.groupBy.length > 0 || items.some(isAggregate);
}

function groups(scope: Evaluation, query: HqlQuery, rows: readonly Row[]): Row[][] {
  if (query.groupBy.length === 0) return [[...rows]];
  const byKey = new Map<string, Row[]>();
  for (const row of rows) {
    const key = query.groupBy.map((expression) => identity(evaluate(scope, expression, row))).join("\n");
    const group = byKey.get(key);
    if (group) group.push(row);
    else byKey.set(key, [row]);
  }
  return [...byKey.values()];
}

function sort(scope: Evaluation, orderBy: readonly OrderItem[], rows: { values: Value[]; row: Row }[]): void {
  const keys = new Map(
    rows.map((item) => [item, orderBy.map(({ expression }) => evaluate(scope, expression, item.row))]),
  );
  rows.sort((a, b) => {
    for (const [index, { descending }] of orderBy.entries()) {
      const difference = order(keys.get(a)![index]!, keys.get(b)![index]!);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
}

function distinct(rows: Value[][]): Value[][] {
  return [...new Map(rows.map((values) => [values.map(identity).join("\n"), values])).values()];
}

/** The objects among the first selected values, each once. */
export function selectedObjects(rows: readonly (readonly Value[])[]): Extract<Value, { className: string }>[] {
  const objects = new Map<string, Extract<Value, { className: string }>>();
  for (const [value] of rows) {
    if (value === null || value === undefined) continue;
    if (!isObject(value)) throw new HqlError("The query selects values; use projection");
    objects.set(identity(value), value);
  }
  return [...objects.values()];
}
