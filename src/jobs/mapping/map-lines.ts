/** The lines of a map, a table in any format that is read, as texts just as they are written there. */
import type { ColumnBatch, ColumnData } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { invalidArgument } from "../../errors.js";
import type { Source } from "../../formats/format.js";
import { openSource } from "../../formats/open-source.js";
import { chosenSource } from "../../write/source-choice.js";

const ROWS = 1000;

/** A line: texts by the names that were asked for; empty where the map has no such column. */
export type MapLine<Name extends string> = Readonly<Record<Name, string>>;

/** What columns a map needs, in any case of letters, and which it may have. */
export interface MapColumns<Needed extends string, More extends string> {
  readonly needed: readonly Needed[];
  readonly more: readonly More[];
}

/**
 * All lines of a map, read as they are taken.
 * @throws ArgumentError `INVALID_ARGUMENT` for a map without the columns; DataError, FileError
 */
export async function* mapLines<Needed extends string, More extends string>(
  path: string,
  { needed, more }: MapColumns<Needed, More>,
  signal?: AbortSignal,
): AsyncGenerator<MapLine<Needed | More>, void, undefined> {
  const names = [...needed, ...more];
  const source = await openTexts(path, names, signal);
  try {
    const places = placesOf(source, names);
    if (needed.some((name) => places.get(name) === undefined)) {
      const found = source.fields.map(({ name }) => name).join(", ") || "none";
      throw invalidArgument(`${path} needs the columns ${needed.join(" and ")}; it has ${found}`);
    }
    for await (const batch of source.batches(ROWS, { signal })) yield* linesOf(batch, places);
  } finally {
    await source.close();
  }
}

/** Numbers among the texts are read as texts, so that 007 stays what it is. */
async function openTexts(path: string, names: readonly string[], signal: AbortSignal | undefined): Promise<Source> {
  const options = { signal, onProgress: undefined, onWarning: () => {} };
  const source = await openSource(path, { ...chosenSource({}), ...options });
  const numeric = [...placesOf(source, names).values()]
    .map((place) => (place === undefined ? undefined : source.fields[place]))
    .filter((field) => field !== undefined && field.type !== "String");
  if (numeric.length === 0) return source;
  await source.close();
  const columnTypes = Object.fromEntries(numeric.map((field) => [field!.name, "String" as const]));
  return openSource(path, { ...chosenSource({ columnTypes }), ...options });
}

function placesOf<Name extends string>({ fields }: Source, names: readonly Name[]): Map<Name, number | undefined> {
  const place = (wanted: string) => fields.findIndex(({ name }) => name.trim().toLowerCase() === wanted);
  return new Map(names.map((name) => [name, place(name) < 0 ? undefined : place(name)]));
}

function linesOf<Name extends string>(batch: ColumnBatch, places: Map<Name, number | undefined>): MapLine<Name>[] {
  const columns = [...places].map(([name, place]) => {
    const cells = place === undefined ? undefined : valuesOf(batch.columns[place]!);
    return [name, cells] as const;
  });
  return Array.from({ length: batch.rowCount }, (_, row) => {
    const texts = columns.map(([name, cells]) => [name, cells === undefined ? "" : String(cells[row]).trim()]);
    return Object.fromEntries(texts) as MapLine<Name>;
  });
}

/** Parquet and its like have numbers as they are. */
function valuesOf(column: ColumnData): readonly unknown[] {
  switch (column.kind) {
    case "long":
    case "double":
      return Array.from<unknown>(column.values);
    case "mask":
      throw invalidArgument("A map has texts, not masks");
    default:
      return columnValues(column);
  }
}
