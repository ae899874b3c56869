/** What DuckDB will look at of a table, by its own plan: columns, and a condition that the rows it wants meet. */
import type { ColumnField } from "../columns/batch.js";
import type { ConditionBuilder } from "../query/index.js";
import { conditionOf } from "./filter-text.js";

/** A part of a plan, as `EXPLAIN (FORMAT json)` gives it. */
export interface PlanNode {
  readonly name: string;
  readonly children?: readonly PlanNode[];
  readonly extra_info?: Readonly<Record<string, string | readonly string[]>>;
}

/** What is fetched of a table. */
export interface ScanNeeds {
  /** None where only the number of rows counts. */
  readonly columns: readonly string[];
  /** All rows that DuckDB wants meet them, and others may; it looks again. */
  readonly conditions: readonly ConditionBuilder[];
}

/** What is needed of the table of a name; undefined where the plan does not say. */
export function scanNeeds(
  plan: readonly PlanNode[],
  name: string,
  fields: readonly ColumnField[],
): ScanNeeds | undefined {
  const scans = plan.flatMap(nodesOf).filter(({ extra_info: info }) => String(info?.Table ?? "").includes(name));
  if (scans.length === 0) return undefined;
  const filters = scans.map(({ extra_info: info }) => listOf(info?.Filters));
  const shown = new Set(scans.flatMap(({ extra_info: info }) => listOf(info?.Projections)));
  const inFilters = filters.flat();
  const columns = fields
    .map((field) => field.name)
    .filter((one) => shown.has(one) || inFilters.some((filter) => filter.includes(one)));
  // Rows that one scan does not want another may.
  const [only = []] = filters;
  const conditions = scans.length > 1 ? [] : only.flatMap((filter) => conditionOf(filter, fields) ?? []);
  return { columns, conditions };
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.children ?? []).flatMap(nodesOf)];
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined || value === "" ? [] : typeof value === "string" ? [value] : value;
}
