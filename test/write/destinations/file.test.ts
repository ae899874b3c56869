import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { readBatches } from "../../../src/read/index.js";
import type { OmeroServer, ServedCall } from "../../../src/server/index.js";
import { getTableMetadata, type UploadOptions, uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { addRows } from "../../formats/read-source.js";

let server: OmeroServer;
let connection: OmeroConnection;
let directory: string;
let before: Record<string, () => void> = {};
let calls: string[] = [];
let warnings: string[] = [];

const COLUMNS = {
  image: [1, 2, 3],
  "mean area": [1.5, NaN, 2],
  text: ["é🔬", "", "x"],
  ok: [true, false, true],
  list: [
    [0.5, 1],
    [2, 3],
    [4, 5],
  ],
};

beforeAll(async () => {
  const beforeCall = ({ service, operation }: ServedCall) => {
    const name = `${service.split("::").at(-1)}.${operation}`;
    calls.push(name);
    before[name]?.();
  };
  directory = await mkdtemp(join(tmpdir(), "file-route-"));
  vi.stubEnv("TMPDIR", directory);
  server = await startLabServer({ beforeCall, tables: "hdf5", directory: join(directory, "server") });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});
afterEach(async () => {
  before = {};
  calls = [];
  warnings = [];
  expect(await readdir(directory)).toEqual(["server"]);
});

function upload(options: Partial<UploadOptions> = {}, to = connection) {
  const onWarning = (message: string) => warnings.push(message);
  return uploadTable(COLUMNS, "by file", { connection: to, parentId: 1, route: "file", onWarning, ...options });
}

async function columnsOf(fileId: bigint, from = connection): Promise<unknown[][]> {
  const columns: unknown[][] = Object.keys(COLUMNS).map(() => []);
  for await (const batch of readBatches({ connection: from, fileId, route: "service" })) addRows(columns, batch);
  return columns;
}

const EXPECTED = [[1n, 2n, 3n], COLUMNS["mean area"], COLUMNS.text, COLUMNS.ok, COLUMNS.list];

function refusal(message: string): IceUserException {
  return new IceUserException("::omero::ValidationException", {
    message,
    serverExceptionClass: "",
    serverStackTrace: "",
  });
}

async function lasting() {
  const { files, annotations, links, tables, contentFiles, openTables } = await server.contents();
  return { files, annotations, links, tables, contentFiles, openTables: [...openTables] };
}

test("the table is sent as a file, and found by the table service", async () => {
  const { fileId, annotationId, rowCount } = await upload({
    metadata: { note: "x", count: 3, tenth: 0.1 },
    chunkSize: 2,
  });
  expect(rowCount).toBe(3);
  expect(calls).toContain("RawFileStore.write");
  expect(calls.filter((name) => /newTable|addData|initialize/.test(name))).toEqual([]);
  expect(await columnsOf(BigInt(fileId))).toEqual(EXPECTED);
  const { files, annotations } = await server.contents();
  expect(files.find(({ id }) => Number(id) === fileId)).toMatchObject({ name: "by file", mimetype: "OMERO.tables" });
  expect(annotations.find(({ id }) => id === annotationId)?.fileId).toBe(fileId);
  const metadata = await getTableMetadata({ connection, fileId });
  expect([metadata.get("note"), metadata.get("count")]).toEqual(["x", 3n]);
});

test("a table without rows", async () => {
  const { fileId } = await uploadTable({ a: [], b: new Int8Array(0) }, "empty", {
    connection,
    parentId: 1,
    route: "file",
  });
  const fields = [];
  for await (const batch of readBatches({ connection, fileId, route: "service" })) fields.push(...batch.fields);
  expect(fields.map(({ name, type }) => `${name}:${type}`)).toEqual(["a:String", "b:Long"]);
});

test.each(["RawFileStore.write", "SharedResources.openTable", "Table.getHeaders", "Table.read"])(
  "%s refused: the rows go by the service, and the file is gone",
  async (step) => {
    const held = await lasting();
    before[step] = () => {
      before = {};
      throw refusal("no such thing");
    };
    const { fileId } = await upload();
    expect(warnings).toEqual([expect.stringContaining("no such thing")]);
    expect(calls).toContain("Table.addData");
    expect(await columnsOf(BigInt(fileId))).toEqual(EXPECTED);
    expect((await lasting()).files).toHaveLength(held.files.length + 1);
  },
);

test("a server that keeps tables elsewhere gets the rows by its service", async () => {
  await using other = await startLabServer({ tables: "memory" });
  await using to = await connectPlain(other);
  const { fileId } = await upload({}, to);
  expect(warnings).toHaveLength(1);
  expect(await columnsOf(BigInt(fileId), to)).toEqual(EXPECTED);
  expect((await other.contents()).files).toHaveLength(1);
});

test("refused by file and by service: an error, and nothing is left", async () => {
  const held = await lasting();
  before["RawFileStore.write"] = before["Table.initialize"] = () => {
    throw refusal("no luck");
  };
  await expect(upload()).rejects.toMatchObject({
    code: "UPLOAD_FAILED",
    message: expect.stringMatching(/no luck.*removed/),
  });
  expect(await lasting()).toEqual(held);
});

test.each(["RawFileStore.write", "RawFileStore.save", "SharedResources.openTable", "IUpdate.saveArray"])(
  "aborted during %s: an error, and nothing is left",
  async (step) => {
    const held = await lasting();
    const controller = new AbortController();
    before[step] = () => controller.abort("enough");
    const failing = upload({ signal: controller.signal });
    await expect(failing).rejects.toMatchObject({
      code: "ABORTED",
      cause: "enough",
      message: expect.stringMatching(/removed/),
    });
    expect(await lasting()).toEqual(held);
  },
);

test("replace", async () => {
  const old = await upload();
  const fresh = await upload({ replace: true });
  const ids = (await server.contents()).files.map(({ id }) => id);
  expect([ids.includes(old.fileId), ids.includes(fresh.fileId)]).toEqual([false, true]);
});

test("another route is refused", async () => {
  await expect(upload({ route: "pigeon" as "file" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
