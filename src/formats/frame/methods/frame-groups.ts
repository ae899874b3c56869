/** What `frame.groupby` gives. */
import { ArgumentError } from "../../../errors.js";
import { comparable } from "../cells/cell-codes.js";
import {
  type CellTable,
  columnNamed,
  isNumeric,
  type NamedCells,
  namesGiven,
  type RowLabel,
} from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import type { FrameCell } from "../cells/frame-cell.js";
import { takeColumn, takeTable } from "../cells/take-cells.js";
import type { FrameBase } from "../danfojs/frame-base.js";
import { frameTable, isSeries, resultOf } from "../frame-content.js";
import * as aggregates from "../operations/aggregates.js";
import { stackTables } from "../operations/concat.js";
import type { RowGroups } from "../operations/group-rows.js";
import { accumulated, countDifferent, medianValue, mostFrequent } from "../operations/group-values.js";
import type { AggregateName, GroupBy } from "../types/group-by.js";

type Aggregator = (column: NamedCells, groups: RowGroups) => aggregates.Aggregated;

const AGGREGATORS: Readonly<Record<AggregateName, Aggregator>> = {
  count: aggregates.countValues,
  sum: aggregates.sumValues,
  mean: aggregates.meanValue,
  median: medianValue,
  mode: mostFrequent,
  std: aggregates.standardDeviation,
  var: aggregates.variance,
  min: aggregates.smallest,
  max: aggregates.largest,
  first: aggregates.firstValue,
  last: aggregates.lastValue,
  nunique: countDifferent,
  cumsum: accumulated((sum, value) => sum + value),
  cumprod: accumulated((product, value) => product * value),
  cummin: accumulated(Math.min),
  cummax: accumulated(Math.max),
};

/** Those that give a value a row. */
const RUNNING = new Set<AggregateName>(["cumsum", "cumprod", "cummin", "cummax"]);
/** Those for which values need not be numbers. */
const OF_ANY_TYPE = new Set<AggregateName>(["count", "mode", "min", "max", "first", "last", "nunique"]);

export class FrameGroups implements GroupBy<FrameBase> {
  readonly #frame: FrameBase;
  readonly #table: CellTable;
  readonly #groups: RowGroups;
  /** Columns chosen by {@link col}. */
  readonly #chosen: readonly NamedCells[] | undefined;

  constructor(frame: FrameBase, table: CellTable, groups: RowGroups, chosen?: readonly NamedCells[]) {
    this.#frame = frame;
    this.#table = table;
    this.#groups = groups;
    this.#chosen = chosen;
  }

  col(names?: string | readonly string[]): FrameGroups {
    const chosen =
      names === undefined
        ? this.#others()
        : namesGiven(names, "groupby").map((name) => columnNamed(this.#table, name, "groupby"));
    return new FrameGroups(this.#frame, this.#table, this.#groups, chosen);
  }

  count = () => this.#all("count");
  sum = () => this.#all("sum");
  mean = () => this.#all("mean");
  median = () => this.#all("median");
  mode = () => this.#all("mode");
  std = () => this.#all("std");
  var = () => this.#all("var");
  min = () => this.#all("min");
  max = () => this.#all("max");
  nunique = () => this.#all("nunique");
  cumSum = () => this.#all("cumsum");
  cumProd = () => this.#all("cumprod");
  cumMin = () => this.#all("cummin");
  cumMax = () => this.#all("cummax");
  first = () => this.#all("first", ({ name }) => name);
  last = () => this.#all("last", ({ name }) => name);

  size(): FrameBase {
    const { starts, count } = this.#groups;
    const cells = Cells.of(Array.from({ length: count }, (_, group) => starts[group + 1]! - starts[group]!));
    return this.#result([{ name: "size", cells, type: "int32" }], false);
  }

  agg(asked: Readonly<Record<string, AggregateName | readonly AggregateName[]>>): FrameBase {
    const pairs = Object.entries(asked).flatMap(([name, names]) => {
      const column = columnNamed(this.#table, name, "agg");
      return [names].flat().map((aggregate) => [column, aggregate as AggregateName] as const);
    });
    const isRunning = pairs.some(([, name]) => RUNNING.has(name));
    if (isRunning && pairs.some(([, name]) => !RUNNING.has(name))) {
      throw new ArgumentError(
        "INVALID_ARGUMENT",
        "agg: some aggregates give a value a row, others a value a group; ask for them apart",
      );
    }
    return this.#result(
      pairs.map(([column, name]) => this.#aggregated(column, name)),
      isRunning,
    );
  }

  apply(change: (group: FrameBase) => FrameBase | object): FrameBase {
    const tables = Array.from({ length: this.#groups.count }, (_, group) => this.#applied(change, group));
    const { columns, index } = stackTables(tables);
    return resultOf(this.#frame, { columns, index })!;
  }

  getGroup(keys: readonly FrameCell[]): FrameBase {
    const wanted = [keys].flat().map(comparable);
    const group = Array.from({ length: this.#groups.count }, (_, at) => at).find((at) =>
      this.#groups.keys.every(({ cells }, key) => comparable(cells.list[at]) === wanted[key]),
    );
    if (group !== undefined && wanted.length === this.#groups.keys.length) return this.#frameOf(group);
    throw new ArgumentError(
      "INVALID_ARGUMENT",
      `getGroup: there is no group ${JSON.stringify(wanted, (_, key) => (typeof key === "bigint" ? String(key) : key))}`,
    );
  }

  get ngroups(): number {
    return this.#groups.count;
  }

  get groups(): Record<string, RowLabel[]> {
    const { keys, count } = this.#groups;
    const named = Array.from({ length: count }, (_, group): [string, RowLabel[]] => {
      return [
        keys.map(({ cells }) => String(cells.list[group])).join("-"),
        Array.from(this.#rowsOf(group), (row) => this.#table.index.list[row] as RowLabel),
      ];
    });
    return Object.fromEntries(named);
  }

  #others(): readonly NamedCells[] {
    const keys = new Set(this.#groups.keys.map(({ name }) => name));
    return this.#table.columns.filter(({ name }) => !keys.has(name));
  }

  #rowsOf(group: number): Int32Array {
    const { rows, starts } = this.#groups;
    return rows.subarray(starts[group], starts[group + 1]);
  }

  #frameOf(group: number): FrameBase {
    const columns = this.#chosen ?? this.#table.columns;
    return resultOf(this.#frame, takeTable({ ...this.#table, columns }, this.#rowsOf(group)))!;
  }

  #all(name: AggregateName, naming?: (column: NamedCells) => string): FrameBase {
    const columns = this.#chosen ?? this.#others();
    return this.#result(
      columns.map((column) => this.#aggregated(column, name, naming)),
      RUNNING.has(name),
    );
  }

  #aggregated(
    column: NamedCells,
    name: AggregateName,
    naming = ({ name: own }: NamedCells) => `${own}_${name}`,
  ): NamedCells {
    const aggregate = Object.hasOwn(AGGREGATORS, name) ? AGGREGATORS[name] : undefined;
    if (aggregate === undefined) {
      const message = `groupby: there is no aggregate "${name}"; there are ${Object.keys(AGGREGATORS).join(", ")}`;
      throw new ArgumentError("INVALID_ARGUMENT", message);
    }
    if (!OF_ANY_TYPE.has(name) && !isNumeric(column) && !column.cells.list.some((cell) => typeof cell === "bigint")) {
      const message = `groupby: column "${column.name}" holds texts, of which there is no ${name}; choose columns by col or agg`;
      throw new ArgumentError("INVALID_ARGUMENT", message, { column: column.name });
    }
    return { ...aggregate(column, this.#groups), name: naming(column) };
  }

  #result(columns: readonly NamedCells[], isRunning: boolean): FrameBase {
    const { keys, rows } = this.#groups;
    const named = isRunning ? keys.map(({ name }) => columnNamed(this.#table, name, "groupby")) : keys;
    const first = named.map((key) => (isRunning ? takeColumn(key, rows) : { ...key, cells: key.cells.copy() }));
    const names = new Set(columns.map(({ name }) => name));
    const all = [...first.filter(({ name }) => !names.has(name)), ...columns];
    return resultOf(this.#frame, { columns: all, index: Cells.upTo(all[0]?.cells.length ?? 0) })!;
  }

  /** What `change` makes of a group, with the group's keys before it. */
  #applied(change: (group: FrameBase) => unknown, group: number): CellTable {
    const made = change(this.#frameOf(group));
    const table = isSeries(made) ? rowOf(made.values, made.index) : frameTable(made as FrameBase);
    const isChosen = this.#chosen !== undefined;
    const keys = this.#groups.keys.map((key): NamedCells => {
      const cells = Cells.of(new Array<FrameCell>(table.index.length).fill(key.cells.list[group]!));
      return { ...key, name: isChosen ? key.name : `${key.name}_Group`, cells };
    });
    return { ...table, columns: [...keys, ...table.columns] };
  }
}

/** A series as a row; one value is a column `applyOps`, as in danfojs. */
function rowOf(values: readonly FrameCell[], index: readonly RowLabel[]): CellTable {
  const columns = values.map((value, at): NamedCells => {
    const type = typeof value === "number" ? (Number.isInteger(value) ? "int32" : "float32") : "string";
    return { name: values.length > 1 ? String(index[at]) : "applyOps", cells: Cells.of([value]), type };
  });
  return { columns, index: Cells.upTo(1) };
}
