import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnBatch } from "../../../src/columns/batch.js";
import type { Hdf5Table } from "../../../src/formats/hdf5/hdf5-table.js";
import { createHdf5Table, openHdf5Table } from "../../../src/formats/hdf5/open-table.js";
import { cellsOf } from "../../support/cells.js";
import { batches, columns } from "./random-tables.js";
import { openThroughLibrary, temporaryDirectory } from "./stored-tables.js";

const tables = columns.chain((fields) =>
  fc.record({ fields: fc.constant(fields), batches: fc.array(batches(fields, 12), { maxLength: 4 }) }),
);
const metadataValues = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  fc.string({ unit: "grapheme", maxLength: 300 }).map((text) => text.replace(/\0+$/, "")),
);
const metadata = fc.array(fc.tuple(fc.constantFrom("a", "b c", "größe", "d/e", "."), metadataValues), {
  maxLength: 12,
});

function allCells(table: Hdf5Table): Promise<unknown[][]> {
  const all = table.fields.map((_, index) => index);
  return table.read(all, 0, table.rowCount).then(cellsOf);
}

function joined(parts: readonly ColumnBatch[], width: number): unknown[][] {
  return Array.from({ length: width }, (_, index) => parts.flatMap((batch) => cellsOf(batch)[index]!));
}

/** Metadata without what every table has. */
async function userMetadata(table: Hdf5Table): Promise<Map<string, unknown>> {
  const metadata = new Map<string, unknown>(await table.getAllMetadata());
  expect(metadata.get("__version")).toBe("2");
  expect(metadata.get("__initialized")).toBeTypeOf("number");
  metadata.delete("__version");
  metadata.delete("__initialized");
  return metadata;
}

describe("a table written", () => {
  it("reads back equal, by us and by the HDF5 library, whatever its columns and rows", async () => {
    const directory = temporaryDirectory();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(tables, async ({ fields, batches: parts }) => {
        const path = join(directory, `${number++}.h5`);
        const table = await createHdf5Table(path, fields);
        for (const batch of parts) await table.addData(batch);
        const expected = joined(parts, fields.length);
        expect(await allCells(table)).toEqual(expected);
        await table.close();
        for (const open of [openHdf5Table, openThroughLibrary]) {
          await using again = await open(path);
          expect(again.fields).toEqual(fields);
          expect(await allCells(again)).toEqual(expected);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("keeps metadata through any sequence of changes", async () => {
    const directory = temporaryDirectory();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(metadata, metadata, async (changes, replacement) => {
        const path = join(directory, `${number++}.h5`);
        const table = await createHdf5Table(path, [{ name: "a", type: "Long", description: "", size: 1 }]);
        const expected = new Map(changes);
        for (const [key, value] of changes) await table.setMetadata(key, value);
        expect(await userMetadata(table)).toEqual(expected);
        await table.flush();
        for (const open of [openHdf5Table, openThroughLibrary]) {
          await using again = await open(path);
          expect(await userMetadata(again)).toEqual(expected);
        }
        await table.replaceMetadata(new Map(replacement));
        await table.close();
        await using again = await openHdf5Table(path);
        expect(await userMetadata(again)).toEqual(new Map(replacement));
      }),
      { numRuns: 12 },
    );
  });

  it("gives the same rows by spans and by lists of row numbers", async () => {
    const directory = temporaryDirectory();
    let number = 0;
    const cases = columns.chain((fields) =>
      fc.record({
        fields: fc.constant(fields),
        batch: batches(fields, 30).filter(({ rowCount }) => rowCount > 0),
        picks: fc.array(fc.nat(), { maxLength: 40 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ fields, batch, picks }) => {
        await using table = await createHdf5Table(join(directory, `${number++}.h5`), fields);
        await table.addData(batch);
        const rows = Float64Array.from(picks, (pick) => pick % batch.rowCount);
        const all = fields.map((_, index) => index).reverse();
        const cells = cellsOf(batch).reverse();
        const picked = await table.slice(all, rows);
        expect(cellsOf(picked)).toEqual(cells.map((column) => Array.from(rows, (row) => column[row])));
        expect(picked.rowNumbers).toEqual(rows);
        const start = Math.floor(batch.rowCount / 3);
        const span = await table.read(all, start, batch.rowCount);
        expect(cellsOf(span)).toEqual(cells.map((column) => column.slice(start)));
      }),
      { numRuns: 40 },
    );
  });

  it("has its rows updated, in any order and in any columns", async () => {
    const directory = temporaryDirectory();
    let number = 0;
    const cases = columns.chain((fields) =>
      fc.record({
        fields: fc.constant(fields),
        batch: batches(fields, 20).filter(({ rowCount }) => rowCount > 0),
        changes: batches(fields, 20),
        picks: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
        chosen: fc.array(fc.boolean(), { minLength: fields.length, maxLength: fields.length }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ fields, batch, changes, picks, chosen }) => {
        await using table = await createHdf5Table(join(directory, `${number++}.h5`), fields);
        await table.addData(batch);
        const rowNumbers = Float64Array.from(picks.slice(0, changes.rowCount), (pick) => pick % batch.rowCount);
        const pick = <T>(values: readonly T[]) => values.filter((_, index) => chosen[index]);
        await table.update({ ...changes, fields: pick(fields), columns: pick(changes.columns), rowNumbers });
        const expected = cellsOf(batch);
        const changed = cellsOf(changes);
        for (const [index, isChosen] of chosen.entries()) {
          if (isChosen) for (const [at, row] of rowNumbers.entries()) expected[index]![row] = changed[index]![at]!;
        }
        expect(await allCells(table)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});
