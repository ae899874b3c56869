/** Files of OMERO, and the limit on messages. */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { contentOf } from "../../server/client.js";
import { failureOf, logIn, NOWHERE, newFile, originalFile, type ServerUnderTest } from "./ruled-server.js";

const CONTENT = Uint8Array.from({ length: 1_000 }, (_, index) => index % 251);

export function describeFiles(serverUnderTest: ServerUnderTest): void {
  it("a read past the end is as long as was asked for", async () => {
    await using client = await logIn(serverUnderTest());
    const { store } = await newFile(client);
    await store.write(CONTENT, 0, CONTENT.length);
    expect(await store.read(CONTENT.length, 10)).toHaveLength(10);
    const across = await store.read(CONTENT.length - 50, 100);
    expect(across).toHaveLength(100);
    expect(across.slice(0, 50)).toEqual(CONTENT.slice(-50));
    expect(await store.size()).toBe(BigInt(CONTENT.length));
    await store.close();
  });

  it("save answers null if nothing changed, and a file without hash if it has no hasher", async () => {
    await using client = await logIn(serverUnderTest());
    const { id, store } = await newFile(client);
    await store.write(CONTENT, 0, CONTENT.length);
    const saved = (await store.save())!;
    expect([saved.size, saved.hash, saved.hasher].map(contentOf)).toEqual([1_000n, null, null]);
    expect(await store.save()).toBeNull();
    await store.close();
    const opened = await client.rawFileStore();
    await opened.setFileId(id);
    expect(await opened.save()).toBeNull();
    await opened.close();
    expect((await originalFile(client, id)).hash).toBeNull();
  });

  it("the first save of a file without content notes that it is empty", async () => {
    await using client = await logIn(serverUnderTest());
    const { store } = await newFile(client);
    expect(await store.exists()).toBe(false);
    expect(contentOf((await store.save())!.size)).toBe(0n);
    expect(await store.exists()).toBe(true);
    await store.close();
  });

  it("a store without a file says so", async () => {
    await using client = await logIn(serverUnderTest());
    const store = await client.rawFileStore();
    const failure = await failureOf(store.size());
    expect(failure).toMatchObject({ serverException: "::omero::ApiUsageException" });
    expect(failure.message).toContain("This RawFileStore has not been properly initialized.");
    await store.close();
  });

  it("save notes the SHA-1 of a file with that hasher", async () => {
    await using client = await logIn(serverUnderTest());
    const { id, store } = await newFile(client, { hasher: "SHA1-160" });
    await store.write(CONTENT, 0, CONTENT.length);
    const expected = createHash("sha1").update(CONTENT).digest("hex");
    expect(contentOf((await store.save())!.hash)).toBe(expected);
    await store.close();
    expect(contentOf((await originalFile(client, id)).hash)).toBe(expected);
  });

  it("a file that is not there is a ValidationException to setFileId and openTable", async () => {
    await using client = await logIn(serverUnderTest());
    const store = await client.rawFileStore();
    for (const open of [() => store.setFileId(NOWHERE), () => client.openTable(NOWHERE)]) {
      const failure = await failureOf(open());
      expect(failure).toMatchObject({ code: "VALIDATION", serverException: "::omero::ValidationException" });
      expect(failure.message).toContain("No row with the given identifier exists");
    }
    await store.close();
  });

  it("a request over the limit ends the connection without a word", async () => {
    const { messageSizeMax } = serverUnderTest();
    await using client = await logIn(serverUnderTest());
    const { store } = await newFile(client);
    const most = new Uint8Array(messageSizeMax - 2_000);
    await store.write(most, 0, most.length);
    const over = new Uint8Array(messageSizeMax + 1);
    expect(await failureOf(store.write(over, 0, over.length))).toMatchObject({ code: "CONNECTION_LOST" });
  });

  it("an answer over the limit is a MemoryLimitException, and the connection goes on", async () => {
    const { messageSizeMax } = serverUnderTest();
    await using client = await logIn(serverUnderTest());
    const { store } = await newFile(client);
    await store.write(CONTENT, 0, CONTENT.length);
    expect(await failureOf(store.read(0, messageSizeMax + 1))).toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    expect(await store.read(0, 10)).toEqual(CONTENT.slice(0, 10));
    await store.close();
  });
}
