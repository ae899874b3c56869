import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OriginalFile } from "../../src/connect/ice/schema/omero.js";
import { rstring } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { contentOf, TestClient } from "./client.js";

let server: OmeroServer;
let client: TestClient;
beforeAll(async () => {
  server = await startServer({ tables: "memory" });
  client = await TestClient.logIn(server);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server.close();
});

describe("RawFileStore", () => {
  async function newFile(): Promise<bigint> {
    const file = await (await client.update()).saveAndReturnObject({
      iceId: "::omero::model::OriginalFile",
      name: rstring("f"),
      path: rstring("/"),
      hasher: { iceId: "::omero::model::ChecksumAlgorithm", value: rstring("SHA1-160") },
    } as OriginalFile);
    return file!.id!.val;
  }

  it("writes in any order, and notes size and SHA-1", async () => {
    const id = await newFile();
    const content = Uint8Array.from({ length: 300_000 }, (_, index) => index * 7);
    const store = await client.rawFileStore();
    await store.setFileId(id);
    expect(await store.exists()).toBe(false);
    const blocks = [2, 0, 1].map((block) => [block * 100_000, (block + 1) * 100_000] as const);
    for (const [start, stop] of blocks) await store.write(content.slice(start, stop), start, stop - start);
    expect(await store.size()).toBe(300_000n);
    expect((await store.read(299_990, 100)).slice(0, 10)).toEqual(content.slice(299_990));
    const saved = await store.save();
    expect([saved!.size, saved!.hash].map(contentOf)).toEqual([
      300_000n,
      createHash("sha1").update(content).digest("hex"),
    ]);
    expect(await store.truncate(10)).toBe(true);
    expect(await store.truncate(10)).toBe(false);
    await store.close();
    const after = (await (await client.query()).get("OriginalFile", id)) as OriginalFile;
    expect([after.size, after.hash].map(contentOf)).toEqual([
      10n,
      createHash("sha1").update(content.slice(0, 10)).digest("hex"),
    ]);
    await expect(store.size()).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
  });

  it("reads no more at once than an answer can hold, however long a file says it is", async () => {
    const store = await client.rawFileStore();
    await store.setFileId(await newFile());
    // A file with a hole: it takes a block on disk.
    await store.write(Uint8Array.of(7), 3_000_000_000n, 1);
    expect(await store.size()).toBe(3_000_000_001n);
    const before = process.memoryUsage().arrayBuffers;
    await expect(store.read(0n, 2 ** 31 - 1)).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
    expect(await store.read(3_000_000_000n, 1)).toEqual(Uint8Array.of(7));
    expect(await store.truncate(0n)).toBe(true);
  });

  it("refuses what cannot be", async () => {
    const store = await client.rawFileStore();
    await expect(store.size()).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(store.setFileId(12345)).rejects.toMatchObject({ code: "VALIDATION" });
    await store.setFileId(await newFile());
    await expect(store.read(-1, 1)).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(store.read(0, -1)).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(store.write(new Uint8Array(1), -1, 1)).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(store.write(new Uint8Array(1), 2n ** 62n, 1)).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(store.write(new Uint8Array(1), 0, 2)).rejects.toMatchObject({ code: "API_USAGE" });
    await store.setFileId(1);
    await expect(store.write(new Uint8Array(1), 0, 1)).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    await store.close();
  });

  it("notes what was written even if the client never says it is done", async () => {
    const id = await newFile();
    const hasty = await TestClient.logIn(server);
    const store = await hasty.rawFileStore();
    await store.setFileId(id);
    await store.write(Uint8Array.of(1, 2, 3), 0, 3);
    await hasty.ice.destroy();
    await expect.poll(async () => (await server.contents()).files.find((file) => file.id === Number(id))?.size).toBe(3);
  });
});
