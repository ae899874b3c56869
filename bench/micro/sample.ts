/** The benchmark's ten columns as a batch. */
import { type ColumnBatch, type ColumnData, field } from "../../src/columns/batch.js";
import { Seeded } from "../../test/support/seeded.js";

export const ROWS = 100_000;

const CLASSES = ["Nucleus", "Cytoplasm", "Membrane"].map((text) => Buffer.from(text));
const DOUBLES = ["f0", "f1", "f2", "f3", "f4", "f5"];

export function sampleBatch(rows = ROWS): ColumnBatch {
  const random = new Seeded(1);
  const doubles = DOUBLES.map((): ColumnData => {
    return { kind: "double", values: Float64Array.from({ length: rows }, () => normal(random)) };
  });
  return {
    fields: [
      field("image", "Image"),
      field("label", "Long"),
      ...DOUBLES.map((name) => field(name, "Double")),
      field("cls", "String", 9),
      field("ok", "Bool"),
    ],
    columns: [
      { kind: "long", values: BigInt64Array.from({ length: rows }, () => BigInt(1 + random.below(19))) },
      { kind: "long", values: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row)) },
      ...doubles,
      texts(Array.from({ length: rows }, () => random.pick(CLASSES))),
      { kind: "bool", values: Uint8Array.from({ length: rows }, () => random.below(2)) },
    ],
    rowCount: rows,
    rowNumbers: { start: 0, step: 1 },
  };
}

function texts(rows: readonly Buffer[]): ColumnData {
  const offsets = new Int32Array(rows.length + 1);
  for (const [row, text] of rows.entries()) offsets[row + 1] = offsets[row]! + text.length;
  return { kind: "string", offsets, bytes: new Uint8Array(Buffer.concat(rows)) };
}

/** A normally distributed number (Box and Muller's method). */
function normal(random: Seeded): number {
  return Math.sqrt(-2 * Math.log(1 - random.fraction())) * Math.cos(2 * Math.PI * random.fraction());
}
