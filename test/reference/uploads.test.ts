/**
 * Random tables, uploaded by ours and by the peers to the reference server and to the embedded one, are the same when
 * the other reads them: omero2pandas and ezomero for the types they know, omero-py for every type.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { DataFrame } from "danfojs-node";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ColumnField, type ColumnType, field } from "../../src/columns/batch.js";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import type { RowSource } from "../../src/formats/open-source.js";
import { openTable } from "../../src/gateway/tables/open-table.js";
import { getTableHeaders, readBatches } from "../../src/read/index.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { batches as batchesOf, columns as columnsOfEveryType } from "../formats/hdf5/random-tables.js";
import { batchOf, type Cell, cellsOf, joinCells } from "../support/cells.js";
import { restoreCells, type StatedTable } from "../support/stated-cells.js";
import { type Frame, PythonSession } from "./python-session.js";
import { ReferenceServer } from "./reference-server.js";

/** More of them, and others, for a long run: UPLOADS=1000 UPLOADS_SEED=7. */
const COUNT = Number(process.env.UPLOADS ?? 40);
const SEED = Number(process.env.UPLOADS_SEED ?? 11);

let servers: [ReferenceServer, OmeroServer];
let connections: OmeroConnection[];
let python: PythonSession;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-uploads-"));
  const [reference, embedded, session] = await Promise.all([
    ReferenceServer.start(),
    startServer(),
    PythonSession.start(`
      import ezomero, json, omero.grid as grid, omero.model, omero2pandas, pandas as pd
      from omero.gateway import BlitzGateway

      def log_in_all(ports):
          clients = [log_in(port) for port in ports]
          return clients, [BlitzGateway(client_obj=client) for client in clients]

      def file_of(client, annotation):
          found = client.sf.getQueryService().get("FileAnnotation", annotation)
          return found.file.id.val

      def make_column(field, cells):
          make = getattr(grid, field["type"] + "Column")
          name, description = field["name"], field["description"]
          if field["type"] == "Mask":
              column = make(name, description)
              for key in ("imageId", "theZ", "theT", "x", "y", "w", "h", "bytes"):
                  setattr(column, key, [cell[key] for cell in cells])
              return column
          if field["type"] in ("String", "FloatArray", "DoubleArray", "LongArray"):
              return make(name, description, field["size"], cells)
          return make(name, description, cells)

      def stated(table_columns):
          pairs = [stated_column(column) for column in table_columns]
          return {"fields": [field for field, _ in pairs], "cells": [cells for _, cells in pairs]}
    `),
  ]);
  servers = [reference, embedded];
  python = session;
  const login = { username: "user", password: "pass", interactive: false };
  connections = await Promise.all(
    servers.map(({ port }) => connectToOmero({ server: `tcp://127.0.0.1:${port}`, ...login })),
  );
  await python.run("clients, gateways = log_in_all(ports)", { ports: servers.map(({ port }) => port) });
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  for (const connection of connections ?? []) await connection.close();
  await Promise.all([servers?.[0].stop(), servers?.[1].close()]);
  await rm(directory, { recursive: true });
});

interface Table {
  readonly fields: readonly ColumnField[];
  readonly cells: readonly (readonly Cell[])[];
}

// --- tables of the types that pandas and a CSV know -------------------------------------------------------------------

/** Columns and the names they get; the id columns are named after what they hold. */
const PLAIN_NAMES = ["n", "mean area", "Ünï", "class", "index", "a.b", "x\\y", "very long name of a column"];
const ID_NAMES: Readonly<Record<string, ColumnType>> = {
  image: "Image",
  roi: "Roi",
  well: "Well",
  plate: "Plate",
  dataset: "Dataset",
  field: "Image",
  wellsample: "Image",
};
/** Words that no reader of CSV takes for anything else. */
const WORDS = ["Nucleus", "a b", "it's", 'say "x"', "a,b", "x;y", "tab\there", "two\nlines", "no-12", "e", " pad "];
const eighths = fc.integer({ min: -80_000, max: 80_000 }).map((number) => number / 8);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const CELLS: Readonly<Record<string, fc.Arbitrary<Cell>>> = {
  Long: fc.oneof(fc.integer().map(BigInt), int64),
  Double: fc.oneof(eighths, eighths, fc.constant(Number.NaN)),
  String: fc.constantFrom(...WORDS),
  Bool: fc.boolean(),
};

const plainField = fc.oneof(
  fc.record({ name: fc.constantFrom(...PLAIN_NAMES), type: fc.constantFrom("Long", "Double", "String", "Bool") }),
  fc.constantFrom(...Object.keys(ID_NAMES)).map((name) => ({ name, type: ID_NAMES[name]! })),
);
const plainTables: fc.Arbitrary<Table> = fc
  .tuple(
    fc.uniqueArray(plainField, { minLength: 1, maxLength: 7, selector: ({ name }) => name }),
    fc.integer({ min: 1, max: 120 }),
  )
  .chain(([fields, rowCount]) =>
    fc
      .tuple(
        ...fields.map(({ type }) => {
          const cells = CELLS[type] ?? fc.integer({ min: 0, max: 99 }).map(BigInt);
          return fc.array(cells, { minLength: rowCount, maxLength: rowCount });
        }),
      )
      .map((cells) => ({
        cells: cells.map((column, index) => withSomething(fields[index]!.type, column)),
        fields: fields.map(({ name, type }, index) => field(name, type as ColumnType, widthOf(cells[index]!))),
      })),
  );

/** A column of NaN alone is none of numbers in a CSV, and whole numbers alone are Long there. */
function withSomething(type: string, column: readonly Cell[]): readonly Cell[] {
  return type === "Double" ? [0.5, ...column.slice(1)] : column;
}

function widthOf(cells: readonly Cell[]): number {
  const widths = cells.map((cell) => (typeof cell === "string" ? Buffer.byteLength(cell) : 1));
  return Math.max(1, ...widths);
}

function csvOf({ fields, cells }: Table): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const shown = (cell: Cell) => {
    if (typeof cell === "boolean") return cell ? "True" : "False";
    if (typeof cell === "string") return quoted(cell);
    // A line of one empty cell would be an empty line, which readers skip.
    if (Number.isNaN(cell)) return cells.length > 1 ? "" : "NaN";
    return typeof cell === "number" && Number.isInteger(cell) ? `${cell}.0` : String(cell);
  };
  const rows = cells[0]!.map((_, row) => cells.map((column) => shown(column[row]!)).join(","));
  return `${[fields.map(({ name }) => quoted(name)).join(","), ...rows].join("\n")}\n`;
}

type SourceKind = "columns" | "rows" | "frame" | "arrow" | "csv" | "batch";

async function sourceOf(kind: SourceKind, table: Table): Promise<RowSource> {
  const { fields, cells } = table;
  const named = fields.map(({ name }, index) => [name, cells[index]!] as const);
  switch (kind) {
    case "rows":
      return cells[0]!.map((_, row) => Object.fromEntries(named.map(([name, column]) => [name, column[row]])));
    case "frame":
      return frameOf(table);
    case "arrow":
      return tableFromArrays(Object.fromEntries(named.map(([name, column]) => [name, typed(column)])));
    case "csv": {
      const path = join(directory, "ours.csv");
      await writeFile(path, csvOf(table));
      return path;
    }
    case "batch":
      return batchOf(fields, cells);
    default:
      return Object.fromEntries(named);
  }
}

function typed(column: readonly Cell[]) {
  if (typeof column[0] === "bigint") return BigInt64Array.from(column as bigint[]);
  return typeof column[0] === "number" ? Float64Array.from(column as number[]) : (column as string[]);
}

/** danfojs holds no bigints: such columns become text there, so a frame is made only where numbers hold all integers. */
function frameOf({ fields, cells }: Table): RowSource {
  const columns = cells.map((column) => column.map((cell) => (typeof cell === "bigint" ? Number(cell) : cell)));
  const dtypes = fields.map(({ type }) =>
    type === "String" ? "string" : type === "Bool" ? "boolean" : type === "Double" ? "float32" : "int32",
  );
  const rows = columns[0]!.map((_, row) => columns.map((column) => column[row]));
  return new DataFrame(rows, { columns: fields.map(({ name }) => name), config: {}, dtypes }) as unknown as RowSource;
}

function holdsWide({ cells }: Table): boolean {
  return cells.flat().some((cell) => typeof cell === "bigint" && BigInt.asIntN(32, cell) !== cell);
}

function holdsNaN({ cells }: Table): boolean {
  return cells.flat().some((cell) => Number.isNaN(cell));
}

async function read(connection: OmeroConnection, fileId: bigint | number): Promise<Table> {
  const batches = [];
  for await (const batch of readBatches({ connection, fileId })) batches.push(batch);
  return { fields: batches[0]!.fields, cells: joinCells(batches).cells };
}

const typesOf = (fields: readonly ColumnField[]) => fields.map(({ name, type }) => ({ name, type }));
const show = (value: unknown) => JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}n` : item));

const plainCases = fc.record({
  table: plainTables,
  server: fc.constantFrom(0, 1),
  kind: fc.constantFrom<SourceKind>("columns", "rows", "frame", "arrow", "csv", "batch"),
  theirKind: fc.constantFrom("frame", "csv", "ezomero"),
  chunkSize: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
});

it(`${COUNT} tables are the same for omero2pandas, ezomero and ours`, async () => {
  const counts: Record<string, number> = {};
  const count = (key: string, by = 1) => {
    counts[key] = (counts[key] ?? 0) + by;
  };
  for (const drawn of fc.sample(plainCases, { numRuns: COUNT, seed: SEED })) {
    const { table, server, chunkSize } = drawn;
    const kind = drawn.kind === "frame" && holdsWide(table) ? "columns" : drawn.kind;
    // ezomero fails for numbers that are missing.
    const theirKind = drawn.theirKind === "ezomero" && holdsNaN(table) ? "frame" : drawn.theirKind;
    const say = `${kind} ${theirKind} ${show(table)}`;
    const connection = connections[server]!;

    const options = { connection, parentId: 1, chunkSize, onWarning: () => {} };
    const uploaded = await uploadTable(await sourceOf(kind, table), "ours", options);
    const found = await python.run<{ read: Frame; ezomero: Frame }>(
      `
      result = {
          "read": omero2pandas.read_table(annotation_id=annotation, omero_connector=clients[server], chunk_size=50),
          "ezomero": ezomero.get_table(gateways[server], annotation),
      }
      `,
      { annotation: Number(uploaded.annotationId), server },
    );
    for (const frame of [found.read, found.ezomero]) {
      expect(
        frame.fields.map(({ name }) => name),
        say,
      ).toEqual(table.fields.map(({ name }) => name));
      expect(frame.index, say).toEqual(table.cells[0]!.map((_, row) => row));
      expect(restoreCells(frame), say).toEqual(table.cells);
    }
    const headers = await getTableHeaders({ connection, fileId: uploaded.fileId });
    expect(headers.columns, say).toEqual(table.fields);

    const theirs = await uploadByThem(table, theirKind, server, chunkSize);
    const { fields, cells } = await read(connection, theirs);
    const order =
      theirKind === "ezomero" ? fields.map(({ name }) => indexOf(table, name)) : table.fields.map((_, i) => i);
    expect(cells, say).toEqual(order.map((index) => table.cells[index]));
    if (theirKind !== "ezomero") expect(typesOf(fields), say).toEqual(typesOf(table.fields));
    count(`ours from ${kind}`);
    count(`theirs from ${theirKind}`);
    count("cells", 2 * table.cells.length * table.cells[0]!.length);
  }
  console.log("tables of plain types:", counts);
  expect(Object.keys(counts)).toHaveLength(10);
});

const indexOf = ({ fields }: Table, name: string) => fields.findIndex((one) => one.name === name);

/** Uploads with omero2pandas or ezomero; gives the file's id. */
async function uploadByThem(
  table: Table,
  kind: string,
  server: number,
  chunkSize: number | undefined,
): Promise<number> {
  const path = join(directory, "theirs.csv");
  await writeFile(path, csvOf(table));
  const columns = table.fields.map(({ name }, index) => [name, table.cells[index]!]);
  return python.run(
    `
    frame = pd.DataFrame({name: cells for name, cells in columns})
    if kind == "ezomero":
        annotation = ezomero.post_table(gateways[server], frame, "Image", 2)
    else:
        source = path if kind == "csv" else frame
        annotation = omero2pandas.upload_table(source, "theirs", 1, chunk_size=chunk, omero_connector=clients[server])
    result = file_of(clients[server], annotation)
    `,
    { columns, kind, path, server, chunk: chunkSize === undefined ? null : Math.max(chunkSize, 130) },
  );
}

// --- tables of every type ---------------------------------------------------------------------------------------------

/** Columns that OMERO.tables can keep: descriptions are ASCII there. */
const storedColumns = columnsOfEveryType
  .filter((fields) => fields.every(({ name }) => name.trim() !== ""))
  .map((fields) =>
    fields.map(({ name, type, size, description }) => field(name, type, size, description.replace(/[^ -~]/g, "?"))),
  );

const everyCases = storedColumns.chain((fields) =>
  fc.record({
    batch: batchesOf(fields, 30),
    server: fc.constantFrom(0, 1),
    split: fc.double({ min: 0, max: 1, noNaN: true }),
    columnsRead: fc.shuffledSubarray(
      fields.map((_, index) => index),
      { minLength: 1 },
    ),
    rows: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 8 }),
  }),
);

it(`${COUNT} tables of every type are the same for omero-py and ours`, async () => {
  const counts = { tables: 0, cells: 0, updated: 0, types: new Set<string>() };
  for (const { batch, server, split, columnsRead, rows: shares } of fc.sample(everyCases, {
    numRuns: COUNT,
    seed: SEED,
  })) {
    const { fields, rowCount } = batch;
    const cells = cellsOf(batch);
    const connection = connections[server]!;
    const say = show({ fields, cells });
    const rows = rowCount === 0 ? [] : shares.map((share) => Math.floor(share * rowCount));

    const uploaded = await uploadTable(batch, "ours", { connection, parentId: 1, chunkSize: 7, onWarning: () => {} });
    const found = await python.run<{ rows: number; all: StatedTable; some: StatedTable | null }>(
      `
      table = clients[server].sf.sharedResources().openTable(omero.model.OriginalFileI(file, False))
      count = table.getNumberOfRows()
      headers = table.getHeaders()
      whole = table.read(list(range(len(headers))), 0, count).columns if count else headers
      result = {
          "rows": count,
          "all": stated(whole),
          "some": stated(table.slice(positions, rows).columns) if rows else None,
      }
      table.close()
      `,
      { server, file: Number(uploaded.fileId), positions: columnsRead, rows },
    );
    expect(found.rows, say).toBe(rowCount);
    expect(restoreCells(found.all), say).toEqual(cells);
    if (found.some) {
      expect(restoreCells(found.some), say).toEqual(columnsRead.map((index) => rows.map((row) => cells[index]![row])));
    }

    const file = await python.run<number>(
      `
      resources = clients[server].sf.sharedResources()
      table = resources.newTable(resources.repositories().descriptions[0].id.val, "theirs")
      table.initialize([make_column(field, []) for field in fields])
      for part in (slice(0, first), slice(first, None)):
          if columns[0][part]:
              table.addData([make_column(field, cells[part]) for field, cells in zip(fields, columns)])
      result = table.getOriginalFile().id.val
      table.close()
      `,
      { server, fields, first: Math.floor(split * rowCount), columns: cells.map(sendable) },
    );
    const back = await read(connection, file);
    expect(back.fields, say).toEqual(fields);
    expect(back.cells, say).toEqual(cells);
    counts.updated += await updateBoth(connection, server, file, fields, cells);
    counts.tables++;
    counts.cells += 2 * rowCount * fields.length;
    for (const { type } of fields) counts.types.add(type);
  }
  console.log("tables of every type:", { ...counts, types: counts.types.size });
  expect(counts.types.size).toBe(10);
  expect(counts.updated).toBeGreaterThan(COUNT / 4);
});

/** Cells as Python takes them: a mask's bytes are bytes there. */
function sendable(column: readonly Cell[]): unknown[] {
  return column.map((cell) =>
    typeof cell === "object" && "imageId" in cell ? { ...cell, bytes: Uint8Array.from(cell.bytes) } : cell,
  );
}

/** Changes one cell by ours and another by omero-py, each in the numeric columns; both see both. Gives cells changed. */
async function updateBoth(
  connection: OmeroConnection,
  server: number,
  fileId: number,
  fields: readonly ColumnField[],
  cells: readonly (readonly Cell[])[],
): Promise<number> {
  const rowCount = cells[0]!.length;
  const numeric = fields.flatMap(({ type }, index) => (type === "Double" || type === "Long" ? [index] : []));
  if (rowCount < 2 || numeric.length === 0) return 0;
  const chosen = numeric.map((index) => fields[index]!);
  const values = (offset: number) =>
    chosen.map(({ type }) => [type === "Long" ? BigInt(offset) * 2n ** 60n : offset / 3]);
  await using table = await openTable(connection, { fileId });
  await table.update(batchOf(chosen, values(3), Float64Array.of(0)));
  await table.close();
  await python.run(
    `
    table = clients[server].sf.sharedResources().openTable(omero.model.OriginalFileI(file, False))
    table.update(grid.Data(0, [last], [make_column(field, cells) for field, cells in zip(fields, columns)]))
    table.close()
    `,
    { server, file: fileId, last: rowCount - 1, fields: chosen, columns: values(-2) },
  );
  const { cells: found } = await read(connection, fileId);
  const [first, last] = [values(3), values(-2)];
  const expected = cells.map((column) => [...column]);
  for (const [at, index] of numeric.entries()) {
    expected[index]![0] = first[at]![0]!;
    expected[index]![rowCount - 1] = last[at]![0]!;
  }
  expect(found).toEqual(expected);
  return 2 * numeric.length;
}
