/**
 * Files of a few kilobytes that hold gigabytes: where what comes of them is kept, in memory or a temporary file, they are refused
 * as soon as they exceed the limit.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGzip, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as api from "../../src/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { lasting, outcomeOf } from "./lab.js";

const MIB = 1 << 20;
/** What the bombs hold, and what is allowed of it. */
const HELD = 256 * MIB;
const ALLOWED = MIB;
/** By how much memory may grow meanwhile. */
const MOST_GROWTH = 128 * MIB;

let server: OmeroServer;
let connection: api.OmeroConnection;
let folder: string;
let temporary: string;
const before = process.env.TMPDIR;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bombs-"));
  temporary = mkdtempSync(join(tmpdir(), "bombs-tmp-"));
  server = await startLabServer({ tables: "hdf5" });
  connection = await connectPlain(server);
  process.env.TMPDIR = temporary;
  for (const [kind, block] of Object.entries(BLOCKS)) writeFileSync(bomb(kind), await packed(block));
});
afterAll(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await connection.close();
  await server.close();
  rmSync(folder, { recursive: true });
  rmSync(temporary, { recursive: true });
});

const BLOCKS = { rows: "0\n", columns: "a\tb\n1\t2\n", empty: "\n", "one cell": "a" } as const;
const bomb = (kind: string) => join(folder, `${kind}.csv.gz`);

async function packed(block: string): Promise<Buffer> {
  const gzip = createGzip({ level: 9 });
  const parts: Buffer[] = [];
  gzip.on("data", (part: Buffer) => parts.push(part));
  gzip.write("x\n");
  const piece = Buffer.alloc(MIB, block);
  for (let count = 0; count < HELD / MIB; count++) {
    if (!gzip.write(piece)) await new Promise((resolve) => gzip.once("drain", resolve));
  }
  await new Promise<void>((resolve) => gzip.end(resolve));
  return Buffer.concat(parts);
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const { createReadStream } = await import("node:fs");
  yield* createReadStream(path);
}

const csv = { maxBytes: ALLOWED };
const upload = (source: api.RowSource) => {
  return api.uploadTable(source, "bomb", { connection, parentId: 1, csv, onWarning: () => {} });
};

async function attached(path: string): Promise<number> {
  return (await api.uploadFile(path, { connection, parentId: 1, name: "bomb.csv.gz" })).fileId;
}

/** Each with the limit given. */
const WAYS: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ["uploadTable", upload],
  ["uploadTable of a stream", (path) => upload(bytesOf(path))],
  ["appendRows", (path) => api.appendRows(path, { connection, fileId: tableId, csv })],
  ["createTileDB", (path) => api.createTileDB(path, join(folder, "made.tiledb"), { csv, onWarning: () => {} })],
  ["readArrow", (path) => api.readArrow({ path, maxBytes: ALLOWED })],
  ["readTable", (path) => api.readTable({ path, maxBytes: ALLOWED })],
  ["downloadTable", (path) => api.downloadTable({ path, targetPath: join(folder, "made.h5"), maxBytes: ALLOWED })],
];
const ATTACHED: typeof WAYS = [
  ["readCsv", async (path) => api.readCsv({ connection, fileId: await attached(path), maxBytes: ALLOWED })],
  ["readCsvArrow", async (path) => api.readCsvArrow({ connection, fileId: await attached(path), maxBytes: ALLOWED })],
];

let tableId: number;
beforeAll(async () => {
  tableId = (await api.uploadTable({ x: [1] }, "appended to", { connection, parentId: 1 })).fileId;
});

describe.each(Object.keys(BLOCKS))("a bomb of %s", (kind) => {
  test.each([...WAYS, ...ATTACHED])("is refused by %s, in bounded memory", async (_, read) => {
    const start = process.memoryUsage();
    const outcome = await outcomeOf(read(bomb(kind)));
    const { rss } = process.memoryUsage();
    expect(outcome).toMatchObject({ error: { code: "LIMIT_EXCEEDED" } });
    expect((outcome as { error: Error }).error.message).toMatch(new RegExp(`more than ${ALLOWED} bytes.*maxBytes`));
    expect(rss - start.rss).toBeLessThan(MOST_GROWTH);
    expect(readdirSync(temporary).filter((name) => /^omero2frame-[0-9a-f]/.test(name))).toEqual([]);
    expect(readdirSync(folder).filter((name) => !name.endsWith(".gz"))).toEqual([]);
  });

  test.each(WAYS.slice(0, 2))("leaves nothing on the server by %s", async (_, read) => {
    const held = lasting(await server.contents());
    await outcomeOf(read(bomb(kind)));
    expect(lasting(await server.contents())).toEqual(held);
  });
});

describe("what is allowed", () => {
  const text = `x,y\n${"1,a\n".repeat(1000)}`;
  const fits = { maxBytes: text.length };
  const tooLittle = { maxBytes: text.length - 1 };
  let gzipped: string;
  let plain: string;
  beforeAll(() => {
    gzipped = join(folder, "fits.tsv.gz");
    plain = join(folder, "plain.csv.gz");
    writeFileSync(gzipped, gzipSync(text));
    writeFileSync(plain, text);
  });

  test("is as many bytes as the limit says, and not one more", async () => {
    expect((await api.readArrow({ path: gzipped, ...fits })).numRows).toBe(1000);
    await expect(api.readArrow({ path: gzipped, ...tooLittle })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("counts all members of a file", async () => {
    const several = join(folder, "several.csv.gz");
    for (const between of [Buffer.alloc(0), Buffer.alloc(3)]) {
      writeFileSync(several, Buffer.concat([gzipSync("x,y\n"), between, gzipSync(text.slice(4))]));
      expect((await api.readArrow({ path: several, ...fits })).numRows).toBe(1000);
      await expect(api.readArrow({ path: several, ...tooLittle })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    }
  });

  test("is all of a file that is not compressed, unless it is read into memory as it is", async () => {
    expect((await api.readArrow({ path: plain, maxBytes: 10 })).numRows).toBe(1000);
    const { fileId } = await api.uploadFile(plain, { connection, parentId: 1, name: "plain.csv" });
    await expect(api.readCsvArrow({ connection, fileId, maxBytes: 10 })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      fileId,
    });
    expect((await api.readCsvArrow({ connection, fileId, ...fits })).numRows).toBe(1000);
  });

  test.each([0, -1, Number.NaN, "7"])("is never %s bytes", async (maxBytes) => {
    const wrong = { maxBytes } as { maxBytes: number };
    await expect(api.readArrow({ path: gzipped, ...wrong })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const uploading = api.uploadTable(gzipped, "no", { connection, parentId: 1, csv: wrong });
    await expect(uploading).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});
