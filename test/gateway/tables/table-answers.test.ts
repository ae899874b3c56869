/** A server whose answers are not what was asked for: each is one clear error, and no row of it is given. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { ColumnInstance } from "../../../src/connect/ice/codec/columns/columns.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { openTable } from "../../../src/gateway/tables/open-table.js";
import type { RemoteTable } from "../../../src/gateway/tables/table.js";
import { readArrow, readBatches } from "../../../src/read/index.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { TableServant } from "../../../src/server/services/table-servant.js";
import { uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";

const ROWS = 6;
const ALL = [0, 1, 2];
let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number;
let table: RemoteTable;
beforeAll(async () => {
  server = await startLabServer();
  connection = await connectPlain(server);
  const n = Array.from({ length: ROWS }, (_, row) => row);
  const columns = { n, pair: n.map((row) => [row, row + 0.5]), note: n.map((row) => `row ${row}`) };
  const columnTypes = { pair: "DoubleArray", note: { type: "String", size: 8 } } as const;
  fileId = (await uploadTable(columns, "answers", { connection, parentId: 1, columnTypes })).fileId;
});
afterAll(async () => {
  await connection.close();
  await server.close();
});
beforeEach(async () => {
  table = await openTable(connection, { fileId });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await table.close();
});

type Columns = readonly (ColumnInstance | null)[];

/** Makes the server change the columns of its answers to `read` and `slice`. */
function answerWith(change: (columns: Columns) => Columns): void {
  for (const operation of ["read", "slice"] as const) {
    const honest = TableServant.prototype[operation] as (...sent: unknown[]) => Promise<{ columns: Columns }>;
    vi.spyOn(TableServant.prototype, operation).mockImplementation(async function (
      this: TableServant,
      ...sent: unknown[]
    ) {
      const data = await honest.apply(this, sent);
      return { ...data, columns: change(data.columns) } as never;
    });
  }
}

const changed = (index: number, change: (column: ColumnInstance) => ColumnInstance) => (columns: Columns) =>
  columns.map((column, at) => (at === index ? change(column!) : column));
const doubles = (rows: number) => ({ kind: "double", values: new Float64Array(rows) }) as const;
const longs = (rows: number) => ({ kind: "long", values: new BigInt64Array(rows) }) as const;

describe("an answer with", () => {
  test.each<[string, (columns: Columns) => Columns, RegExp]>([
    [
      "a column of another name",
      changed(0, (column) => ({ ...column, name: "m" })),
      /Long "m" where Long "n" was asked for/,
    ],
    [
      "a column of another kind",
      changed(0, (column) => ({ ...column, iceId: "::omero::grid::DoubleColumn", data: doubles(ROWS) })),
      /Double "n" where Long "n"/,
    ],
    [
      "a column of ids where numbers of the same form were asked for",
      changed(0, (column) => ({ ...column, iceId: "::omero::grid::ImageColumn" })),
      /Image "n" where Long "n"/,
    ],
    [
      "arrays of another size",
      changed(1, (column) => ({
        ...column,
        size: 3,
        data: { kind: "array", size: 3, values: new Float64Array(3 * ROWS) },
      })),
      /DoubleArray "pair" of size 3 where DoubleArray "pair" of size 2/,
    ],
    [
      "text of another width than the header's",
      changed(2, (column) => ({ ...column, size: 9 })),
      /String "note" of size 9 where String "note" of size 8/,
    ],
    ["one column too many", (columns) => [...columns, columns[0]!], /Long "n" where no column was asked for/],
    ["one column too few", (columns) => columns.slice(0, 2), /no column where String "note"/],
    [
      "columns in another order",
      (columns) => [columns[1]!, columns[0]!, columns[2]!],
      /"pair" of size 2 where Long "n"/,
    ],
    ["a column that is null", (columns) => [null, ...columns.slice(1)], /column 0 is null/],
    [
      "columns of different lengths",
      changed(0, (column) => ({ ...column, data: longs(ROWS - 1) })),
      /"pair" has 6 rows, "n" has 5/,
    ],
  ])("%s", async (_, change, message) => {
    answerWith(change);
    const error = { code: "MALFORMED_MESSAGE", message: expect.stringMatching(message) };
    await expect(table.read(ALL, 0, ROWS)).rejects.toMatchObject(error);
    await expect(
      table.slice(
        ALL,
        Float64Array.from({ length: ROWS }, (_each, row) => row),
      ),
    ).rejects.toMatchObject(error);
    await expect(readArrow({ connection, fileId })).rejects.toMatchObject(error);
    const batches = readBatches({ connection, fileId, query: "n >= 0" });
    await expect(batches.next()).rejects.toMatchObject(error);
  });

  test.each([
    ["fewer", ROWS - 1],
    ["more", ROWS + 1],
  ])("%s rows than were asked for is of a table that has changed", async (_, rows) => {
    answerWith((columns) => [
      { ...columns[0]!, data: longs(rows) },
      { ...columns[1]!, data: { kind: "array", size: 2, values: new Float64Array(2 * rows) } },
      { ...columns[2]!, data: { kind: "string", offsets: new Int32Array(rows + 1), bytes: new Uint8Array(0) } },
    ]);
    const error = { code: "TABLE_CHANGED", message: expect.stringContaining(`gave ${rows} rows where ${ROWS}`) };
    await expect(table.read(ALL, 0, ROWS)).rejects.toMatchObject(error);
    await expect(readArrow({ connection, fileId })).rejects.toMatchObject({ code: "TABLE_CHANGED" });
  });
});

describe("a number of rows", () => {
  test.each([-1n, -(2n ** 63n), 2n ** 53n])("of %s is none", async (rows) => {
    vi.spyOn(TableServant.prototype, "getNumberOfRows").mockResolvedValue(rows);
    const error = { code: "MALFORMED_MESSAGE", message: expect.stringContaining(`${rows} rows`) };
    await expect(openTable(connection, { fileId })).rejects.toMatchObject(error);
    await expect(table.readState()).rejects.toMatchObject(error);
    await expect(table.countRows()).rejects.toMatchObject(error);
  });
});

describe("rows that were found", () => {
  test.each<[string, bigint[]]>([
    ["beyond the table", [0n, 6n]],
    ["before the rows that were searched", [1n, 3n]],
    ["below 0", [-1n]],
    ["twice", [2n, 2n]],
    ["in descending order", [4n, 3n]],
  ])("%s", async (_, hits) => {
    vi.spyOn(TableServant.prototype, "getWhereList").mockResolvedValue(BigInt64Array.from(hits));
    const search = table.getWhereList("n >= 0", new Map(), { start: 2, stop: ROWS });
    await expect(search).rejects.toMatchObject({
      code: "MALFORMED_MESSAGE",
      message: expect.stringMatching(/out of range or order/),
    });
  });
});
