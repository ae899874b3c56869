/** Rows for arrays. */
import {
  type ColumnBatch,
  type ColumnData,
  type ColumnField,
  field,
  type StringColumn,
} from "../../../src/columns/batch.js";

export function stringColumn(texts: readonly string[]): StringColumn {
  const parts = texts.map((text) => Buffer.from(text));
  const offsets = new Int32Array(texts.length + 1);
  for (const [index, part] of parts.entries()) offsets[index + 1] = offsets[index]! + part.length;
  return { kind: "string", offsets, bytes: new Uint8Array(Buffer.concat(parts)) };
}

export function batchOfColumns(
  columns: readonly (readonly [ColumnField, ColumnData])[],
  rowCount: number,
): ColumnBatch {
  return {
    fields: columns.map(([column]) => column),
    columns: columns.map(([, data]) => data),
    rowCount,
    rowNumbers: { start: 0, step: 1 },
  };
}

const TEXTS = [
  "",
  "a",
  "Größe",
  "日本語",
  "👩‍🔬",
  "two words",
  "line\nbreak",
  "tab\t",
  '"quoted"',
  "it's",
  "-1",
  "NaN",
  "x".repeat(300),
];
const DOUBLES = [0, -0, 1.5, -1 / 3, 1e300, -1e-300, Number.MAX_VALUE, 5e-324, Number.POSITIVE_INFINITY];
const LONGS = [0n, 1n, -1n, 2n ** 53n + 1n, -(2n ** 62n), 2n ** 63n - 1n, -(2n ** 63n) + 1n];

/** Columns of every type TileDB can hold one value a cell of; each row differs from its neighbours. */
export function everyType(rows: number): ColumnBatch {
  const of = { length: rows };
  const longs = (value: (row: number) => bigint): ColumnData => ({
    kind: "long",
    values: BigInt64Array.from(of, (_, row) => value(row)),
  });
  return batchOfColumns(
    [
      [field("image", "Image"), longs((row) => BigInt(1 + (row % 19)))],
      [field("count", "Long"), longs((row) => BigInt(row) * 3n - 100n)],
      [field("wide", "Long"), longs((row) => LONGS[row % LONGS.length]!)],
      [field("mean area", "Double"), { kind: "double", values: Float64Array.from(of, (_, row) => (row - 7) / 3) }],
      [
        field("odd", "Double"),
        {
          kind: "double",
          values: Float64Array.from(of, (_, row) => DOUBLES[row % DOUBLES.length]! / (row % 2 ? 1 : 2)),
        },
      ],
      [
        field("gaps", "Double"),
        { kind: "double", values: Float64Array.from(of, (_, row) => (row % 5 ? row : Number.NaN)) },
      ],
      [field("ok", "Bool"), { kind: "bool", values: Uint8Array.from(of, (_, row) => Number(row % 3 === 0)) }],
      [field("class", "String", 8), stringColumn(Array.from(of, (_, row) => ["cell", "nucleus", ""][row % 3]!))],
      [
        field("Größe/µm 名前", "String", 300),
        stringColumn(Array.from(of, (_, row) => TEXTS[(row * 7) % TEXTS.length]!)),
      ],
      [field("plate", "Plate"), longs(() => 5n)],
    ],
    rows,
  );
}

/** Text in cells from nothing to far beyond a chunk, in an order that closes chunks in every way. */
export function longTexts(): ColumnBatch {
  const lengths = [
    0, 70_000, 65_536, 1, 65_535, 1, 32_768, 40_000, 32_769, 65_000, 20_000, 98_304, 0, 200_000, 33_000, 33_000,
  ];
  const texts = lengths.map((length, index) => String.fromCharCode(97 + index).repeat(length));
  const filler = Array.from({ length: 9_990 }, (_, row) => `row ${row}`);
  const all = [...texts, ...filler, ...texts.toReversed()];
  return batchOfColumns([[field("text", "String", 200_000), stringColumn(all)]], all.length);
}
