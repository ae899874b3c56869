import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { openFile } from "../../src/gateway/files/raw-file.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { connectPlain, startLabServer } from "./embedded.js";

let server: OmeroServer;
let connection: OmeroConnection;
/** Operations that have reached the server, and those that it holds back until they are let go. */
let arrived: string[] = [];
let held = new Set<string>();
const release: (() => void)[] = [];

const SERVICE = "::omero::api::RawFileStore";
const WATCHED = ["getFileId", "exists", "size", "close", "setFileId", "read"];

async function beforeCall({ operation }: ServedCall): Promise<void> {
  if (!WATCHED.includes(operation)) return;
  arrived.push(operation);
  if (!held.delete(operation)) return;
  await new Promise<void>((resolve) => release.push(resolve));
}

function letGo(): void {
  for (const go of release.splice(0)) go();
}

const arrival = (operation: string) => vi.waitFor(() => expect(arrived).toContain(operation));
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 60));

beforeEach(async () => {
  server = await startLabServer({ beforeCall });
  connection = await connectPlain(server);
  arrived = [];
  held = new Set();
});
afterEach(async () => {
  letGo();
  await connection.close();
  await server.close();
});

describe("a service with a state", () => {
  test("gets its calls one after the other, in their order, and its closing last", async () => {
    const store = connection.openStateful(SERVICE);
    held.add("getFileId");
    const answers = [store.service.getFileId(), store.service.exists(), store.service.size()];
    const settled = Promise.allSettled(answers);
    const closed = store.close();
    await arrival("getFileId");
    await aWhile();
    expect(arrived).toEqual(["getFileId"]);
    letGo();
    await settled;
    await closed;
    expect(arrived).toEqual(["getFileId", "exists", "size", "close"]);
    await expect(answers[0]).resolves.toBeNull();
  });

  test("does not get a call that was given up while it waited", async () => {
    const store = connection.openStateful(SERVICE);
    const controller = new AbortController();
    held.add("getFileId");
    const first = store.service.getFileId();
    const aborted = store.service.exists({ signal: controller.signal });
    const timedOut = { code: "TIMEOUT", operation: "RawFileStore.exists" };
    const late = expect(store.service.exists({ timeout: 20 })).rejects.toMatchObject(timedOut);
    const last = store.service.getFileId();
    await arrival("getFileId");
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: "ABORTED" });
    await late;
    letGo();
    await Promise.all([first, last]);
    expect(arrived).toEqual(["getFileId", "getFileId"]);
    await store.close();
  });

  test.each([
    ["aborted", "ABORTED"],
    ["late", "TIMEOUT"],
  ])("gets no second call before it has answered one that is %s", async (how, code) => {
    const store = connection.openStateful(SERVICE);
    const controller = new AbortController();
    await store.service.exists().catch(() => {});
    arrived = [];
    held.add("getFileId");
    const options = how === "aborted" ? { signal: controller.signal } : { timeout: 30 };
    const given = expect(store.service.getFileId(options)).rejects.toMatchObject({ code });
    await arrival("getFileId");
    controller.abort();
    await given;
    const next = store.service.exists().catch((error) => error);
    await aWhile();
    expect(arrived).toEqual(["getFileId"]);
    letGo();
    expect(await next).toMatchObject({ name: "ServerError" });
    expect(arrived).toEqual(["getFileId", "exists"]);
    await store.close();
  });

  test("lets no waiting call hang when the connection is lost", async () => {
    const store = connection.openStateful(SERVICE);
    held.add("getFileId");
    const calls = [store.service.getFileId(), store.service.exists()];
    const lost = calls.map((call) => expect(call).rejects.toMatchObject({ code: "CONNECTION_LOST" }));
    await arrival("getFileId");
    server.dropConnections();
    await Promise.all(lost);
    expect(arrived).toEqual(["getFileId"]);
    await store.close();
  });

  test("lets no waiting call hang when the connection is closed", async () => {
    const store = connection.openStateful(SERVICE);
    held.add("getFileId");
    const calls = [store.service.getFileId(), store.service.exists()];
    const failed = calls.map((call) => expect(call).rejects.toMatchObject({ code: "CONNECTION_CLOSED" }));
    await arrival("getFileId");
    await connection.close();
    await Promise.all(failed);
  });

  test("takes no more calls once it is closed", async () => {
    const store = connection.openStateful(SERVICE);
    await store.service.getFileId();
    await store.close();
    await expect(store.service.getFileId()).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(arrived).toEqual(["getFileId", "close"]);
  });

  test("that answers no more does not keep its closing, nor the connection's", async () => {
    const store = connection.openStateful(SERVICE);
    held.add("getFileId");
    await expect(store.service.getFileId({ timeout: 20 })).rejects.toMatchObject({ code: "TIMEOUT" });
    await store.close();
    expect(arrived).toEqual(["getFileId"]);
    await connection.close();
  });
});

test("other objects get their calls side by side", async () => {
  const stores = [connection.openStateful(SERVICE), connection.openStateful(SERVICE)];
  held.add("getFileId");
  const first = stores[0]!.service.getFileId();
  await arrival("getFileId");
  await stores[1]!.service.getFileId();
  const query = connection.getQueryService();
  await Promise.all([query.find("Image", 1), query.find("Image", 1)]);
  letGo();
  await first;
});

test("a file's store is freed where the file cannot be opened", async () => {
  await expect(openFile(connection, { fileId: 99_999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const contents = await server.contents();
  expect(contents.sessions.map(({ statefulServices }) => statefulServices)).toEqual([0]);
});
