import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type ColumnBatch, type ColumnData, field } from "../../../src/columns/batch.js";
import { sliceColumn } from "../../../src/columns/kinds/kinds.js";
import type { OriginalFile } from "../../../src/connect/ice/schema/omero.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { newTable, openTable } from "../../../src/gateway/tables/open-table.js";
import type { RemoteTable } from "../../../src/gateway/tables/table.js";
import { downloadTable, type ReadOptions, readArrow, readBatches } from "../../../src/read/index.js";
import { fetchTableFile } from "../../../src/read/plan/table-file.js";
import type { OmeroServer, ServedCall, ServerOptions } from "../../../src/server/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { FaultProxy } from "../../faults/proxy.js";
import { batchOf, type Cell, joinCells } from "../../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../../support/memory-table.js";
import { provideThreads } from "../../support/thread-program.js";

/** Columns of every type, as OMERO.tables names them. */
const FIELDS = EVERY_TYPE.map((column) => ({ ...column, name: column.name.replace("/", "|"), description: "" }));
const ROWS = 6_000;
const cells = everyTypeCells(ROWS);
const ALL = Array.from({ length: ROWS }, (_, row) => row);

let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number;
let onCall: (call: ServedCall) => void | Promise<void> = () => {};

async function startServer(options: ServerOptions = {}): Promise<OmeroServer> {
  return startLabServer({ tables: "hdf5", beforeCall: (call) => onCall(call), ...options });
}

/** A table of every type's column, closed. */
async function storedTable(on: OmeroConnection, rows: readonly number[] = ALL): Promise<number> {
  const table = await newTable(on, "cells");
  await table.initialize(FIELDS);
  const batch = batchOf(
    FIELDS,
    cells.map((column) => rows.map((row) => column[row]!)),
  );
  await table.addData(batch);
  await table.close();
  return table.file.id;
}

/** A directory for temporary files that no other process uses. */
let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "omero2frame-own-"));
  vi.stubEnv("TMPDIR", temporary);
  server = await startServer();
  connection = await connectPlain(server);
  fileId = await storedTable(connection);
});
afterAll(async () => {
  await connection.close();
  await server.close();
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});
afterEach(() => {
  onCall = () => {};
});

/** Where the server keeps a file. */
const pathOf = (id: number) => join(server.directory, "files", String(id));

interface Taken {
  readonly route: string;
  readonly why: string;
}

async function collect(options: ReadOptions): Promise<{ rows: number[]; cells: Cell[][]; taken: Taken | undefined }> {
  const batches: ColumnBatch[] = [];
  let taken: Taken | undefined;
  const onRoute = (route: string, why: string) => {
    taken = { route, why };
  };
  for await (const batch of readBatches({ connection, onRoute, ...options })) batches.push(batch);
  return { ...joinCells(batches), taken };
}

const pick = (rows: readonly number[]) => cells.map((column) => rows.map((row) => column[row]));

/** Files of this package in the directory for temporary ones; the server's own directories are left out. */
const leftovers = () => readdirSync(temporary).filter((name) => /^omero2frame-[0-9a-f]{8}-/.test(name));

describe("the route of a table on a server", () => {
  test("is its file for all of it, with equal cells", async () => {
    const calls: string[] = [];
    onCall = ({ service, operation }) => void calls.push(`${service.split("::").at(-1)}.${operation}`);
    const { rows, cells: found, taken } = await collect({ fileId });
    expect(taken).toEqual({ route: "file", why: "it is cheaper" });
    expect({ rows, cells: found }).toEqual({ rows: ALL, cells });
    expect(calls).toContain("RawFileStore.read");
    expect(calls).not.toContain("Table.read");
    expect(calls).not.toContain("Table.slice");
  });

  test("is the service where that is asked for, with equal cells", async () => {
    const { rows, cells: found, taken } = await collect({ fileId, route: "service" });
    expect(taken).toEqual({ route: "service", why: "it was asked for" });
    expect({ rows, cells: found }).toEqual({ rows: ALL, cells });
  });

  test.each<[string, Partial<ReadOptions>, string]>([
    ["few rows", { rows: [5, 7, 5_500] }, "little of the table is wanted"],
    ["a short range", { rows: { start: 100, stop: 400 } }, "little of the table is wanted"],
    ["one narrow column", { columnNames: ["image"] }, "little of the table is wanted"],
    ["no rows", { rows: [] }, "no rows are wanted"],
  ])("is the service for %s", async (_, selection, why) => {
    expect((await collect({ fileId, ...selection })).taken).toEqual({ route: "service", why });
  });

  test("is the service for a table that is quickly read so", async () => {
    const small = await storedTable(connection, ALL.slice(0, 10));
    const { rows, taken } = await collect({ fileId: small });
    expect(rows).toHaveLength(10);
    expect(taken?.route).toBe("service");
    expect((await collect({ fileId: small, route: "file" })).cells).toEqual(pick(ALL.slice(0, 10)));
  });

  test.each<[string, Partial<ReadOptions>, number[]]>([
    ["every row", { query: "count >= 0" }, ALL],
    ["some rows", { query: "(count > limit) & `a|b`", variables: { limit: 40_000 } }, []],
    ["scattered rows", { query: "count % 1000 == 1" }, []],
    ["no row", { query: "count < -5" }, []],
  ])("gives equal rows for a condition that %s meets", async (_, selection, expected) => {
    const byService = await collect({ fileId, ...selection, route: "service" });
    const byFile = await collect({ fileId, ...selection, route: "file" });
    const { taken: freely, ...byAuto } = await collect({ fileId, ...selection });
    if (expected.length > 0) expect(byService.rows).toEqual(expected);
    expect(byFile.taken?.route).toBe("file");
    expect({ rows: byFile.rows, cells: byFile.cells }).toEqual(byAuto);
    expect({ rows: byService.rows, cells: byService.cells }).toEqual(byAuto);
    expect(byAuto.cells).toEqual(pick(byAuto.rows));
    if (expected.length > 0) expect(freely?.route).toBe("file");
  });

  test("searches the service first, and fetches the file where it has found much", async () => {
    const calls: string[] = [];
    onCall = ({ operation }) => void calls.push(operation);
    await collect({ fileId, query: "count >= 0" });
    const first = (operation: string) => calls.indexOf(operation);
    expect(first("getWhereList")).toBeGreaterThan(0);
    expect(first("setFileId")).toBeGreaterThan(first("getWhereList"));
  });

  test("is the same for ranges, steps and lists that hold most of a table", async () => {
    const backwards = { start: ROWS - 1, step: -1 };
    const { rows, cells: found, taken } = await collect({ fileId, rows: backwards });
    expect(taken?.route).toBe("file");
    expect({ rows, cells: found }).toEqual({ rows: [...ALL].reverse(), cells: pick([...ALL].reverse()) });
    const list = ALL.filter((row) => row % 7 !== 0);
    expect((await collect({ fileId, rows: list })).cells).toEqual(pick(list));
    const columnNames = ["Größe", "mask", "doubles", "floats", "longs"];
    const wanted = columnNames.map((name) => FIELDS.findIndex((field) => field.name === name)).sort((a, b) => a - b);
    expect((await collect({ fileId, columnNames, route: "file" })).cells).toEqual(wanted.map((at) => cells[at]));
  });

  test("is taken by Arrow tables and CSV files too", async () => {
    const routes: string[] = [];
    const onRoute = (route: string) => void routes.push(route);
    const columnNames = FIELDS.filter(({ type }) => type !== "Mask").map(({ name }) => name);
    const selection = { connection, fileId, onRoute, columnNames, route: "file" } as const;
    expect((await readArrow(selection)).numRows).toBe(ROWS);
    const folder = await mkdtemp(join(tmpdir(), "omero2frame-routes-"));
    const [byFile, byService] = ["file", "service"].map((name) => join(folder, name)) as [string, string];
    await downloadTable({ ...selection, targetPath: byFile });
    await downloadTable({ ...selection, targetPath: byService, route: "service" });
    expect(routes).toEqual(["file", "file", "service"]);
    expect(await readFile(byFile)).toEqual(await readFile(byService));
    await rm(folder, { recursive: true });
  });

  test("must be one that there is", async () => {
    await expect(collect({ fileId, route: "road" as "file" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("a file that cannot be relied on", () => {
  /** The table's file is another one while it is fetched; the table itself, which the server has open, stays. */
  async function withFile(id: number, change: (bytes: Buffer) => Uint8Array, work: () => Promise<void>): Promise<void> {
    const path = pathOf(id);
    const original = await readFile(path);
    const changed = change(Buffer.from(original));
    await using _open = await openTable(connection, { fileId: id });
    onCall = async ({ operation }) => {
      if (operation !== "setFileId") return;
      await writeFile(`${path}.changed`, changed);
      await rename(`${path}.changed`, path);
    };
    try {
      await work();
    } finally {
      onCall = () => {};
      await writeFile(path, original);
    }
  }

  /** `auto` reads the table by the service and says why; `file` fails. */
  async function expectService(id: number, why: RegExp, code: string): Promise<void> {
    const found = await collect({ fileId: id });
    expect(found.taken).toEqual({ route: "service", why: expect.stringMatching(why) });
    expect({ rows: found.rows, cells: found.cells }).toEqual({ rows: ALL, cells });
    await expect(collect({ fileId: id, route: "file" })).rejects.toMatchObject({ code, fileId: Number(id) });
    expect(leftovers()).toEqual([]);
  }

  const cut = (bytes: Buffer) => bytes.subarray(0, bytes.length - 100);

  test.each<[string, (bytes: Buffer) => Uint8Array, RegExp, string]>([
    ["a byte of it is another", (bytes) => flipped(bytes, bytes.length >> 1), /has SHA-1/, "CHECKSUM_MISMATCH"],
    ["its first byte is another", (bytes) => flipped(bytes, 0), /no HDF5 file/, "MALFORMED_FILE"],
    ["it is cut short", cut, /has \d+ bytes where the server noted/, "CHECKSUM_MISMATCH"],
    ["it has grown", (bytes) => Buffer.concat([bytes, bytes]), /bytes where the server noted/, "CHECKSUM_MISMATCH"],
    ["it is empty", () => new Uint8Array(0), /no HDF5 file/, "MALFORMED_FILE"],
  ])("because %s", async (_, change, why, code) => {
    await withFile(fileId, change, () => expectService(fileId, why, code));
    expect((await collect({ fileId })).taken?.route).toBe("file");
  });

  test("is not one that is marked as open for writing, as the service opens it even to read", async () => {
    await withFile(
      fileId,
      (bytes) => {
        bytes[20]! |= 1;
        return bytes;
      },
      async () => expect((await collect({ fileId })).taken?.route).toBe("file"),
    );
  });

  test("because it is another table's", async () => {
    await using shown = await openTable(connection, { fileId });
    await using other = await openTable(connection, { fileId: await storedTable(connection, ALL.slice(0, 3000)) });
    const mixedUp = { file: other.file, fields: shown.fields, rowCount: shown.rowCount } as unknown as RemoteTable;
    await expect(fetchTableFile(connection, mixedUp)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
    const [first, ...rest] = other.fields;
    const renamed = { file: other.file, fields: [{ ...first, name: "x" }, ...rest], rowCount: other.rowCount };
    await expect(fetchTableFile(connection, renamed as unknown as RemoteTable)).rejects.toThrow(/another table/);
    expect(leftovers()).toEqual([]);
  });

  test("because a table is being written", async () => {
    const id = await storedTable(connection);
    const writer = await openTable(connection, { fileId: id });
    await writer.addData(batchOf(FIELDS, pick([0])));
    await expect(collect({ fileId: id, route: "file" })).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
    await writer.addData(batchOf(FIELDS, pick([1])));
    const found = await collect({ fileId: id });
    expect(found.taken?.route).toBe("service");
    expect({ rows: found.rows.length, cells: found.cells }).toEqual({ rows: ROWS + 2, cells: pick([...ALL, 0, 1]) });
    await writer.close();
    expect((await collect({ fileId: id })).taken?.route).toBe("file");
  });

  test("because the server keeps tables in another form", async () => {
    await using memory = await startServer({ tables: "memory" });
    await using elsewhere = await connectPlain(memory);
    const id = await storedTable(elsewhere, ALL.slice(0, 3000));
    const found = await collect({ connection: elsewhere, fileId: id });
    expect(found.taken?.route).toBe("service");
    expect(found.cells).toEqual(pick(ALL.slice(0, 3000)));
    const byFile = collect({ connection: elsewhere, fileId: id, route: "file" });
    await expect(byFile).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at]! ^= 1;
  return bytes;
}

describe("a file without a checksum, as the table service makes it", () => {
  /** The server's note of the checksum goes, as of a table that omero-py made. */
  async function withoutChecksum(id: number): Promise<number> {
    const file = (await connection.getQueryService().get("OriginalFile", id)) as OriginalFile;
    const plain: OriginalFile = { ...file, hash: null, hasher: null };
    await connection.getUpdateService().saveObject(plain);
    const saved = (await connection.getQueryService().get("OriginalFile", id)) as OriginalFile;
    expect(saved.hash).toBeNull();
    return id;
  }

  let plainId: number;
  beforeAll(async () => {
    plainId = await withoutChecksum(await storedTable(connection));
  });

  /** Runs `change` when the file has been fetched, before the table is looked at again. */
  function afterTransfer(change: () => Promise<void>): void {
    let isFetched = false;
    let changed: Promise<void> | undefined;
    onCall = async ({ service, operation }) => {
      isFetched ||= operation === "size" && service.endsWith("RawFileStore");
      if (!isFetched || !["getHeaders", "getNumberOfRows", "slice"].includes(operation)) return;
      changed ??= change();
      await changed;
    };
  }

  test("is read, after a sample of its rows was compared with the service's", async () => {
    const slices: string[] = [];
    onCall = ({ operation, service }) => void (service.endsWith("Table") && slices.push(operation));
    const { rows, cells: found, taken } = await collect({ fileId: plainId });
    expect(taken).toEqual({ route: "file", why: "it is cheaper" });
    expect({ rows, cells: found }).toEqual({ rows: ALL, cells });
    expect(slices.filter((operation) => operation === "slice")).toHaveLength(1);
    expect(slices.filter((operation) => operation === "getNumberOfRows")).toHaveLength(2);
    expect(slices).not.toContain("read");
  });

  test.each([1, 2, 127, 128, 129])("is read whole where it has %d rows", async (count) => {
    const some = ALL.slice(0, count);
    const id = await withoutChecksum(await storedTable(connection, some));
    expect((await collect({ fileId: id, route: "file" })).cells).toEqual(pick(some));
  });

  test.each<[string, number]>([
    ["the first row", 0],
    ["the last row", ROWS - 1],
  ])("is refused where %s of it differs from the service's", async (_, row) => {
    const path = pathOf(plainId);
    const original = await readFile(path);
    const value = Buffer.alloc(8);
    value.writeDoubleLE(cells[2]![row] as number);
    await using shown = await openTable(connection, { fileId: plainId });
    await shown.read([0], 0, 1);
    const at = row === 0 ? original.indexOf(value) : original.lastIndexOf(value);
    expect(at).toBeGreaterThan(0);
    onCall = async ({ operation }) => {
      if (operation !== "setFileId") return;
      await writeFile(`${path}.changed`, flipped(Buffer.from(original), at));
      await rename(`${path}.changed`, path);
    };
    try {
      const found = await collect({ fileId: plainId });
      expect(found.taken).toEqual({ route: "service", why: expect.stringMatching(/column ".*" is not what/) });
      expect({ rows: found.rows, cells: found.cells }).toEqual({ rows: ALL, cells });
      const byFile = collect({ fileId: plainId, route: "file" });
      await expect(byFile).rejects.toMatchObject({ code: "TABLE_CHANGED", fileId: Number(plainId) });
      expect(leftovers()).toEqual([]);
    } finally {
      onCall = () => {};
      await writeFile(path, original);
    }
  });

  test("is refused where rows are added while it is fetched", async () => {
    const id = await withoutChecksum(await storedTable(connection));
    const writer = await openTable(connection, { fileId: id });
    afterTransfer(() => writer.addData(batchOf(FIELDS, pick([0]))));
    const shown = await openTable(connection, { fileId: id });
    await expect(fetchTableFile(connection, shown)).rejects.toMatchObject({
      code: "TABLE_CHANGED",
      message: expect.stringContaining("it had 6000 rows and has 6001"),
    });
    onCall = () => {};
    await writer.close();
    await shown.close();
  });

  test("is refused where many rows are changed while it is fetched", async () => {
    const id = await withoutChecksum(await storedTable(connection));
    const writer = await openTable(connection, { fileId: id });
    const count = FIELDS.findIndex(({ name }) => name === "count");
    const changes = batchOf([FIELDS[count]!], [ALL.map(() => -1n)]);
    afterTransfer(() => writer.update({ ...changes, rowNumbers: { start: 0, step: 1 } }));
    const shown = await openTable(connection, { fileId: id });
    await expect(fetchTableFile(connection, shown)).rejects.toThrow('column "count"');
    await shown.close();
    const found = await collect({ fileId: id });
    expect(new Set(found.cells[count])).toEqual(new Set([-1n]));
    onCall = () => {};
    await writer.close();
  });
});

describe("a fetched file", () => {
  test("is gone when the reading ends, fails or is left", async () => {
    for await (const batch of readBatches({ connection, fileId, route: "file", chunkSize: 1000 })) {
      expect(batch.rowCount).toBe(1000);
      break;
    }
    const reader = readBatches({ connection, fileId, route: "file", chunkSize: 1000 });
    await reader.next();
    await reader.throw(new Error("enough")).catch(() => {});
    await collect({ fileId, route: "file" });
    expect(leftovers()).toEqual([]);
    expect((await server.contents()).openTables).toEqual(new Map());
    expect((await server.contents()).sessions[0]!.statefulServices).toBe(0);
  });

  test.each(["setFileId", "read"])("is given up at once when the reading is aborted, at %s", async (operation) => {
    const stop = new AbortController();
    let release = () => {};
    onCall = ({ operation: called }) => {
      if (called !== operation) return;
      stop.abort(new Error("enough"));
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const began = performance.now();
    await expect(collect({ fileId, signal: stop.signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(performance.now() - began).toBeLessThan(3000);
    release();
    expect(leftovers()).toEqual([]);
  });

  test("resumes at its block after the connection is lost", async () => {
    const large = await storedTable(
      connection,
      Array.from({ length: 30_000 }, (_, row) => row % ROWS),
    );
    const { size } = await (await openTable(connection, { fileId: large })).file;
    await using proxy = await FaultProxy.start(server.port);
    await using through = await connectPlain({ port: proxy.port } as OmeroServer);
    let reads = 0;
    onCall = ({ operation }) => {
      if (operation === "read" && ++reads === 2) proxy.cutAll();
    };
    proxy.bytes.toClient = 0;
    const { taken, rows } = await collect({ connection: through, fileId: large });
    expect(taken?.route).toBe("file");
    expect(rows).toHaveLength(30_000);
    expect(proxy.bytes.toClient).toBeLessThan(2 * size!);
  });

  test("is equal cell by cell, and becomes the same CSV by several threads", async () => {
    const withdraw = await provideThreads();
    try {
      const large = wideTable(300_000);
      const table = await newTable(connection, "large");
      await table.initialize(large.fields);
      await table.addData(large);
      await table.close();
      for (const source of [{ connection, fileId: table.file.id }, { path: pathOf(table.file.id) }]) {
        let rows = 0;
        for await (const batch of readBatches({ ...source, onRoute: (route) => expect(route).toBe("file") })) {
          for (const [index, column] of batch.columns.entries()) {
            const expected = sliceColumn(large.columns[index]!, rows, rows + batch.rowCount);
            expect(isDeepStrictEqual(column, expected)).toBe(true);
          }
          rows += batch.rowCount;
        }
        expect(rows).toBe(300_000);
      }
      const folder = await mkdtemp(join(tmpdir(), "omero2frame-routes-"));
      const [shared, alone] = ["shared", "alone"].map((name) => join(folder, name)) as [string, string];
      const selection = { path: pathOf(table.file.id), columnNames: ["text", "d0", "d1", "n"] };
      await downloadTable({ ...selection, targetPath: shared });
      await withdraw();
      await downloadTable({ ...selection, targetPath: alone });
      expect(Buffer.compare(await readFile(shared), await readFile(alone))).toBe(0);
      await rm(folder, { recursive: true });
      expect(leftovers()).toEqual([]);
    } finally {
      await withdraw();
    }
  });
});

/** 121 bytes a row. */
function wideTable(rowCount: number): ColumnBatch {
  const doubles = Array.from({ length: 13 }, (_, index) => field(`d${index}`, "Double"));
  const fields = [field("n", "Long"), ...doubles, field("text", "String", 9)];
  const bytes = new Uint8Array(rowCount * 5).fill(65);
  const offsets = Int32Array.from({ length: rowCount + 1 }, (_, row) => row * 5);
  const columns: ColumnData[] = [
    { kind: "long", values: BigInt64Array.from({ length: rowCount }, (_, row) => BigInt(row) << 20n) },
    ...doubles.map((_, index): ColumnData => {
      return { kind: "double", values: Float64Array.from({ length: rowCount }, (_, row) => row / (index + 3)) };
    }),
    { kind: "string", offsets, bytes },
  ];
  return { fields, columns, rowCount, rowNumbers: { start: 0, step: 1 } };
}

describe("a table's file on this machine", () => {
  test("is read without a server", async () => {
    const path = pathOf(fileId);
    const found = await collect({ connection: undefined, path });
    expect({ rows: found.rows, cells: found.cells }).toEqual({ rows: ALL, cells });
    const where = { connection: undefined, path, query: "count > 59000", columnNames: ["count"] };
    expect((await collect(where)).rows).toEqual(
      (await collect({ ...where, path: undefined, connection, fileId })).rows,
    );
    const rows = [5_999, 0, 500, 500];
    expect((await collect({ connection: undefined, path, rows })).cells).toEqual(pick(rows));
  });

  test("is named in errors", async () => {
    const missing = join(tmpdir(), "omero2frame-no-such-file.h5");
    const reading = collect({ connection: undefined, path: missing });
    await expect(reading).rejects.toMatchObject({ code: "CANNOT_READ_FILE", path: missing });
  });
});
