/** Tables of more columns than a server keeps: stored as several, read as one. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { column } from "../../src/query/index.js";
import { downloadTable, getTableHeaders, readArrow, readBatches, readTable } from "../../src/read/index.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { deleteTable, getTableMetadata, type UploadOptions, uploadTable } from "../../src/write/index.js";
import { connectPlain, USER } from "../connect/embedded.js";

const ROWS = 7;
let server: OmeroServer;
let connection: OmeroConnection;
let directory: string;
/** Calls from now on that are to fail, by operation, and after how many of them. */
let failing: { operation: string; after: number } | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-split-"));
  server = await startServer({
    failedLoginDelay: 0,
    groups: [{ name: "lab", permissions: "rwra--" }],
    users: [{ name: USER.username, password: USER.password, groups: ["lab"] }],
    objects: [{ type: "Image", id: 1 }],
    beforeCall({ operation }) {
      if (failing?.operation === operation && --failing.after < 0) throw new Error("refused by the test");
    },
  });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

/** Columns as CellProfiler has them: numbers, with ids among them and text at the end. */
function wide(count: number): Record<string, unknown[]> {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const columns: Record<string, unknown[]> = {};
  for (let index = 0; index < count - 2; index++) {
    columns[`Cells_Texture_${index}`] = rows.map((row) => row + index / 1024);
    if (index === 600) columns.Image = rows.map((row) => 100 + row);
  }
  columns.Metadata_Well = rows.map((row) => `A${row}`);
  return columns;
}

function upload(count: number, options: Partial<UploadOptions> = {}) {
  const given = { connection, parentId: 1, split: true, onWarning: () => {}, ...options };
  return uploadTable(wide(count), "wide", given as UploadOptions);
}

describe.each(["service", "file"] as const)("by %s", (route) => {
  test.each([1790, 5794])("%i columns come back as one table", async (count) => {
    const { fileId, rowCount, parts } = await upload(count, { route, metadata: { plate: "x" } });
    expect(rowCount).toBe(ROWS);
    expect(parts).toHaveLength(Math.ceil(count / 510));
    expect(parts![0]!.fileId).toBe(fileId);
    const given = wide(count);
    const headers = await getTableHeaders({ connection, fileId: parts!.at(-1)!.fileId });
    expect(headers.columns.map(({ name }) => name)).toEqual(Object.keys(given));
    expect(headers.columns.find(({ name }) => name === "Image")?.type).toBe("Image");
    expect(headers.metadata.get("plate")).toBe("x");
    expect([...headers.metadata.keys()].filter((key) => key.startsWith("split."))).toEqual([]);
    const table = await readArrow({ connection, fileId });
    expect(table.numCols).toBe(count);
    for (const name of ["Cells_Texture_1", "Cells_Texture_700", `Cells_Texture_${count - 3}`, "Metadata_Well"]) {
      expect([...table.getChild(name)!]).toEqual(given[name]);
    }
    expect([...table.getChild("Image")!]).toEqual(given.Image!.map((id) => BigInt(id as number)));
  });
});

describe("a split table", () => {
  let fileId: number;
  let parts: readonly { readonly fileId: number; readonly annotationId: number }[];
  beforeAll(async () => {
    const uploaded = await upload(1200);
    fileId = uploaded.fileId;
    parts = uploaded.parts!;
  });

  test("is searched where the columns are, in one part or in several", async () => {
    const inOne = await readArrow({
      connection,
      fileId,
      query: "Cells_Texture_3 > 3.5",
      columnNames: ["Cells_Texture_1100"],
    });
    expect(inOne.numRows).toBe(3);
    const query = column("Cells_Texture_0").gt(1).and(column("Cells_Texture_1100").lt(6));
    const across = await readArrow({ connection, fileId, query, columnNames: ["Image", "Metadata_Well"] });
    expect(across.toArray().map((row) => [Number(row.Image), row.Metadata_Well])).toEqual([
      [102, "A2"],
      [103, "A3"],
      [104, "A4"],
    ]);
    const byText = await readArrow({ connection, fileId, query: "Metadata_Well == 'A5'" });
    expect(byText.numRows).toBe(1);
  });

  test("gives rows by number, and some columns in a frame", async () => {
    const options = { connection, fileId, rows: [5, 0], columnNames: ["Cells_Texture_1", "Metadata_Well"] };
    const frame = await readTable(options);
    expect(frame.values).toEqual([
      [5 + 1 / 1024, "A5"],
      [1 / 1024, "A0"],
    ]);
  });

  test("is downloaded as the table that was uploaded", async () => {
    const [path, again] = [join(directory, "wide.csv"), join(directory, "again.csv")];
    await downloadTable({ connection, fileId, targetPath: path });
    const { fileId: second } = await uploadTable(path, "wide", {
      connection,
      parentId: 1,
      split: true,
      onWarning: () => {},
    });
    await downloadTable({ connection, fileId: second, targetPath: again });
    expect(await readFile(again)).toEqual(await readFile(path));
  });

  test("has parts of which each tells its group, numbers its rows and repeats the ids", async () => {
    const metadata = await Promise.all(parts.map((part) => getTableMetadata({ connection, fileId: part.fileId })));
    const [first] = metadata;
    expect(metadata.map((one) => one.get("split.group"))).toEqual(parts.map(() => first!.get("split.group")));
    expect(JSON.parse(String(first!.get("split.files")))).toEqual(parts.map((part) => part.fileId));
    expect(metadata.map((one) => one.get("split.part"))).toEqual([1n, 2n, 3n]);
  });

  test("has no file of its own to be read", async () => {
    await expect(readArrow({ connection, fileId, route: "file" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("is given up when a part is gone", async () => {
    const { fileId: whole, parts: three } = await upload(1200);
    await deleteTable({ connection, fileId: three![1]!.fileId });
    await expect(readArrow({ connection, fileId: whole })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("few columns stay one table", async () => {
  const { fileId, parts } = await upload(41);
  expect(parts).toBeUndefined();
  expect((await getTableHeaders({ connection, fileId })).columns).toHaveLength(40);
});

test("too many columns are refused with the ways there are", async () => {
  const refused = upload(1790, { split: false });
  await expect(refused).rejects.toMatchObject({
    code: "INVALID_SCHEMA",
    message: expect.stringMatching(/columnNames.*split: true/),
  });
});

test("a stream, which can be read once, is refused before anything is made", async () => {
  const { fileId } = await upload(600);
  const stream = readBatches({ connection, fileId });
  const before = await server.contents();
  await expect(
    uploadTable(stream, "wide", { connection, parentId: 1, split: true, onWarning: () => {} }),
  ).rejects.toMatchObject({
    message: expect.stringContaining("a stream can be read only once"),
  });
  expect((await server.contents()).files).toEqual(before.files);
});

test.each([
  ["addData", 1],
  ["saveArray", 2],
  ["setMetadata", 7],
])("all parts or none: %s refused after %i calls leaves nothing", async (operation, after) => {
  const before = await server.contents();
  failing = { operation, after };
  await expect(upload(1200)).rejects.toMatchObject({ code: "UPLOAD_FAILED" });
  failing = undefined;
  const now = await server.contents();
  expect([now.files, now.annotations, now.links]).toEqual([before.files, before.annotations, before.links]);
});
