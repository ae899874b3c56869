/**
 * Every public function with its options, through TLS on the reference server and through tcp on the embedded one. What
 * is exported and not called here makes this fail.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as omero2frame from "../../src/index.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { cellsOf, joinCells } from "../support/cells.js";
import { restoreCells } from "../support/stated-cells.js";
import { type Frame, PythonSession } from "./python-session.js";
import { ReferenceServer } from "./reference-server.js";

/** What needs more than these servers: it is tested where its other side is. */
const ELSEWHERE = ["registerTable"];

const exported: Readonly<Record<string, unknown>> = { ...omero2frame };
const functions = Object.keys(exported).filter((name) => typeof exported[name] === "function" && /^[a-z]/.test(name));
const called = new Set<string>();

/** The public functions, noting which are called. */
const api = new Proxy(omero2frame, {
  get(target, name, receiver) {
    called.add(String(name));
    return Reflect.get(target, name, receiver);
  },
});

const ROWS = 600;
const LOGIN = { username: "user", password: "pass", interactive: false };

let reference: ReferenceServer;
let embedded: OmeroServer;
let python: PythonSession;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-public-"));
  [reference, embedded, python] = await Promise.all([
    ReferenceServer.start(),
    startServer(),
    PythonSession.start(`
      import omero2pandas, pandas as pd
      from omero.gateway import BlitzGateway
    `),
  ]);
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await Promise.all([reference?.stop(), embedded?.close()]);
  await rm(directory, { recursive: true, force: true });
});

const COLUMNS = {
  image: Array.from({ length: ROWS }, (_, row) => (row % 20) + 1),
  "mean area": Array.from({ length: ROWS }, (_, row) => (row % 17 === 0 ? Number.NaN : row * 3.25)),
  diagnosis: Array.from({ length: ROWS }, (_, row) => ["malignant", "benign", "naïve"][row % 3]!),
  good: Array.from({ length: ROWS }, (_, row) => row % 2 === 0),
};
const NAMES = Object.keys(COLUMNS);
const rowsWhere = (test: (row: number) => boolean) => COLUMNS.image.map((_, row) => row).filter(test);

describe.each(["reference", "embedded"] as const)("on the %s server", (which) => {
  let connection: omero2frame.OmeroConnection;
  let annotationId: number;
  let fileId: number;
  const here = () =>
    which === "reference"
      ? { server: "127.0.0.1", port: reference.sslPort, ...LOGIN }
      : { server: `tcp://127.0.0.1:${embedded.port}`, tls: false as const, ...LOGIN };
  const path = (name: string) => join(directory, `${which}-${name}`);

  beforeAll(async () => {
    connection = await api.connectToOmero({ ...here(), group: "lab", keepAlive: 30, agent: "conformance" });
  });
  afterAll(async () => {
    await connection?.close();
  });

  it("uploadTable, with a connection or without", async () => {
    const progress: omero2frame.Progress[] = [];
    const uploaded = await api.uploadTable(COLUMNS, "cells", {
      connection,
      parentId: 1,
      parentType: "IMAGE",
      links: [
        ["dataset", 1],
        ["Well", 2],
        ["roi", 3],
        ["Plate", 1],
        ["Screen", 1],
        ["project", 1n],
      ],
      chunkSize: 250,
      description: "all cells",
      namespace: "conformance/table",
      metadata: { lab: "naïve", count: 5, scale: 0.5 },
      columnTypes: { image: "Image" },
      onProgress: (report) => progress.push(report),
    });
    ({ annotationId, fileId } = uploaded);
    expect(uploaded.rowCount).toBe(ROWS);
    expect(progress.at(-1)).toEqual({ done: ROWS, total: ROWS, unit: "rows" });
    const replaced = await api.uploadTable({ n: [1] }, "again", { ...here(), parentId: 2 });
    const again = await api.uploadTable({ n: [2] }, "again", { ...here(), parentId: 2, replace: true });
    await expect(api.getTableSize({ connection, fileId: replaced.fileId })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await api.getTableSize({ ...here(), ...pick(again) })).toEqual([1, 1]);
  });

  const pick = ({ annotationId }: { annotationId: number }) => ({ annotationId });

  it("getTableSize, getTableColumns, getTableHeaders, getTableMetadata, setTableMetadata", async () => {
    expect(await api.getTableSize({ connection, annotationId })).toEqual([ROWS, 4]);
    expect(await api.getTableColumns({ ...here(), fileId })).toEqual(NAMES);
    const { columns, rowCount, metadata } = await api.getTableHeaders({ connection, fileId });
    expect(columns.map(({ type, size }) => `${type} ${size}`)).toEqual(["Image 1", "Double 1", "String 9", "Bool 1"]);
    expect(rowCount).toBe(ROWS);
    const expected = { lab: "naïve", count: 5n, scale: 0.5, __version: "2" };
    expect(Object.fromEntries(metadata)).toMatchObject(expected);
    await api.setTableMetadata({ lab: "other", more: 2n ** 60n }, { connection, annotationId });
    const changed = await api.getTableMetadata({ ...here(), fileId });
    expect(Object.fromEntries(changed)).toMatchObject({ ...expected, lab: "other", more: 2n ** 60n });
  });

  it("readTable, toDataFrame", async () => {
    const frame = await api.readTable({ connection, annotationId, columnNames: ["diagnosis", "image"], rows: [7, 5] });
    expect([frame.columns, frame.index, frame.values]).toEqual([
      ["image", "diagnosis"],
      [7, 5],
      [
        [8, "benign"],
        [6, "naïve"],
      ],
    ]);
    const big = await api.readTable({ ...here(), fileId, int64: "bigint", chunkSize: 100, query: "image == 20" });
    const hits = rowsWhere((row) => row % 20 === 19);
    expect([big.index, big.column("image").values]).toEqual([hits, hits.map(() => 20n)]);
    const batches = api.readBatches({ connection, fileId, rows: { start: 590 } });
    const made = await api.toDataFrame(batches);
    expect(made.shape).toEqual([10, 4]);
  });

  it("describeTable, plotTable", async () => {
    const { rowCount, columns } = await api.describeTable({ connection, fileId, query: "image <= 10" });
    expect(rowCount).toBe(ROWS / 2);
    expect(columns.map(({ name, count, distinct }) => [name, count, distinct])).toEqual([
      ["image", 300, 10],
      ["mean area", 283, 283],
      ["diagnosis", 300, 3],
      ["good", 300, 2],
    ]);
    const plot = await api.plotTable({ ...here(), fileId, kind: "box", x: "diagnosis", y: "mean area" });
    expect(plot.toSVG()).toContain("malignant");
  });

  it("readArrow, toArrowTable", async () => {
    const query = api.allOf(
      api.column("mean area").gt(1000),
      api.anyOf(api.column("diagnosis").eq("malignant"), api.column("image").in([3, 4])),
      api.not(api.column("good").eq(true)),
    );
    const hits = rowsWhere(
      (row) => COLUMNS["mean area"][row]! > 1000 && (row % 3 === 0 || [2, 3].includes(row % 20)) && row % 2 === 1,
    );
    const arrow = await api.readArrow({ connection, fileId, query, rowNumbers: true });
    expect(Array.from(arrow.getChild("__index_level_0__")!, Number)).toEqual(hits);
    expect(arrow.schema.metadata.get("omero.metadata.lab")).toBe("other");
    const some = await api.toArrowTable(api.readBatches({ connection, fileId, rows: { stop: 3 } }));
    expect(some.toArray().map((row) => row!.good)).toEqual([true, false, true]);
    const parts: Uint8Array[] = [];
    const rows = { stop: 3 };
    for await (const part of api.toArrowStream(api.readBatches({ connection, fileId, rows }))) parts.push(part);
    expect(tableFromIPC(Buffer.concat(parts)).numRows).toBe(3);
  });

  it("planScan and readPartition, job by job", async () => {
    const { jobs } = await api.planScan({ connection, fileId, columnNames: ["image"], partitionRows: 250 });
    let rows = 0;
    for (const job of jobs.map((planned) => api.parseScanJob(JSON.stringify(planned)))) {
      for await (const batch of api.readPartition(job, { connection })) rows += batch.rowCount;
    }
    expect([jobs.length, rows]).toEqual([3, ROWS]);
  });

  it("listOrphanTables finds none among tables that are attached", async () => {
    const orphans = await api.listOrphanTables({ connection, olderThan: 0 });
    expect(orphans.filter((orphan) => orphan.fileId === fileId)).toEqual([]);
  });

  it("readBatches, with rtypes as variables, by every route", async () => {
    const variables = {
      area: api.rstring("mean area"),
      least: api.rdouble(100),
      first: api.rlong(2),
      last: api.rint(9),
      good: api.rbool(true),
      share: api.rfloat(0.5),
    };
    const query = "(area > least) & (image >= first) & (image <= last) & (good == True) & (share < 1)";
    const sent = { ...variables, good: api.rstring("good") };
    const hits = rowsWhere(
      (row) => COLUMNS["mean area"][row]! > 100 && row % 20 >= 1 && row % 20 <= 8 && row % 2 === 0,
    );
    for (const route of ["auto", "service", "file"] as const) {
      const batches = [];
      const routes: string[] = [];
      const onRoute = (taken: string) => routes.push(taken);
      for await (const batch of api.readBatches({ connection, fileId, query, variables: sent, route, onRoute })) {
        batches.push(batch);
      }
      expect(joinCells(batches).rows, route).toEqual(hits);
      expect(routes.at(-1), route).toBe(route === "file" ? "file" : "service");
      const numbers = batches.flatMap(({ rowNumbers, rowCount }) => [...api.rowNumberArray(rowNumbers, rowCount)]);
      expect(numbers).toEqual(hits);
      expect(api.rowNumberAt(batches[0]!.rowNumbers, 0)).toBe(hits[0]);
    }
  });

  it("checkCondition, compileCondition, parseCondition, quoteName", async () => {
    const { columns: fields } = await api.getTableHeaders({ connection, fileId });
    const text = `${api.quoteName("mean area")} > 1500`;
    expect(api.parseCondition(text).root.type).toBe("comparison");
    const { condition, variables, columns } = api.checkCondition(text, fields);
    expect(columns).toEqual(["mean area"]);
    await using table = await api.openTable(connection, { fileId });
    const found = await table.getWhereList(condition, variables, { start: 0, stop: ROWS });
    const compiled = api.compileCondition(condition, fields, variables);
    const mask = compiled.evaluate(await table.read(compiled.columns, 0, ROWS));
    expect([...found]).toEqual([...mask.keys()].filter((row) => mask[row] === 1));
    expect(found.length).toBeGreaterThan(50);
  });

  it("downloadTable", async () => {
    const targetPath = path("table.csv");
    const rows = { start: 10, stop: 13 };
    expect(await api.downloadTable({ ...here(), annotationId, targetPath, rows, columnNames: ["mean area"] })).toBe(3);
    expect(await readFile(targetPath, "utf8")).toBe(",mean area\n10,32.5\n11,35.75\n12,39.0\n");
    const again = { connection, annotationId, targetPath };
    await expect(api.downloadTable(again)).rejects.toMatchObject({ code: "FILE_EXISTS", path: targetPath });
    expect(await api.downloadTable({ ...again, overwrite: true, query: "image < 0" })).toBe(0);
    expect(await readFile(targetPath, "utf8")).toBe(",image,mean area,diagnosis,good\n");
    expect((await readdir(directory)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("newTable, openTable", async () => {
    const fields = [api.field("n", "Long"), api.field("list", "DoubleArray", 2)];
    const table = await api.newTable(connection, "by hand", { group: "lab" });
    await table.initialize(fields);
    const lists = { kind: "array", size: 2, values: Float64Array.of(1, 2, 3, 4) } as const;
    const rowNumbers = { start: 0, step: 1 };
    const longs = { kind: "long", values: BigInt64Array.of(1n, 2n) } as const;
    await table.addData({ fields, columns: [longs, lists], rowCount: 2, rowNumbers });
    await table.close();
    await using opened = await api.openTable(connection, { fileId: table.file.id });
    expect(cellsOf(await opened.slice([1], Float64Array.of(1, 0)))).toEqual([
      [
        [3, 4],
        [1, 2],
      ],
    ]);
    await api.deleteTable({ connection, fileId: table.file.id });
  });

  it("appendRows, updateRows", async () => {
    const { fileId: id } = await api.uploadTable({ n: [1, 2], text: ["a", "bb"] }, "growing", {
      connection,
      parentId: 3,
    });
    const more = [
      { text: "c", n: 3 },
      { text: "d", n: 4 },
    ];
    expect(await api.appendRows(more, { connection, fileId: id })).toEqual({ firstRow: 2, rowCount: 2 });
    expect(await api.updateRows({ text: "x" }, { ...here(), fileId: id, query: "n > 2" })).toEqual({ rowCount: 2 });
    await api.updateRows({ n: [20, 10] }, { connection, fileId: id, rows: [1, 0] });
    const arrow = await api.readArrow({ connection, fileId: id });
    expect(arrow.toArray().map((row) => `${row!.n}${row!.text}`)).toEqual(["10a", "20bb", "3x", "4x"]);
  });

  it("uploadFile, listFiles, downloadFile, readCsv, readCsvArrow, downloadCsv, beside omero2pandas", async () => {
    const csv = `id,area,text\n${COLUMNS.image.map((_, row) => `${row},${row / 8},${row % 5 ? `"é,${row}"` : ""}`).join("\n")}\n`;
    await writeFile(path("plain.csv"), csv);
    await writeFile(path("packed.csv.gz"), gzipSync(csv));
    const options = { connection, parentId: 4, namespace: "conformance/csv", chunkSize: 1000 };
    const plain = await api.uploadFile(path("plain.csv"), { ...options, description: "plain" });
    const packed = await api.uploadFile(path("packed.csv.gz"), { ...here(), ...{ ...options, connection: undefined } });
    const files = await api.listFiles({ connection, parentId: 4, namespace: "conformance/csv" });
    expect(files.map((file) => file.annotationId)).toEqual([plain.annotationId, packed.annotationId]);

    for (const { annotationId: id } of [plain, packed]) {
      const theirs = await python.run<Frame>(
        `
        client = log_in(port)
        result = omero2pandas.read_csv(annotation_id=annotation, omero_connector=client, keep_default_na=False)
        client.closeSession()
        `,
        { port: which === "reference" ? reference.port : embedded.port, annotation: Number(id) },
      );
      const arrow = await api.readCsvArrow({ connection, annotationId: id, chunkSize: 700 });
      const ours = arrow.schema.fields.map((_, index) => [...arrow.getChildAt(index)!]);
      expect(arrow.schema.names).toEqual(["id", "area", "text"]);
      expect(ours).toEqual(restoreCells(theirs));
      const frame = await api.readCsv({ connection, annotationId: id, columnNames: ["text", "id"] });
      expect([frame.columns, frame.shape]).toEqual([
        ["id", "text"],
        [ROWS, 2],
      ]);
    }
    const only = { ...here(), parentId: 4, name: files[1]!.name };
    expect(await api.downloadCsv({ ...only, targetPath: path("copy.csv.gz") })).toBe(packed.size);
    expect(await readFile(path("copy.csv.gz"))).toEqual(await readFile(path("packed.csv.gz")));
    expect(await api.downloadFile({ connection, fileId: plain.fileId, targetPath: path("copy"), chunkSize: 999 })).toBe(
      plain.size,
    );
    expect(await readFile(path("copy"), "utf8")).toBe(csv);
    await expect(api.readCsv({ connection, fileId })).rejects.toThrow(/is a table/);
  });

  it("createTileDB, readTileDB, readTileDBArrow, readTileDBBatches", async () => {
    const array = path("array");
    const token = await api.createTileDB(api.readBatches({ connection, fileId }), array);
    expect(token.length).toBeGreaterThan(20);
    expect((await api.readTileDB(array, { rows: [3] })).values).toEqual([[4, 9.75, "malignant", false]]);
    expect((await api.readTileDBArrow(array)).numRows).toBe(ROWS);
    const batches = [];
    for await (const batch of api.readTileDBBatches(array, { columnNames: ["image"] })) batches.push(batch);
    expect(joinCells(batches).cells).toEqual([COLUMNS.image.map(BigInt)]);
  });

  it("listTables, copyTable, tableObjects", async () => {
    const columns = { image: COLUMNS.image.slice(0, 3), size: [1.5, 2.5, 3.5] };
    await api.uploadTable(columns, "of objects", { connection, parentId: 5, namespace: "conformance/objects" });
    const source = { ...here(), parentId: 5, namespace: "conformance/objects" };
    const dry = await api.copyTable(source, { connection, parentId: 6 }, { mapIds: { Image: { 1: 2 } }, dryRun: true });
    expect(dry.ids).toEqual([{ type: "Image", found: 1, unmapped: [2n, 3n] }]);
    const mapIds = { Image: { 1: 2, 2: 3, 3: 4 } };
    const { copy } = await api.copyTable(source, { connection, parentId: 6 }, { mapIds });
    const tables = await api.listTables({ connection, parentId: 6 });
    expect(tables.map(({ name, fileId }) => [name, fileId])).toEqual([["of objects", copy!.fileId]]);
    const found: [number, string][] = [];
    for await (const { row, object } of api.tableObjects("Image", { connection, parentId: 6, query: "size > 2" }))
      found.push([row, `${object.type} ${object.id}`]);
    expect(found).toEqual([
      [1, "Image 3"],
      [2, "Image 4"],
    ]);
  });

  it("services of any kind, with queryParameters, inGroup, rlist and rtime", async () => {
    const parameters = api.queryParameters({ ids: api.rlist([api.rlong(1), api.rlong(3)]) });
    const query = "select i.id from Image i where i.id in (:ids)";
    const found = await connection.getQueryService().projection(query, parameters, { context: api.inGroup(-1) });
    expect(found.flat()).toEqual([api.rlong(1), api.rlong(3)]);
    expect(api.isRType(found[0]![0])).toBe(true);
    expect(api.rtime(new Date(5))).toEqual({ iceId: "::omero::RTime", val: 5n });
    const store = connection.openStateful("::omero::api::RawFileStore");
    await store.service.setFileId(fileId);
    expect((await store.service.read(0, 8)).subarray(1, 4)).toEqual(new Uint8Array(Buffer.from("HDF")));
    await store.close();
    expect(await connection.service("::omero::api::IConfig").getVersion()).toMatch(/^\d+\.\d+/);
  });

  it("throwIfAborted, abortError, by a signal given to anything", async () => {
    const signal = AbortSignal.abort("no");
    expect(() => api.throwIfAborted(signal, "this")).toThrow(omero2frame.AbortError);
    expect(api.abortError(signal, "this").message).toMatch(/^this/);
    const aborted = { code: "ABORTED" };
    const table = { connection, fileId, signal };
    await expect(api.getTableSize(table)).rejects.toMatchObject(aborted);
    await expect(api.readTable(table)).rejects.toMatchObject(aborted);
    await expect(api.downloadTable({ ...table, targetPath: path("aborted") })).rejects.toMatchObject(aborted);
    await expect(api.appendRows([], table)).rejects.toMatchObject(aborted);
    await expect(api.updateRows({ good: true }, { ...table, rows: [1] })).rejects.toMatchObject(aborted);
    await expect(api.deleteTable(table)).rejects.toMatchObject(aborted);
    await expect(api.uploadTable(COLUMNS, "t", { connection, parentId: 1, signal })).rejects.toMatchObject(aborted);
    await expect(api.uploadFile(path("plain.csv"), { connection, parentId: 1, signal })).rejects.toMatchObject(aborted);
    await expect(api.downloadFile({ ...table, targetPath: path("aborted") })).rejects.toMatchObject(aborted);
    await expect(api.connectToOmero({ ...here(), signal })).rejects.toMatchObject(aborted);
    expect((await readdir(directory)).filter((name) => name.includes("aborted"))).toEqual([]);
  });

  it("deleteTable", async () => {
    await api.deleteTable({ ...here(), annotationId });
    await expect(api.getTableSize({ connection, annotationId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(api.getTableSize({ connection, fileId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const left = (await api.listFiles({ connection, parentId: 1 })).map((file) => file.fileId);
    expect(left).not.toContain(fileId);
  });
});

it("are all called", () => {
  console.log("public functions called:", functions.filter((name) => called.has(name)).length, "of", functions.length);
  expect(functions.filter((name) => !called.has(name))).toEqual(ELSEWHERE);
});
