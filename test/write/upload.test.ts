import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ColumnBatch, field } from "../../src/columns/batch.js";
import type { Progress } from "../../src/columns/table.js";
import { IceUserException } from "../../src/connect/ice/codec/ice-exception.js";
import type { OmeroConnection } from "../../src/connect/index.js";
import { deleteObjects } from "../../src/gateway/delete.js";
import { openTable } from "../../src/gateway/tables/open-table.js";
import { readBatches } from "../../src/read/index.js";
import type { ObjectOptions, OmeroServer, ServedCall, ServerContents } from "../../src/server/index.js";
import { type UploadOptions, uploadTable } from "../../src/write/upload.js";
import { connectPlain, startLabServer, USER } from "../connect/embedded.js";
import { addRows } from "../formats/read-source.js";

const ANNOTATIONS = ["Tag", "Comment", "Map", "File", "Long", "Double", "Boolean", "Term", "Timestamp", "Xml", "List"];
const OBJECTS: ObjectOptions[] = [
  ...["Image", "Dataset", "Project", "Screen", "Plate", "Roi"].map((type) => ({ type, id: 1 })),
  { type: "Well", id: 1, references: { plate: { type: "Plate", id: 1 } } },
  { type: "Image", id: 2 },
  { type: "Image", id: 99, group: "other" },
  { type: "Image", id: 50, owner: "ben" },
  ...ANNOTATIONS.map((kind, index) => ({ type: `${kind}Annotation`, id: 20 + index })),
];
const COLUMNS = { image: [1, 2, 3], "mean area": [1.5, NaN, 2], text: ["é🔬", "", "x"], ok: [true, false, true] };

let server: OmeroServer;
let connection: OmeroConnection;
let calls: string[] = [];
/** Runs before the calls of an operation. */
let before: Record<string, () => void | Promise<void>> = {};

async function beforeCall({ service, operation }: ServedCall): Promise<void> {
  const name = `${service.split("::").at(-1)}.${operation}`;
  calls.push(name);
  await before[name]?.();
}

beforeAll(async () => {
  server = await startLabServer({ objects: OBJECTS, beforeCall });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});
afterEach(() => {
  before = {};
  calls = [];
});

function upload(options: Partial<UploadOptions> = {}, columns: Parameters<typeof uploadTable>[0] = COLUMNS) {
  return uploadTable(columns, "cells", { connection, parentId: 1, onWarning: () => {}, ...options });
}

async function readBack(fileId: bigint): Promise<{ fields: string[]; columns: unknown[][] }> {
  let columns: unknown[][] = [];
  let fields: string[] = [];
  for await (const batch of readBatches({ connection, fileId })) {
    if (fields.length === 0) columns = batch.fields.map(() => []);
    fields = batch.fields.map(({ name, type, size }) => `${name}:${type}${type === "String" ? `(${size})` : ""}`);
    addRows(columns, batch);
  }
  return { fields, columns };
}

/** What of a server's contents uploads may change. */
function lasting({ files, annotations, links, tables, openTables, contentFiles }: ServerContents) {
  return { files, annotations, links, tables, openTables: [...openTables], contentFiles };
}

/** Once what other tests left open has been closed, a moment after their connections. */
async function contentsAtRest() {
  await expect.poll(async () => (await server.contents()).openTables.size).toBe(0);
  return lasting(await server.contents());
}

function refusal(id: string, message: string): IceUserException {
  return new IceUserException(id, { message, serverExceptionClass: "", serverStackTrace: "" });
}

test("a description that OMERO.tables cannot keep is refused before anything is made", async () => {
  const contents = lasting(await server.contents());
  const batch: ColumnBatch = {
    fields: [field("area", "Double", 1, "in µm²")],
    columns: [{ kind: "double", values: Float64Array.of(1) }],
    rowCount: 1,
    rowNumbers: { start: 0, step: 1 },
  };
  const refused = {
    name: "DataError",
    code: "INVALID_SCHEMA",
    column: "area",
    message: expect.stringMatching(/not ASCII/),
  };
  await expect(upload({}, batch)).rejects.toMatchObject(refused);
  expect(lasting(await server.contents())).toEqual(contents);
});

test("a table is stored, closed, attached and read back", async () => {
  const { annotationId, fileId, rowCount } = await upload({ description: "all cells", namespace: "lab.example/cells" });
  expect(rowCount).toBe(3);
  expect(await readBack(BigInt(fileId))).toEqual({
    fields: ["image:Image", "mean area:Double", "text:String(6)", "ok:Bool"],
    columns: [[1n, 2n, 3n], COLUMNS["mean area"], COLUMNS.text, COLUMNS.ok],
  });
  const { files, annotations, links, openTables } = await server.contents();
  expect(files.find(({ id }) => Number(id) === fileId)).toMatchObject({ name: "cells", mimetype: "OMERO.tables" });
  expect(annotations.find(({ id }) => Number(id) === annotationId)).toMatchObject({
    namespace: "lab.example/cells",
    fileId,
  });
  expect(links.filter(({ child }) => Number(child.id) === annotationId)).toMatchObject([
    { parent: { type: "Image", id: 1 } },
  ]);
  expect(openTables.get(fileId) ?? 0).toBe(0);
  const annotation = await connection.getQueryService().find("FileAnnotation", annotationId);
  expect(annotation).toMatchObject({ description: { val: "all cells" } });
});

test("the sequence of calls, one chunk after the other, closed before it is attached", async () => {
  await upload({ chunkSize: 2, metadata: { version: 3, scale: 0.5, note: "naïve" } });
  const wanted = /^(SharedResources.newTable|Table.(initialize|addData|setMetadata|close)|IUpdate.*)$/;
  expect(calls.filter((name) => wanted.test(name))).toEqual([
    "SharedResources.newTable",
    "Table.initialize",
    "IUpdate.saveObject",
    "Table.addData",
    "Table.addData",
    "Table.setMetadata",
    "Table.setMetadata",
    "Table.setMetadata",
    "Table.close",
    "IUpdate.saveAndReturnObject",
    "IUpdate.saveArray",
  ]);
});

test("only one chunk is in flight, while the next is made ready", async () => {
  let inFlight = 0;
  let most = 0;
  let made = 0;
  const madeAtCall: number[] = [];
  before["Table.addData"] = async () => {
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setTimeout(resolve, 20));
    madeAtCall.push(made);
    inFlight--;
  };
  async function* batches() {
    while (made < 5) yield batchOf([made++, 0]);
  }
  expect((await upload({ chunkSize: 2 }, batches())).rowCount).toBe(10);
  expect(most).toBe(1);
  expect(madeAtCall).toEqual([2, 3, 4, 5, 5]);
});

function batchOf(values: number[]): ColumnBatch {
  const column = { kind: "long", values: BigInt64Array.from(values, BigInt) } as const;
  const rowNumbers = { start: 0, step: 1 };
  return { fields: [field("a", "Long")], columns: [column], rowCount: values.length, rowNumbers };
}

test("metadata", async () => {
  const warnings: string[] = [];
  const metadata = { version: 3, big: 2n ** 62n, scale: 0.5, tenth: 0.1, note: "naïve" };
  const { fileId } = await upload({ metadata, onWarning: (message) => warnings.push(message) });
  const table = await openTable(connection, { fileId });
  const stored = await table.getAllMetadata();
  await table.close();
  const { __version, __initialized, ...own } = Object.fromEntries(stored);
  expect(own).toEqual({ version: 3n, big: 2n ** 62n, scale: 0.5, tenth: Math.fround(0.1), note: "naïve" });
  expect(warnings).toEqual([expect.stringContaining("tenth")]);
});

test("progress tells of the rows, and of a CSV's bytes before", async () => {
  const seen: string[] = [];
  const onProgress = ({ done, total, unit }: Progress) => seen.push(`${done}/${total} ${unit}`);
  await upload({ onProgress, chunkSize: 2 });
  expect(seen).toEqual(["0/3 rows", "2/3 rows", "3/3 rows"]);
  seen.length = 0;
  await upload({ onProgress }, Readable.from([Buffer.from("a\n1\n")]));
  expect([...new Set(seen)]).toEqual(["4/undefined bytes", "0/1 rows", "1/1 rows"]);
});

test("a table of no rows", async () => {
  const { fileId, rowCount } = await upload({}, { a: [], b: new Float64Array(0) });
  expect(rowCount).toBe(0);
  expect(await readBack(BigInt(fileId))).toEqual({ fields: ["a:String(1)", "b:Double"], columns: [[], []] });
});

test("a connection of its own is made, and closed again", async () => {
  const { connections } = await server.contents();
  const login = { server: `tcp://127.0.0.1:${server.port}`, ...USER, allowToken: false };
  const result = await uploadTable(COLUMNS, "cells", { ...login, parentId: 1, onWarning: () => {} });
  expect(result.rowCount).toBe(3);
  expect((await server.contents()).connections).toBe(connections);
});

describe("links", () => {
  test("of all types, in any case, each once", async () => {
    const types = ["image", "DATASET", "Project", "screen", "plate", "Well", "ROI"];
    const kinds = ANNOTATIONS.map((kind) => `${kind}annotation`);
    const annotations = kinds.map((kind, index) => [kind, 20 + index] as const);
    const links = [...types.map((type) => [type, 1] as const), ...annotations];
    const { annotationId } = await upload({ links: [...links, ["Image", 1]] });
    const made = (await server.contents()).links.filter(({ child }) => Number(child.id) === annotationId);
    const parents = made.map(({ parent }) => `${parent.type} ${parent.id}`);
    const expected = ["Image", "Dataset", "Project", "Screen", "Plate", "Well", "Roi"].map((type) => `${type} 1`);
    expect(parents.sort()).toEqual(
      [...expected, ...ANNOTATIONS.map((kind, index) => `${kind}Annotation ${20 + index}`)].sort(),
    );
  });

  test("a single pair, and a parent of another type", async () => {
    const { annotationId } = await upload({ parentId: 1n, parentType: "dataset", links: ["Image", 2] });
    const made = (await server.contents()).links.filter(({ child }) => Number(child.id) === annotationId);
    expect(new Set(made.map(({ parent }) => `${parent.type} ${parent.id}`))).toEqual(new Set(["Dataset 1", "Image 2"]));
  });

  test("the table is kept in the group of its targets", async () => {
    const { fileId } = await upload({ parentId: 99 });
    const { files } = await server.contents();
    const [lab, other] = [1n, 99n].map(async (id) => {
      const image = await connection.getQueryService().find("Image", id, { context: { "omero.group": "-1" } });
      return Number(image?.details?.group?.id?.val);
    });
    expect(await lab).not.toBe(await other);
    expect(files.find(({ id }) => Number(id) === fileId)?.group).toBe(await other);
  });

  test("only ROIs are warned of", async () => {
    const warnings: string[] = [];
    await upload({ parentType: "Roi", onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([expect.stringContaining("ROI")]);
  });

  test.each<[string, Partial<UploadOptions>, object]>([
    ["nothing to attach to", { parentId: undefined }, { code: "INVALID_ARGUMENT" }],
    [
      "an unknown type",
      { parentType: "Pixels" },
      { code: "INVALID_ARGUMENT", message: expect.stringMatching(/"Pixels"/) },
    ],
    ["an id that is none", { parentId: -1 }, { code: "INVALID_ARGUMENT" }],
    ["links that are no list", { links: 5 as never }, { code: "INVALID_ARGUMENT" }],
    [
      "an object that is not there",
      { links: [["Dataset", 77]] },
      { code: "NOT_FOUND", message: expect.stringMatching(/Dataset 77/) },
    ],
    [
      "objects of two groups",
      { links: [["Image", 99]] },
      { code: "INVALID_ARGUMENT", message: expect.stringMatching(/one group/) },
    ],
  ])("%s: an error, and nothing is made", async (_, options, error) => {
    const held = await contentsAtRest();
    await expect(upload(options)).rejects.toMatchObject(error);
    expect(lasting(await server.contents())).toEqual(held);
    expect(calls).not.toContain("SharedResources.newTable");
  });

  test("an object that this user may not annotate", async () => {
    const closed = await startLabServer({
      groups: [{ name: "lab", permissions: "rwr---" }, { name: "other" }, { name: "third" }],
      objects: [{ type: "Image", id: 1, owner: "ana" }],
    });
    const ben = await connectPlain(closed, { username: "ben", password: "pass-ben" });
    await expect(upload({ connection: ben })).rejects.toMatchObject({
      code: "SECURITY_VIOLATION",
      message: expect.stringMatching(/Image 1/),
    });
    expect((await closed.contents()).files).toEqual([]);
    await ben.close();
    await closed.close();
  });
});

describe("failures", () => {
  const STEPS = [
    "SharedResources.newTable",
    "Table.getOriginalFile",
    "Table.initialize",
    "Table.addData",
    "Table.setMetadata",
    "Table.getNumberOfRows",
    "Table.close",
    "IUpdate.saveAndReturnObject",
    "IUpdate.saveArray",
  ];
  const many = { chunkSize: 1, metadata: { a: 1 } };

  /** Does something before the second call of a step if there are several, else before the first. */
  function at(step: string, happen: () => void | Promise<void>): void {
    let call = 0;
    before[step] = async () => {
      if (++call !== (step === "Table.addData" ? 2 : 1)) return;
      before = {};
      await happen();
    };
  }

  test.each(STEPS)("%s refused: an error, and nothing is left", async (step) => {
    const held = await contentsAtRest();
    at(step, () => {
      throw refusal("::omero::ValidationException", "no luck");
    });
    const error = { code: "UPLOAD_FAILED", message: expect.stringMatching(/no luck.*(removed|nothing of it)/) };
    await expect(upload(many)).rejects.toMatchObject(error);
    expect(lasting(await server.contents())).toEqual(held);
  });

  test.each(STEPS.filter((step) => step !== "Table.getNumberOfRows"))(
    "%s cut off: an error, and nothing is left",
    async (step) => {
      const held = await contentsAtRest();
      await using own = await connectPlain(server, { reconnectTimeout: 10_000 });
      at(step, () => server.dropConnections());
      const failure = await upload({ ...many, connection: own }).catch((error) => error);
      expect(failure).toMatchObject({ code: "UPLOAD_FAILED", message: expect.stringMatching(/removed|nothing of it/) });
      await own.close();
      expect(lasting(await server.contents())).toEqual(held);
    },
  );

  test("cut off in a call that only reads: it goes on", async () => {
    await using own = await connectPlain(server, { reconnectTimeout: 10_000 });
    at("Table.getNumberOfRows", () => server.dropConnections());
    await expect(upload({ ...many, connection: own })).resolves.toMatchObject({ rowCount: 3 });
  });

  test.each(STEPS.filter((step) => step !== "Table.close"))(
    "aborted during %s: an error, and nothing is left",
    async (step) => {
      const held = await contentsAtRest();
      const controller = new AbortController();
      at(step, () => controller.abort("enough"));
      const aborted = { code: "ABORTED", cause: "enough", message: expect.stringMatching(/removed|nothing of it/) };
      await expect(upload({ ...many, signal: controller.signal })).rejects.toMatchObject(aborted);
      expect(lasting(await server.contents())).toEqual(held);
    },
  );

  test("aborted before it begins", async () => {
    await expect(upload({ signal: AbortSignal.abort("no") })).rejects.toMatchObject({ code: "ABORTED" });
    expect(calls).toEqual([]);
  });

  test("a source that fails half-way: the error keeps its place, and nothing is left", async () => {
    const held = await contentsAtRest();
    async function* batches() {
      yield batchOf([1, 2]);
      yield { ...batchOf([3]), fields: [field("b", "Long")] };
    }
    await expect(upload({ chunkSize: 1 }, batches())).rejects.toMatchObject({
      code: "UPLOAD_FAILED",
      cause: { code: "INVALID_SCHEMA" },
    });
    expect(lasting(await server.contents())).toEqual(held);
  });

  test.each<[string, Parameters<typeof uploadTable>[0], Partial<UploadOptions>, object]>([
    ["values", { a: [1], b: [{}] }, {}, { code: "UNSUPPORTED_TYPE", column: "b", row: 0 }],
    ["names", { __a: [1] }, {}, { code: "INVALID_SCHEMA" }],
    ["a path", "/nowhere.csv", {}, { code: "CANNOT_READ_FILE" }],
    ["a chunk size", COLUMNS, { chunkSize: 0 }, { code: "INVALID_ARGUMENT" }],
    ["metadata", COLUMNS, { metadata: { __version: 1 } }, { code: "INVALID_ARGUMENT" }],
    ["metadata of no type", COLUMNS, { metadata: { a: true as never } }, { code: "INVALID_ARGUMENT" }],
    ["a login beside a connection", COLUMNS, { username: "ana" }, { code: "INVALID_ARGUMENT" }],
  ])("%s that cannot be: an error, and nothing is made", async (_, source, options, error) => {
    await expect(upload(options, source)).rejects.toMatchObject(error);
    expect(calls.filter((name) => /newTable|save/.test(name))).toEqual([]);
  });

  test.each(["", "  ", 5])("a table named %j", async (name) => {
    await expect(uploadTable(COLUMNS, name as string, { connection, parentId: 1 })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  test("what could not be removed is named", async () => {
    at("Table.addData", () => {
      before["ServiceFactory.submit"] = () => {
        throw refusal("::omero::SecurityViolation", "not yours");
      };
      throw refusal("::omero::ValidationException", "no luck");
    });
    const failure = await upload(many).catch((error) => error);
    expect(failure).toMatchObject({
      code: "UPLOAD_FAILED",
      message: expect.stringMatching(/no luck.*remains.*SecurityViolation/),
    });
    const { files } = await server.contents();
    expect(files.map(({ id }) => Number(id))).toContain(failure.fileId);
    before = {};
    await deleteObjects(connection, { OriginalFile: [failure.fileId] });
  });
});

describe("replace", () => {
  test("the old table goes when the new one is whole", async () => {
    const old = await uploadTable({ a: [1] }, "to replace", { connection, parentId: 2 });
    const elsewhere = await uploadTable({ a: [1] }, "to replace", { connection, parentId: 1 });
    const other = await uploadTable({ a: [1] }, "another", { connection, parentId: 2 });
    const fresh = await uploadTable({ a: [2] }, "to replace", { connection, parentId: 2, replace: true });
    const { files, annotations, tables } = await server.contents();
    const ids = files.map(({ id }) => Number(id));
    expect(ids).not.toContain(old.fileId);
    expect(annotations.map(({ id }) => Number(id))).not.toContain(old.annotationId);
    expect(tables.map(Number)).not.toContain(old.fileId);
    for (const kept of [elsewhere, other, fresh]) expect(ids).toContain(kept.fileId);
  });

  test("the old table stays when the new one fails", async () => {
    const old = await uploadTable({ a: [1] }, "to keep", { connection, parentId: 2 });
    const held = await contentsAtRest();
    before["IUpdate.saveArray"] = () => {
      throw refusal("::omero::ValidationException", "no luck");
    };
    await expect(uploadTable({ a: [2] }, "to keep", { connection, parentId: 2, replace: true })).rejects.toThrow();
    expect(lasting(await server.contents())).toEqual(held);
    expect((await readBack(BigInt(old.fileId))).columns).toEqual([[1n]]);
  });

  test("an old table that cannot be removed is warned of", async () => {
    const old = await uploadTable({ a: [1] }, "to stay", { connection, parentId: 2 });
    before["ServiceFactory.submit"] = () => {
      throw refusal("::omero::SecurityViolation", "not yours");
    };
    const warnings: string[] = [];
    const options = { connection, parentId: 2, replace: true, onWarning: (message: string) => warnings.push(message) };
    await uploadTable({ a: [2] }, "to stay", options);
    expect(warnings).toEqual([expect.stringContaining(`file ${old.fileId}`)]);
  });
});
