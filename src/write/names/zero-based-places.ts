/** Rows and columns of plates, counted from 0 where a file in the form of `omero metadata populate` declares them. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import type { TableCallOptions } from "../../columns/table.js";
import type { OnWarning } from "../../flow/warnings.js";
import type { Source } from "../../formats/format.js";

const PLACES: ReadonlySet<string> = new Set(["row", "column"]);

/**
 * The source with its columns "row" and "column" one less, as `omero metadata populate` stores them, where a line of the file
 * declares them as integers; the source itself otherwise.
 * @param declared what the file as it was read declares
 */
export function zeroBasedPlaces(source: Source, declared: Source["declared"], onWarning: OnWarning): Source {
  const positions = source.fields.flatMap((field, position) => (isPlace(field, declared) ? [position] : []));
  if (positions.length === 0) return source;
  const names = positions.map((position) => `"${source.fields[position]!.name}"`).join(", ");
  onWarning(`Stored counted from 0, as omero metadata populate does for declared integers: ${names}`);
  return new ZeroBasedSource(source, positions);
}

function isPlace({ name, type }: ColumnField, declared: Source["declared"]): boolean {
  return PLACES.has(name.trim().toLowerCase()) && declared?.get(name) === "Long" && columnKind(type) === "long";
}

class ZeroBasedSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number | undefined;
  readonly #source: Source;
  readonly #positions: readonly number[];

  constructor(source: Source, positions: readonly number[]) {
    this.#source = source;
    this.#positions = positions;
    this.fields = source.fields;
    this.rowCount = source.rowCount;
  }

  async *batches(rows: number, options?: TableCallOptions): AsyncGenerator<ColumnBatch, void, undefined> {
    for await (const batch of this.#source.batches(rows, options)) {
      const columns = batch.columns.map((column, position) => {
        if (column.kind !== "long" || !this.#positions.includes(position)) return column;
        return { ...column, values: column.values.map((value) => value - 1n) };
      });
      yield { ...batch, columns };
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}
