import { tableFromIPC, tableToIPC, type Vector } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, field } from "../../../src/columns/batch.js";
import { emptyBatch } from "../../../src/columns/batch-operations.js";
import { type ArrowOptions, ROW_NUMBER_COLUMN } from "../../../src/formats/arrow/arrow.js";
import { toArrowTable } from "../../../src/formats/arrow/arrow-sink.js";
import { batchOf, type Cell, type MaskCell } from "../../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../../support/memory-table.js";

async function* stream(...batches: ColumnBatch[]) {
  yield* batches;
}
const arrowOf = (batches: ColumnBatch[], { metadata, ...options }: ArrowOptions = {}) =>
  toArrowTable(stream(...batches), { ...options, metadata });

/** An Arrow value as a test cell. */
function cellOf(value: unknown): Cell {
  if (typeof value !== "object" || value === null) return value as Cell;
  if (value instanceof Uint8Array) return [...value];
  if (Symbol.iterator in value && !("imageId" in value)) return [...(value as Iterable<number>)];
  const { bytes, ...rest } = (value as { toJSON(): Record<string, unknown> }).toJSON();
  return { ...rest, bytes: [...(bytes as Uint8Array)] } as MaskCell;
}
const cellsOfVector = (vector: Vector | null) => Array.from(vector!, cellOf);

describe("toArrowTable", () => {
  const cells = everyTypeCells(30);

  it("keeps every value of every type, over several batches and through IPC", async () => {
    const first = batchOf(
      EVERY_TYPE,
      cells.map((column) => column.slice(0, 11)),
    );
    const second = batchOf(
      EVERY_TYPE,
      cells.map((column) => column.slice(11)),
    );
    const table = await arrowOf([first, second]);
    for (const one of [table, tableFromIPC(tableToIPC(table))]) {
      expect(one.numRows).toBe(30);
      expect(one.schema.names).toEqual(EVERY_TYPE.map(({ name }) => name));
      expect(EVERY_TYPE.map((_, index) => cellsOfVector(one.getChildAt(index)))).toEqual(cells);
    }
  });

  it("shares the batch's memory", async () => {
    const batch = batchOf([field("l", "Long"), field("d", "Double"), field("s", "String", 3)], [[1n], [2], ["x"]]);
    const [data] = (await arrowOf([batch])).data;
    const [long, double, text] = batch.columns as unknown as { values: object; bytes: object }[];
    expect(data!.children[0]!.values).toBe(long!.values);
    expect(data!.children[1]!.values).toBe(double!.values);
    expect(data!.children[2]!.values.buffer).toBe((text!.bytes as Uint8Array).buffer);
  });

  it("packs booleans over byte boundaries", async () => {
    const values = Array.from({ length: 130 }, (_, row) => (row * 7) % 3 === 0);
    const table = await arrowOf([batchOf([field("b", "Bool")], [values])]);
    expect([...table.getChildAt(0)!]).toEqual(values);
  });

  it("never rounds an int64", async () => {
    const values = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n];
    const table = await arrowOf([batchOf([field("l", "Long")], [values])]);
    expect([...table.getChildAt(0)!]).toEqual(values);
  });

  it("keeps types, descriptions, widths and the table's metadata in the schema", async () => {
    const metadata = new Map<string, bigint | number | string>([
      ["__version", "2"],
      ["n", 2n ** 60n],
      ["x", 0.5],
    ]);
    const { schema } = await arrowOf([batchOf(EVERY_TYPE, cells)], { metadata });
    expect(Object.fromEntries(schema.metadata)).toEqual({
      "omero.metadata.__version": "2",
      "omero.metadata.n": "1152921504606846976",
      "omero.metadata.x": "0.5",
    });
    expect(Object.fromEntries(schema.fields[2]!.metadata)).toEqual({
      "omero.type": "Double",
      "omero.description": "in square pixels",
      "omero.size": "1",
    });
  });

  it("adds row numbers on request, marked as pandas' index", async () => {
    const fields = [field("l", "Long")];
    const run = batchOf(fields, [[1n, 2n]], { start: 8, step: -3 });
    const list = batchOf(fields, [[3n]], Float64Array.of(2 ** 40));
    const table = await arrowOf([run, list], { rowNumbers: true });
    expect(table.schema.names).toEqual(["l", ROW_NUMBER_COLUMN]);
    expect([...table.getChild(ROW_NUMBER_COLUMN)!]).toEqual([8n, 5n, 2n ** 40n]);
    expect(JSON.parse(table.schema.metadata.get("pandas")!)).toMatchObject({ index_columns: [ROW_NUMBER_COLUMN] });
  });

  it("keeps columns and types of an empty selection", async () => {
    const table = await arrowOf([emptyBatch(EVERY_TYPE)], { rowNumbers: true });
    expect(table.numRows).toBe(0);
    const full = await arrowOf([batchOf(EVERY_TYPE, cells)], { rowNumbers: true });
    expect(table.schema.fields.map(String)).toEqual(full.schema.fields.map(String));
    expect(tableFromIPC(tableToIPC(table)).schema.names).toEqual(table.schema.names);
  });
});
