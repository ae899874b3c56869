/** A table that was downloaded is the same table when it is read again, with nothing said of it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ColumnBatch, type ColumnData, field } from "../../../src/columns/batch.js";
import { openCsv } from "../../../src/formats/csv/index.js";
import { csvBlocks, csvHeader } from "../../../src/formats/csv/write/csv-writer.js";

type Kind = "Long" | "Double" | "Bool" | "String" | "Image";

const WORD = /^(?=.*\p{L}{3})(?!\s)(?!.*\s$)(?!#)/su;
const NAMED = /^(?:nan|null|none|n\/a|inf(?:inity)?|true|false)$/i;
const texts = fc
  .string({ unit: "grapheme", minLength: 3, maxLength: 12 })
  .map((text) => text.replaceAll(/[\r\0]/g, "x"))
  .map((text) => (WORD.test(text) && !NAMED.test(text) ? text : `cell ${text} end`));

const cells: Readonly<Record<Kind, fc.Arbitrary<unknown>>> = {
  Long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  Double: fc.double(),
  Bool: fc.boolean(),
  String: texts,
  Image: fc.bigInt({ min: -1n, max: 2n ** 40n }),
};

const table = fc
  .tuple(
    fc.array(fc.constantFrom<Kind>("Long", "Double", "Bool", "String"), { minLength: 1, maxLength: 6 }),
    fc.nat(12),
  )
  .chain(([kinds, rows]) => {
    const all: Kind[] = ["Image", ...kinds];
    return fc.record({
      kinds: fc.constant(all),
      columns: fc.tuple(...all.map((kind) => fc.array(cells[kind], { minLength: rows + 1, maxLength: rows + 1 }))),
    });
  });

function columnOf(kind: Kind, values: readonly unknown[]): ColumnData {
  if (kind === "Long" || kind === "Image") return { kind: "long", values: BigInt64Array.from(values as bigint[]) };
  if (kind === "Double") return { kind: "double", values: Float64Array.from(values as number[]) };
  if (kind === "Bool") return { kind: "bool", values: Uint8Array.from(values as boolean[], Number) };
  const encoded = values.map((value) => Buffer.from(value as string));
  const offsets = [0];
  for (const { length } of encoded) offsets.push(offsets.at(-1)! + length);
  return { kind: "string", offsets: Int32Array.from(offsets), bytes: Buffer.concat(encoded) };
}

function csvOf(batch: ColumnBatch): Buffer {
  return Buffer.concat([csvHeader(batch.fields), ...[...csvBlocks(batch)].map((block) => Buffer.from(block))]);
}

test("300 tables, byte for byte", async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(undefined, 0), async ({ kinds, columns }, keptBytes) => {
      const names = kinds.map((kind, index) => (index === 0 ? "image" : `${kind} / no. ${index}`));
      const fields = kinds.map((kind, index) => field(names[index]!, kind, 64));
      const rowCount = columns[0]!.length;
      const data = kinds.map((kind, index) => columnOf(kind, columns[index]!));
      const first = csvOf({ fields, columns: data, rowCount, rowNumbers: { start: 0, step: 1 } });
      const read = await openCsv([first], { keptBytes });
      const parts: Buffer[] = [Buffer.from(csvHeader(read.fields))];
      for await (const batch of read.batches(5)) {
        parts.push(...[...csvBlocks(batch)].map((block) => Buffer.from(block)));
      }
      await read.close();
      expect(Buffer.concat(parts).toString()).toBe(first.toString());
    }),
    { numRuns: 300 },
  );
});
