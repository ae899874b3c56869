import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError } from "../../../src/errors.js";
import { splitByCsvParse, typeByRules } from "./oracle.js";
import { inPieces, type ReadCsv, readAll } from "./read-all.js";

const HEADED = {
  delimiter: ",",
  quote: '"',
  repairNames: true,
  header: true,
  strict: true,
  decimal: ".",
  thousands: false,
} as const;

const integer = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.constantFrom("0", "-0", "+5", "007", " 12", "3 ", "9007199254740993", "-9223372036854775808"),
);
const decimal = fc.oneof(
  fc.double({ noNaN: true }).map((number) => (Number.isFinite(number) ? String(number) : "inf")),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number.toExponential()),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number.toFixed(20)),
  fc.constantFrom("1.", ".5", "-.5e3", "1E5", "1.5 ", "0.00000000000000000001", "1e400", "-inf", "+Infinity"),
);
const bool = fc.constantFrom("true", "False", "TRUE");
const missing = fc.constantFrom("", "NA", "NaN", "None", "n/a", "-1.#IND");
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom("a", "x,y", 'say "hi"', "two\nlines", "cr\r\nlf", " spaced ", "true ", "1e", "e", "-", "nulls", '"'),
);

const columnOfOneSort = fc
  .constantFrom(integer, decimal, bool, text, integer, decimal)
  .chain((cell) =>
    fc.constantFrom(
      cell,
      cell,
      fc.oneof({ weight: 9, arbitrary: cell }, missing),
      fc.oneof(cell, text, integer, decimal),
    ),
  );

const table = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 30 }))
  .chain(([width, rows]) =>
    fc.tuple(
      ...Array.from({ length: width }, () =>
        columnOfOneSort.chain((cell) => fc.array(cell, { minLength: rows, maxLength: rows })),
      ),
    ),
  );

function quoted(cell: string, always: boolean): string {
  return always || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function escaped(cell: string): string {
  return `"${cell.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function encode(columns: readonly (readonly string[])[], lineBreak: string, always: boolean, atEnd: boolean): string {
  const rows = columns[0]!.map((_, row) => columns.map((column) => quoted(column[row]!, always)).join(","));
  const names = columns.map((_, index) => `c${index}`).join(",");
  return [names, ...rows].join(lineBreak) + (atEnd ? lineBreak : "");
}

/** What the package reads, or its error's code. */
async function outcome(text: string, piece: number, keptBytes: number | undefined): Promise<ReadCsv | string> {
  try {
    return await readAll(inPieces(text, piece), { ...HEADED, keptBytes });
  } catch (error) {
    if (error instanceof DataError) return error.code;
    throw error;
  }
}

function expected(text: string): ReturnType<typeof typeByRules> {
  const records = splitByCsvParse(text, true);
  return records === undefined ? undefined : typeByRules(records.slice(1), records[0]!.length);
}

function withoutWidths({ fields }: ReadCsv): string[] {
  return fields.map((field) => field.replace(/^.*:|\(\d+\)$/gs, ""));
}

test("tables of every sort of cell equal csv-parse's, or both refuse", async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(1, 5, 1000),
      fc.constantFrom(undefined, 0),
      async (columns, lineBreak, always, atEnd, piece, keptBytes) => {
        const csv = encode(columns, lineBreak, always, atEnd);
        const oracle = expected(csv);
        const ours = await outcome(csv, piece, keptBytes);
        if (oracle === undefined || typeof ours === "string") {
          refused++;
          expect([oracle, ours]).toEqual([undefined, "UNSAFE_INTEGER"]);
          return;
        }
        expect(withoutWidths(ours)).toEqual(oracle.types);
        expect(ours.columns).toEqual(oracle.columns);
      },
    ),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(3);
});

test("texts of delimiters, quotes and line breaks are split as csv-parse splits them, or refused", async () => {
  const soup = fc.string({
    unit: fc.constantFrom("a", "1", ",", ",", '"', '"', "\n", "\r", "\n", " ", "é"),
    maxLength: 30,
  });
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(soup, fc.constantFrom(1, 7, 1000), async (csv, piece) => {
      const ours = await outcome(csv, piece, undefined);
      if (typeof ours === "string") {
        expect(splitByCsvParse(csv, false)).toBeUndefined();
        return;
      }
      accepted++;
      const oracle = expected(csv)!;
      expect(withoutWidths(ours)).toEqual(oracle.types);
      expect(ours.columns).toEqual(oracle.columns);
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(200);
});

test("other dialects, which csv-parse reads, give the same columns as the plain one", async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(undefined, 0), async (columns, keptBytes) => {
      const names = columns.map((_, index) => `c${index}`).join("::");
      const rows = columns[0]!.map((_, row) => columns.map((column) => escaped(column[row]!)).join("::"));
      const text = [names, ...rows, "# the end"].join("\n");
      const options = { ...HEADED, delimiter: "::", escape: "\\", comment: "# the", keptBytes };
      const other = await readAll([Buffer.from(text)], options).catch((error: DataError) => error.code);
      expect(other).toEqual(await outcome(encode(columns, "\n", true, true), 1000, keptBytes));
    }),
    { numRuns: 200 },
  );
});
