import type { ColumnField } from "../../columns/batch.js";
import { printColumns, visibleLine } from "../output.js";
import type { TextColumn } from "./text-table.js";

/** Columns of a table, a line each; what they are for where any says so. */
export function printFields(fields: readonly ColumnField[]): void {
  const described = fields.some(({ description }) => description);
  const texts: TextColumn[] = [
    { heading: "column", cells: fields.map(({ name }) => visibleLine(name)) },
    { heading: "type", cells: fields.map(({ type }) => type) },
    { heading: "size", cells: fields.map(({ size }) => String(size)), isNumeric: true },
    ...(described && process.stdout.isTTY
      ? [{ heading: "description", cells: fields.map(({ description = "" }) => visibleLine(description)) }]
      : []),
  ];
  printColumns(texts, { headings: process.stdout.isTTY === true });
}
