/** CSV as a source of rows. */

import type { ColumnBatch, ColumnField, ColumnType, StringColumn } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import type { TableCallOptions } from "../../columns/table.js";
import type { BatchStreamOptions, Source } from "../format.js";
import { availableParallelism } from "../node.js";
import type { ColumnContent } from "../values/column-content.js";
import { isIdName, isIdType, tableFields, warnOfNames } from "../values/column-types.js";
import { valueColumn } from "../values/value-columns.js";
import { trailingNul } from "../values/value-errors.js";
import { ValueProfile } from "../values/value-profile.js";
import { type CsvColumn, type CsvInput, type CsvKind, type CsvTable, openCsv } from "./index.js";

const PROFILED_ROWS = 4096;

export async function openCsvSource(input: CsvInput, options: BatchStreamOptions): Promise<Source> {
  const { types, csv: dialect, checkNames, columnNames, knownNames, signal, onProgress, slowConsumer } = options;
  const kinds = (names: readonly string[], nameless: readonly boolean[]) => {
    checkLikelyNames(
      columnNames ?? names,
      names.filter((_, index) => nameless[index]),
      checkNames,
    );
    const typed = names.filter((name) => types.has(name) && !mayBeNames(types.get(name)!, options));
    return new Map(typed.map((name) => [name, cellKind(types.get(name)!)]));
  };
  const isId = (name: string) => (types.has(name) ? isIdType(types.get(name)!) : isIdName(name));
  const keptBytes = slowConsumer && availableParallelism() > 1 ? 0 : undefined;
  const reading = { kinds, isId, columnNames, knownNames, keptBytes, signal, onProgress, onWarning: options.onWarning };
  const csv = await openCsv(input, { ...dialect, ...reading });
  try {
    checkNames(csv.columns.map(({ name }) => name));
    const contents = await contentsOf(csv, types, signal);
    const fields = tableFields(contents, { ...options, types: new Map([...csv.declared, ...types]) });
    const source = new CsvSource(csv, fields);
    if (options.namedTypes === undefined) warnOfNames(source, options);
    return source;
  } catch (error) {
    await csv.close();
    throw error;
  }
}

/** Cells of a column that shall hold ids may be names, to be looked up later. */
function mayBeNames(type: ColumnType, { namedTypes = [] }: BatchStreamOptions): boolean {
  return namedTypes.includes(type);
}

/** Columns without a name may be left out, so that the other names alone must do. */
function checkLikelyNames(
  names: readonly string[],
  nameless: readonly string[],
  checkNames: BatchStreamOptions["checkNames"],
): void {
  try {
    checkNames(names);
  } catch (error) {
    if (nameless.length === 0) throw error;
    checkNames(names.filter((name) => !nameless.includes(name)));
  }
}

/** Lists and masks are text in CSV. */
function cellKind(type: ColumnType): CsvKind {
  const kind = columnKind(type);
  return kind === "array" || kind === "mask" ? "string" : kind;
}

async function contentsOf(
  csv: CsvTable,
  types: ReadonlyMap<string, ColumnType>,
  signal: AbortSignal | undefined,
): Promise<ColumnContent[]> {
  const objects = await profileObjects(csv, types, signal);
  return csv.columns.map((column) => objects.get(column.name) ?? scalarContent(column));
}

function scalarContent({ name, kind, width, gaps, trailingNulRow }: CsvColumn): ColumnContent {
  if (kind === "string" && trailingNulRow !== undefined) throw trailingNul(name, trailingNulRow);
  return { name, kind, size: kind === "string" ? width : 1, gaps };
}

/** The columns asked for as arrays and masks, whose texts must all be such. */
async function profileObjects(
  csv: CsvTable,
  types: ReadonlyMap<string, ColumnType>,
  signal: AbortSignal | undefined,
): Promise<Map<string, ColumnContent>> {
  const profiles = csv.columns.map(({ name }) => {
    const type = types.get(name);
    return type !== undefined && isObject(type) ? new ValueProfile(name, type) : undefined;
  });
  if (profiles.every((profile) => profile === undefined)) return new Map();
  let row = 0;
  for await (const { columns, rowCount } of csv.batches(PROFILED_ROWS, { signal })) {
    for (const [index, profile] of profiles.entries()) {
      if (profile !== undefined) profile.addColumn(columns[index] as StringColumn, row);
    }
    row += rowCount;
  }
  const concluded = profiles.filter((profile) => profile !== undefined);
  return new Map(concluded.map((profile) => [profile.name, profile.conclude(csv.rowCount)]));
}

function isObject(type: ColumnType): boolean {
  const kind = columnKind(type);
  return kind === "array" || kind === "mask";
}

function declaredType({ declared }: CsvTable, name: string, { name: stored }: ColumnField): [string, ColumnType][] {
  const type = declared.get(name);
  return type === undefined ? [] : [[stored, type]];
}

class CsvSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly declared: ReadonlyMap<string, ColumnType>;
  readonly #csv: CsvTable;

  constructor(csv: CsvTable, fields: readonly ColumnField[]) {
    this.#csv = csv;
    this.fields = fields;
    this.rowCount = csv.rowCount;
    this.declared = new Map(csv.columns.flatMap(({ name }, index) => declaredType(csv, name, fields[index]!)));
  }

  async *batches(rows: number, options?: TableCallOptions): AsyncGenerator<ColumnBatch, void, undefined> {
    for await (const batch of this.#csv.batches(rows, options)) {
      const columns = this.fields.map((field, index) => {
        const column = batch.columns[index]!;
        return isObject(field.type)
          ? valueColumn(columnValues(column as StringColumn), 0, batch.rowCount, field)
          : column;
      });
      yield { ...batch, fields: this.fields, columns };
    }
  }

  close(): Promise<void> {
    return this.#csv.close();
  }
}
