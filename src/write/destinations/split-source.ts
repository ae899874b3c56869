/** A source of many columns as several sources of fewer, each of which has the same rows. */
import { randomUUID } from "node:crypto";
import type { ColumnBatch, ColumnData, ColumnField } from "../../columns/batch.js";
import type { TableCallOptions } from "../../columns/table.js";
import { ArgumentError } from "../../errors.js";
import type { Source } from "../../formats/format.js";
import { checkColumnCount } from "../../formats/hdf5/rules/hdf5-rules.js";
import { isIdType } from "../../formats/values/column-types.js";
import { keyField, repeatedField, type TablePart } from "../../gateway/tables/split-layout.js";

/** Columns that OMERO.tables is made for. */
const MOST_COLUMNS = 512;

/** Rows for one table, and which part of a larger one it is, if it is one. */
export interface TableRows {
  readonly rows: Source;
  readonly part: TablePart | undefined;
}

/**
 * The parts of a source, or itself where one table has room for it. They close nothing.
 * @throws ArgumentError `INVALID_ARGUMENT` for a stream that would have to be read several times
 */
export function splitSource(source: Source): TableRows[] {
  const { fields, rowCount } = source;
  if (fields.length <= MOST_COLUMNS) return [{ rows: source, part: undefined }];
  if (rowCount === undefined) {
    const message = `${fields.length} columns need several tables, and a stream can be read only once: give a file, rows or columns`;
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  const ids = fields.flatMap(({ type }, position) => (isIdType(type) ? [position] : []));
  const room = MOST_COLUMNS - 1 - ids.length;
  if (room < 1) throw new ArgumentError("INVALID_ARGUMENT", `${ids.length} columns of ids have no room in one table`);
  const parts = Math.ceil(fields.length / room);
  const size = Math.ceil(fields.length / parts);
  const group = randomUUID();
  return Array.from({ length: parts }, (_, index) => {
    const part = { group, part: index + 1, parts };
    return { rows: new PartSource(source, part, ids, index * size, (index + 1) * size), part };
  });
}

/** Row numbers, the columns of ids, and some of the others. */
class PartSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number | undefined;
  readonly #source: Source;
  readonly #positions: readonly number[];

  constructor(source: Source, part: TablePart, ids: readonly number[], start: number, stop: number) {
    const { fields } = source;
    const repeated = ids.filter((position) => position < start || position >= stop);
    const own = fields.slice(start, stop);
    this.#source = source;
    this.rowCount = source.rowCount;
    this.#positions = [...repeated, ...own.map((_, index) => start + index)];
    const names = new Set(fields.map(({ name }) => name));
    this.fields = [keyField(part, names), ...repeated.map((position) => repeatedField(fields[position]!)), ...own];
    checkColumnCount(this.fields, () => {});
  }

  async *batches(rows: number, options?: TableCallOptions): AsyncGenerator<ColumnBatch, void, undefined> {
    let first = 0;
    for await (const batch of this.#source.batches(rows, options)) {
      const columns = this.#positions.map((position) => batch.columns[position]!);
      yield { ...batch, fields: this.fields, columns: [rowNumbersFrom(first, batch.rowCount), ...columns] };
      first += batch.rowCount;
    }
  }

  async close(): Promise<void> {}
}

function rowNumbersFrom(first: number, count: number): ColumnData {
  return { kind: "long", values: BigInt64Array.from({ length: count }, (_, index) => BigInt(first + index)) };
}
