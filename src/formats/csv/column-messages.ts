/** Says in sentences what was done with columns of a CSV file. */
import { listed } from "./opening/column-names.js";
import type { CsvColumn } from "./scan/column-kind.js";

export interface Unnamed {
  /** Whether a first column without a name numbered the rows, and is left out. */
  readonly isIndex: boolean;
  /** Names given to columns that had none. */
  readonly unnamed: readonly string[];
  /** How many columns had neither a name nor a cell, and are left out. */
  readonly empty: number;
}

export function columnMessages(columns: readonly CsvColumn[], { isIndex, unnamed, empty }: Unnamed): string[] {
  const messages: string[] = [];
  if (isIndex) messages.push("The first column has no name and numbers the rows: it is left out");
  if (empty > 0) messages.push(`${empty === 1 ? "A column" : `${empty} columns`} without name and cells left out`);
  if (unnamed.length > 0) messages.push(`Columns without a name are named ${listed(unnamed)}`);
  const padded = columns.filter((column) => column.padded).map(({ name }) => name);
  if (padded.length > 0) {
    messages.push(
      `Integers with leading zeros, all of one width, are kept as text (columnTypes: "Long" reads numbers): ${listed(padded)}`,
    );
  }
  for (const column of columns) messages.push(...idMessages(column), ...textMessages(column));
  return messages;
}

function idMessages({ name, missingIds, wholeIds }: CsvColumn): string[] {
  const messages: string[] = [];
  if (missingIds > 0) {
    const cells = missingIds === 1 ? "1 missing id" : `${missingIds} missing ids`;
    messages.push(`Column "${name}": ${cells} stored as -1, which is none to OMERO (columnTypes: "Double" keeps NaN)`);
  }
  if (wholeIds > 0) messages.push(`Column "${name}": ids with a fraction of zero, as 1.0, are stored as ids`);
  return messages;
}

function textMessages({ name, kind, firstText }: CsvColumn): string[] {
  if (kind !== "string" || firstText === undefined) return [];
  const { line, text } = firstText;
  return [`Column "${name}" is text because of line ${line}, "${text}"; its cells before that are numbers`];
}
