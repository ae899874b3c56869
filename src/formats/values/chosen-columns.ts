/** Some of a source's columns. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import type { TableCallOptions } from "../../columns/table.js";
import { ArgumentError } from "../../errors.js";
import type { Source } from "../format.js";

/** @throws ArgumentError `UNKNOWN_COLUMN` for a column that is chosen and not there */
export function checkChosenColumns(chosen: readonly string[] | undefined, names: readonly string[]): void {
  const unknown = chosen?.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const shown = names.slice(0, 20).map((name) => `"${name}"`);
  const rest = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  const message = `columnNames: there is no column "${unknown}"; there are ${shown.join(", ")}${rest}`;
  throw new ArgumentError("UNKNOWN_COLUMN", message, { column: unknown });
}

/** The source with the columns of these names alone, or as it is if it has no others. */
export function chooseColumns(source: Source, chosen: readonly string[] | undefined): Source {
  if (chosen === undefined) return source;
  const wanted = new Set(chosen.flatMap((name) => [name, name.replaceAll("/", "\\")]));
  const positions = source.fields.flatMap(({ name }, index) => (wanted.has(name) ? [index] : []));
  if (positions.length === source.fields.length) return source;
  checkChosenColumns(
    chosen,
    source.fields.flatMap(({ name }) => [name, name.replaceAll("\\", "/")]),
  );
  return new ChosenColumns(source, positions);
}

class ChosenColumns implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number | undefined;
  readonly declared: Source["declared"];
  readonly #source: Source;
  readonly #positions: readonly number[];

  constructor(source: Source, positions: readonly number[]) {
    this.#source = source;
    this.#positions = positions;
    this.fields = positions.map((position) => source.fields[position]!);
    this.rowCount = source.rowCount;
    this.declared = source.declared;
  }

  async *batches(rows: number, options?: TableCallOptions): AsyncGenerator<ColumnBatch, void, undefined> {
    for await (const batch of this.#source.batches(rows, options)) {
      yield { ...batch, fields: this.fields, columns: this.#positions.map((position) => batch.columns[position]!) };
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}
