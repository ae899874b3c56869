import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, field } from "../../../../src/columns/batch.js";
import { CsvWriter, csvHeader } from "../../../../src/formats/csv/write/csv-writer.js";
import { batchOf } from "../../../support/cells.js";
import { restoreBatch, type StatedTable } from "../../../support/stated-cells.js";

interface CsvCase extends StatedTable {
  readonly name: string;
  readonly rows: readonly number[];
  readonly csv: string;
}

/** Made by pandas; see make_csv_cases.py beside it. */
const cases: CsvCase[] = JSON.parse(readFileSync(new URL("../fixtures/csv-cases.json", import.meta.url), "utf8"));

function csvOf(...batches: ColumnBatch[]): string {
  const writer = new CsvWriter();
  const blocks = [Buffer.from(csvHeader(batches[0]!.fields))];
  for (const batch of batches) for (const block of writer.write(batch)) blocks.push(Buffer.from(block));
  return Buffer.concat(blocks).toString();
}

describe("CsvWriter", () => {
  it.each(cases.map((one) => [one.name, one] as const))("writes what pandas writes: %s", (_, one) => {
    expect(csvOf(restoreBatch(one, Float64Array.from(one.rows)))).toBe(one.csv);
  });

  it("writes only a header where there are no rows", () => {
    expect(csvOf(batchOf([field("a b", "Long"), field('x"y', "String", 3)], [[], []]))).toBe(',a b,"x""y"\n');
  });

  it("writes row numbers in full, runs and lists alike", () => {
    const fields = [field("n", "Long")];
    const run = batchOf(fields, [[1n, 2n, 3n]], { start: 10, step: -5 });
    const list = batchOf(fields, [[4n]], Float64Array.of(2 ** 53 - 1));
    expect(csvOf(run, list)).toBe(",n\n10,1\n5,2\n0,3\n9007199254740991,4\n");
  });

  it("quotes a carriage return, which would else end the row", () => {
    expect(csvOf(batchOf([field("s", "String", 5)], [["a\rb"]]))).toBe(',s\n0,"a\rb"\n');
  });

  it("writes a mask as JSON, its bits in base64", () => {
    const mask = { imageId: 2n ** 60n, theZ: 1, theT: -1, x: 0.5, y: Number.NaN, w: 3, h: 4, bytes: [255, 0, 1, 2] };
    const [, [, cell]] = parse(csvOf(batchOf([field("m", "Mask")], [[mask]]))) as [string[], [string, string]];
    expect(cell).toBe(
      '{"imageId":1152921504606846976,"theZ":1,"theT":-1,"x":0.5,"y":null,"w":3,"h":4,"bytes":"/wABAg=="}',
    );
  });

  it("reads back equal with another parser", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", "\r", " ", "😀"), maxLength: 8 });
    const record = fc.tuple(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.double(), text, fc.boolean());
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const fields = [field("l", "Long"), field("d", "Double"), field("s", "String", 40), field("b", "Bool")];
        const columns = fields.map((_, index) => records.map((cells) => cells[index]!));
        const rows = parse(csvOf(batchOf(fields, columns))).slice(1) as string[][];
        expect(rows.map(([row]) => row)).toEqual(records.map((_, index) => String(index)));
        for (const [index, [, l, d, s, b]] of rows.entries()) {
          const [long, double, string, bool] = records[index]!;
          expect([BigInt(l!), s, b]).toEqual([long, string, bool ? "True" : "False"]);
          expect(d === "" ? Number.NaN : Number(d!.replace("inf", "Infinity"))).toBe(double);
        }
      }),
    );
  });

  it("writes blocks that never split a row, whatever its length", () => {
    const fields = [field("s", "String", 3_000_000), field("n", "Long")];
    const long = '"'.repeat(1_500_000);
    const batch = batchOf(fields, [
      ["a", long, "b"],
      [1n, 2n, 3n],
    ]);
    const writer = new CsvWriter();
    const blocks = Array.from(writer.write(batch), (block) => Buffer.from(block).toString());
    expect(blocks.every((block) => block.endsWith("\n"))).toBe(true);
    expect(blocks.join("")).toBe(`0,a,1\n1,"${'"'.repeat(3_000_000)}",2\n2,b,3\n`);
  });

  it("leaves a block alone until the next but one is asked for", () => {
    const rows = 200_000;
    const batch = batchOf([field("n", "Long")], [Array.from({ length: rows }, (_, row) => BigInt(row))]);
    const blocks = new CsvWriter().write(batch);
    const first = blocks.next().value!;
    const copy = Buffer.from(first);
    expect(blocks.next().done).toBe(false);
    expect(Buffer.compare(copy, first)).toBe(0);
  });
});
