/** Random selections of rows and columns: the same cells from omero2pandas and from ours, whichever server and way. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { newTable } from "../../src/gateway/tables/open-table.js";
import { downloadTable, type ReadOptions, readArrow, readBatches, readTable } from "../../src/read/index.js";
import { type RType, rdouble, rlong, rstring } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { batchOf, type Cell, joinCells } from "../support/cells.js";
import { restoreCells } from "../support/stated-cells.js";
import { type Frame, PythonSession } from "./python-session.js";
import { ReferenceServer } from "./reference-server.js";

/** More of them, and others, for a long run: SELECTIONS=2000 SELECTIONS_SEED=7. */
const COUNT = Number(process.env.SELECTIONS ?? 200);
const SEED = Number(process.env.SELECTIONS_SEED ?? 3);
const ROWS = 1200;
const FIELDS = [
  field("row", "Long"),
  field("Image", "Image"),
  field("a roi", "Roi"),
  field("mean area", "Double"),
  field("gap", "Double"),
  field("is good", "Bool"),
  field("class", "String", 12),
  field("Größe/µm".replace("/", "\\"), "String", 8),
  field("floats", "FloatArray", 3),
  field("doubles", "DoubleArray", 1),
  field("longs", "LongArray", 2),
  field("well", "Well"),
];
const TEXTS = ["", "a", "Nucleus", "it's", "é", "日本", 'x "y"', "a,b", "line\nbreak", " blank ", "NA", "12"];
const DOUBLES = [0, -0, 0.1, 1e-7, 1e22, 123456789.125, -1.5, Number.NaN, 5e-324, 1.7976931348623157e308];
const LONGS = [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 1_000n];

const pick = <T>(values: readonly T[], number: number): T => values[number % values.length]!;

function cell(type: string, column: number, row: number): Cell {
  const mixed = (row * 2654435761 + column * 40503) >>> 7;
  switch (type) {
    case "Bool":
      return mixed % 2 === 0;
    case "Double":
      return mixed % 3 === 0 ? pick(DOUBLES, mixed) : (mixed % 100_000) / 7;
    case "String":
      return column === 7 ? pick(TEXTS.slice(0, 6), mixed) : pick(TEXTS, mixed);
    case "FloatArray":
      return [0, 1, 2].map((element) => Math.fround(mixed / (element + 3)));
    case "DoubleArray":
      return [mixed / 11];
    case "LongArray":
      return [pick(LONGS, mixed), BigInt(mixed)];
    default:
      return column === 0 ? BigInt(row) : column === 1 ? BigInt(mixed % 20) : pick(LONGS, mixed + column);
  }
}
const CELLS = FIELDS.map(({ type }, column) => Array.from({ length: ROWS }, (_, row) => cell(type, column, row)));

interface Condition {
  readonly query: string;
  readonly variables: Record<string, RType>;
}
type Rows =
  | { readonly list: readonly number[] }
  | { readonly range: { start: number; stop: number; step: number } }
  | Condition
  | undefined;

interface Selection {
  readonly columns: readonly string[] | undefined;
  readonly rows: Rows;
  readonly theirChunk: number;
  readonly ourChunk: number | undefined;
  /** Where each reads: 0 is the reference server, 1 the embedded one. */
  readonly theirServer: 0 | 1;
  readonly ourServer: 0 | 1;
  readonly route: "auto" | "service" | "file" | "path";
  readonly sink: "batches" | "arrow" | "frame" | "csv";
}

const rowNumber = fc.nat({ max: ROWS - 1 });
const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ least: fc.nat({ max: 14_000 }), good: fc.boolean() }).map(({ least, good }) => ({
    query: `(area > ${least}.5) & (good == ${good ? "True" : "False"})`,
    variables: { area: rstring("mean area"), good: rstring("is good") },
  })),
  fc.record({ from: rowNumber, least: fc.double({ noNaN: true }) }).map(({ from, least }) => ({
    query: "(row >= start) | (gap < least)",
    variables: { start: rlong(from), least: rdouble(least) },
  })),
  fc.constantFrom("Nucleus", "a", "12", "NA").map((text) => ({
    query: `(kind == '${text}') & (Image > 3)`,
    variables: { kind: rstring("class") },
  })),
  rowNumber.map((from) => ({ query: `(row < ${from}) & (well != 1000)`, variables: {} })),
  fc.constant({ query: "row < 0", variables: {} }),
);
const selections: fc.Arbitrary<Selection> = fc.record({
  columns: fc.option(
    fc.shuffledSubarray(
      FIELDS.map(({ name }) => name),
      { minLength: 1 },
    ),
    { nil: undefined },
  ),
  rows: fc.oneof(
    fc.constant(undefined),
    fc.record({ list: fc.array(rowNumber, { maxLength: 300 }) }),
    fc.record({ list: fc.uniqueArray(rowNumber, { maxLength: 300 }) }),
    fc.record({
      range: fc.tuple(rowNumber, rowNumber, fc.integer({ min: 1, max: 40 }), fc.boolean()).map(([a, b, step, up]) => ({
        start: Math[up ? "min" : "max"](a, b),
        stop: up ? Math.max(a, b) : Math.min(a, b),
        step: up ? step : -step,
      })),
    }),
    conditions,
  ),
  theirChunk: fc.integer({ min: 150, max: 2000 }),
  ourChunk: fc.option(fc.integer({ min: 20, max: 2000 }), { nil: undefined }),
  theirServer: fc.constantFrom(0 as const, 1 as const),
  ourServer: fc.constantFrom(0 as const, 1 as const),
  route: fc.constantFrom("auto" as const, "service" as const, "file" as const, "path" as const),
  sink: fc.constantFrom("batches" as const, "arrow" as const, "frame" as const, "csv" as const),
});

let reference: ReferenceServer;
let embedded: OmeroServer;
let python: PythonSession;
let directory: string;
const connections: OmeroConnection[] = [];
const fileIds: number[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-selections-"));
  [reference, embedded, python] = await Promise.all([
    ReferenceServer.start(),
    startServer(),
    PythonSession.start("import omero2pandas, omero.rtypes, os"),
  ]);
  const ports = [reference.port, embedded.port];
  for (const port of ports) {
    const login = { username: "user", password: "pass", interactive: false };
    const connection = await connectToOmero({ server: `tcp://127.0.0.1:${port}`, ...login });
    connections.push(connection);
    fileIds.push(await store(connection));
  }
  await python.run("clients = [log_in(port) for port in ports]", { ports });
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  for (const connection of connections) await connection.close();
  await Promise.all([reference?.stop(), embedded?.close()]);
  await rm(directory, { recursive: true });
});

async function store(connection: OmeroConnection): Promise<number> {
  const table = await newTable(connection, "selections");
  await table.initialize(FIELDS);
  await table.addData(batchOf(FIELDS, CELLS));
  await table.close();
  return table.file.id;
}

/** Rows, columns and cells of what omero2pandas reads, or the CSV it writes (undefined where it writes none). */
async function theirs({
  columns,
  rows,
  theirChunk,
  theirServer,
  sink,
}: Selection): Promise<Frame | string | undefined> {
  const kwargs: Record<string, unknown> = { chunk_size: theirChunk, file_id: fileIds[theirServer] };
  if (columns) kwargs.column_names = columns;
  if (rows && "list" in rows) kwargs.rows = rows.list;
  if (rows && "query" in rows) kwargs.query = rows.query;
  const inputs = {
    kwargs,
    server: theirServer,
    span: rows && "range" in rows ? [rows.range.start, rows.range.stop, rows.range.step] : null,
    variables: rows && "query" in rows ? Object.entries(rows.variables).map(asPython) : [],
    target: sink === "csv" ? join(directory, "theirs.csv") : null,
  };
  return python.run(
    `
    kwargs["omero_connector"] = clients[server]
    if span:
        kwargs["rows"] = range(*span)
    if "query" in kwargs:
        kwargs["variables"] = {name: getattr(omero.rtypes, make)(value) for name, make, value in variables}
    if target:
        omero2pandas.download_table(target, **kwargs)
        if os.path.exists(target):
            with open(target, encoding="utf-8", newline="") as file:
                result = file.read()
            os.remove(target)
    else:
        result = omero2pandas.read_table(**kwargs)
    `,
    inputs,
  );
}

function asPython([name, { iceId, val }]: [string, RType]): [string, string, unknown] {
  return [name, iceId.slice("::omero::".length).toLowerCase(), val];
}

function ourOptions({ columns, rows, ourChunk, ourServer, route }: Selection): ReadOptions {
  const source =
    route === "path"
      ? { path: join(reference.directory, String(fileIds[0])) }
      : { connection: connections[ourServer], fileId: fileIds[ourServer], route };
  const selected =
    rows === undefined ? {} : "list" in rows ? { rows: rows.list } : "range" in rows ? { rows: rows.range } : rows;
  return { ...source, ...selected, columnNames: columns, chunkSize: ourChunk };
}

interface Cells {
  readonly rows: number[];
  /** Column by column. */
  readonly cells: unknown[][];
}

async function ours(selection: Selection): Promise<Cells | string> {
  const options = ourOptions(selection);
  switch (selection.sink) {
    case "arrow":
      return fromArrow(options);
    case "frame": {
      const frame = await readTable({ ...options, int64: "bigint" });
      const columns = frame.columns as string[];
      return {
        rows: frame.index as number[],
        cells: columns.map((name) => [...(frame.column(name).values as unknown[])]),
      };
    }
    case "csv": {
      const targetPath = join(directory, "ours.csv");
      await downloadTable({ ...options, targetPath, overwrite: true });
      return readFile(targetPath, "utf8");
    }
    default: {
      const batches = [];
      for await (const batch of readBatches(options)) batches.push(batch);
      return joinCells(batches);
    }
  }
}

async function fromArrow(options: ReadOptions): Promise<Cells> {
  const table = await readArrow({ ...options, rowNumbers: true });
  const plain = (value: unknown) => (typeof value === "object" ? [...(value as Iterable<unknown>)] : value);
  const columns = table.schema.fields.map((_, index) => Array.from(table.getChildAt(index)!, plain));
  return { rows: columns.pop()!.map(Number), cells: columns };
}

/** What omero2pandas does not do: find the table's last row by a query, tell columns where no row is found. */
function asTheirs(found: Cells | string, { rows }: Selection): Cells | string {
  if (typeof found === "string") {
    const lines = found.split(/(?<=\n)(?=\d+,)/);
    const kept = rows && "query" in rows ? lines.filter((line) => !line.startsWith(`${ROWS - 1},`)) : lines;
    return kept.length === 1 ? "" : kept.join("");
  }
  const last = rows && "query" in rows ? found.rows.indexOf(ROWS - 1) : -1;
  const kept =
    last < 0
      ? found
      : { rows: found.rows.toSpliced(last, 1), cells: found.cells.map((column) => column.toSpliced(last, 1)) };
  return kept.rows.length === 0 ? { rows: [], cells: [] } : kept;
}

/** A frame cannot name a row twice. */
function hasRepeats({ rows }: Selection): boolean {
  return rows !== undefined && "list" in rows && new Set(rows.list).size < rows.list.length;
}

it(`gives the same cells for ${COUNT} selections`, async () => {
  const counts: Record<string, number> = { selections: 0, cells: 0 };
  for (const drawn of fc.sample(selections, { numRuns: COUNT, seed: SEED })) {
    const selection = drawn.sink === "frame" && hasRepeats(drawn) ? { ...drawn, sink: "batches" as const } : drawn;
    const [expected, found] = await Promise.all([theirs(selection), ours(selection)]);
    const say = JSON.stringify(selection, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
    const comparable = asTheirs(found, selection);
    if (typeof comparable === "string") expect(comparable, say).toBe(expected ?? "");
    else {
      const frame = expected as Frame;
      expect(comparable, say).toEqual({ rows: frame.index, cells: restoreCells(frame) });
      counts.cells! += comparable.rows.length * comparable.cells.length;
    }
    counts.selections!++;
    for (const key of [selection.sink, selection.route]) counts[key] = (counts[key] ?? 0) + 1;
  }
  console.log("selections:", counts);
  expect(counts.selections).toBe(COUNT);
  expect(counts.cells).toBeGreaterThan(100 * COUNT);
});
