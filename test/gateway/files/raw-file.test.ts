import { createHash, randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { createFile, openFile, type RemoteFile } from "../../../src/gateway/files/raw-file.js";
import type { OmeroServer, ServedCall } from "../../../src/server/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";

let server: OmeroServer;
let connection: OmeroConnection;
let onCall: (call: ServedCall) => void | Promise<void> = () => {};

beforeAll(async () => {
  server = await startLabServer({ beforeCall: (call) => onCall(call) });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});
afterEach(() => {
  onCall = () => {};
});

async function fileOf(content: Uint8Array): Promise<number> {
  await using file = await createFile(connection, { name: "data.bin", mimetype: "application/octet-stream" });
  await file.write(0, content);
  return (await file.save()).id;
}

async function readAll(file: RemoteFile, options: Parameters<RemoteFile["blocks"]>[0] = {}): Promise<Buffer> {
  const blocks: Uint8Array[] = [];
  for await (const block of file.blocks(options)) blocks.push(block);
  return Buffer.concat(blocks);
}

describe("a file", () => {
  test("is written in blocks, noted, and read back", async () => {
    const content = randomBytes(100_000);
    const file = await createFile(connection, { name: "a.csv", mimetype: "text/csv", path: "/here", group: "other" });
    expect(file.size).toBe(0);
    await file.write(60_000, content.subarray(60_000));
    await file.write(0, content.subarray(0, 60_000));
    expect(file.size).toBe(100_000);
    const noted = await file.save();
    const sha1 = createHash("sha1").update(content).digest("hex");
    expect(noted).toMatchObject({ name: "a.csv", mimetype: "text/csv", size: 100_000, sha1 });
    await file.close();
    await file.close();
    await expect(file.read(0, 1)).rejects.toThrow("is closed");

    await using again = await openFile(connection, { fileId: noted.id });
    expect(again.file.groupId).not.toBe(connection.groupId);
    expect(Buffer.compare(await readAll(again, { blockSize: 7777, verify: true }), content)).toBe(0);
    expect(Buffer.compare(await again.read(99_990, 10), content.subarray(99_990))).toBe(0);
    const span = await readAll(again, { start: 100, stop: 30_100, blockSize: 10_000 });
    expect(Buffer.compare(span, content.subarray(100, 30_100))).toBe(0);
  });

  test("can be empty, grow and shrink", async () => {
    await using file = await createFile(connection, { name: "empty", mimetype: "text/plain" });
    expect(await readAll(file)).toHaveLength(0);
    await file.write(0, new Uint8Array(0));
    await file.write(0, Uint8Array.of(1, 2, 3, 4));
    await file.truncate(2);
    expect(file.size).toBe(2);
    expect([...(await file.read(0, 2))]).toEqual([1, 2]);
  });

  test.each<[string, (file: RemoteFile) => Promise<unknown>]>([
    ["bytes after its end", (file) => file.read(3, 2)],
    ["a negative position", (file) => file.read(-1, 2)],
    ["half a byte", (file) => file.read(0, 0.5)],
    ["a span that runs backwards", (file) => readAll(file, { start: 3, stop: 1 })],
    ["blocks of nothing", (file) => readAll(file, { blockSize: 0 })],
    ["a place that is none", (file) => file.write(-1, Uint8Array.of(1))],
    ["to be made longer by cutting", (file) => file.truncate(9)],
  ])("refuses %s", async (_name, call) => {
    await using file = await openFile(connection, { fileId: await fileOf(Uint8Array.of(1, 2, 3, 4)) });
    await expect(call(file)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("that does not exist is not found", async () => {
    await expect(openFile(connection, { fileId: 999_999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(openFile(connection, { annotationId: 999_999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("whose bytes are not what the server noted is found out", async () => {
    const id = await fileOf(randomBytes(5000));
    await using reader = await openFile(connection, { fileId: id });
    await using writer = await openFile(connection, { fileId: id });
    await writer.write(10, Uint8Array.of(1, 2, 3));
    await expect(readAll(reader, { verify: true })).rejects.toMatchObject({
      code: "CHECKSUM_MISMATCH",
      fileId: Number(id),
    });
  });

  test("that is shorter than it was is found out", async () => {
    const id = await fileOf(randomBytes(5000));
    await using reader = await openFile(connection, { fileId: id });
    await using writer = await openFile(connection, { fileId: id });
    await writer.truncate(4000);
    await expect(readAll(reader, { blockSize: 1000 })).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  });
});

describe("reading ahead", () => {
  test("keeps a number of blocks in flight, not more, and stops when the reader does", async () => {
    await using file = await openFile(connection, { fileId: await fileOf(randomBytes(20_000)) });
    let running = 0;
    let most = 0;
    let reads = 0;
    onCall = async ({ operation }) => {
      if (operation !== "read") return;
      reads++;
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
    };
    expect(await readAll(file, { blockSize: 1000, inFlight: 4 })).toHaveLength(20_000);
    expect([reads, most]).toEqual([20, 4]);
    reads = 0;
    for await (const block of file.blocks({ blockSize: 1000, inFlight: 2 })) {
      expect(block).toHaveLength(1000);
      break;
    }
    expect(reads).toBeLessThanOrEqual(3);
  });

  test("has a store for each block in flight, four at most, and frees them all", async () => {
    const stores = async () => (await server.contents()).sessions.reduce((sum, one) => sum + one.statefulServices, 0);
    const file = await openFile(connection, { fileId: await fileOf(randomBytes(20_000)) });
    const before = await stores();
    expect(await readAll(file, { blockSize: 10_000, inFlight: 8 })).toHaveLength(20_000);
    expect(await stores()).toBe(before + 1);
    expect(await readAll(file, { blockSize: 1000, inFlight: 8 })).toHaveLength(20_000);
    expect(await stores()).toBe(before + 3);
    await file.close();
    expect(await stores()).toBe(before - 1);
  });

  test("ends with its signal", async () => {
    await using file = await openFile(connection, { fileId: await fileOf(randomBytes(20_000)) });
    const controller = new AbortController();
    onCall = ({ operation }) => {
      if (operation === "read") controller.abort();
    };
    await expect(readAll(file, { blockSize: 1000, signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });

  test("goes on after a lost connection, as writing does", async () => {
    const content = randomBytes(50_000);
    const id = await fileOf(content);
    await using file = await openFile(connection, { fileId: id });
    let calls = 0;
    onCall = ({ operation }) => {
      if ((operation === "read" || operation === "write") && ++calls % 7 === 0) server.dropConnections();
    };
    expect(Buffer.compare(await readAll(file, { blockSize: 2500, verify: true }), content)).toBe(0);
    await using copy = await createFile(connection, { name: "copy", mimetype: "text/plain" });
    for (let start = 0; start < content.length; start += 5000)
      await copy.write(start, content.subarray(start, start + 5000));
    onCall = () => {};
    expect((await copy.save()).sha1).toBe(file.file.sha1);
    expect(calls).toBeGreaterThan(20);
  });
});
