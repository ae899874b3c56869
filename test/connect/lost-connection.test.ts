import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { field } from "../../src/columns/batch.js";
import { openFile } from "../../src/gateway/files/raw-file.js";
import { newTable, openTable } from "../../src/gateway/tables/open-table.js";
import type { OmeroServer, ServedCall, ServerOptions } from "../../src/server/index.js";
import { FaultProxy } from "../faults/proxy.js";
import { ADMIN, connectPlain, connectSecurely, eventsOf, startLabServer } from "./embedded.js";

let server: OmeroServer;
/** Calls of this operation wait until they are let go. */
let held = "";
let release: () => void = () => {};
let arrived: Promise<void>;

function hold(operation: string): void {
  held = operation;
  arrived = new Promise((resolve) => {
    arrive = resolve;
  });
}
let arrive: () => void = () => {};

async function beforeCall({ operation }: ServedCall): Promise<void> {
  if (operation !== held) return;
  held = "";
  arrive();
  await new Promise<void>((resolve) => {
    release = resolve;
  });
}

const start = (options: ServerOptions = {}) => startLabServer({ beforeCall, ...options });

beforeEach(async () => {
  held = "";
  server = await start();
});
afterEach(async () => {
  release();
  await server.close();
});

const longs = (...values: number[]) => ({
  fields: [field("n", "Long")],
  columns: [{ kind: "long" as const, values: BigInt64Array.from(values, BigInt) }],
  rowCount: values.length,
  rowNumbers: { start: 0, step: 1 },
});

async function tableOfLongs(connection: Parameters<typeof newTable>[0], ...values: number[]) {
  const table = await newTable(connection, "longs");
  await table.initialize([field("n", "Long")]);
  await table.addData(longs(...values));
  return table;
}

describe("a lost connection", () => {
  test.each([
    ["tcp", connectPlain],
    ["TLS", connectSecurely],
  ])("over %s is found again, with the same session and the services got before", async (_name, connect) => {
    await using connection = await connect(server);
    const events = eventsOf(connection);
    const { uuid } = connection.session;
    const query = connection.getQueryService();
    const table = await tableOfLongs(connection, 1, 2, 3);
    server.dropConnections();
    expect(await query.find("Image", 1)).not.toBeNull();
    expect((await table.read([0], 0, 3)).columns[0]).toEqual(longs(1, 2, 3).columns[0]);
    await table.addData(longs(4));
    expect(connection.session.uuid).toBe(uuid);
    expect(events).toEqual(["lost", "joined again"]);
    await table.close();
    const again = await openTable(connection, { fileId: table.file.id });
    expect((await again.read([0], 0, 9)).rowCount).toBe(4);
  });

  test("in the middle of reads: they are repeated", async () => {
    await using connection = await connectPlain(server);
    const table = await tableOfLongs(connection, 1, 2, 3);
    hold("read");
    const reads = [table.read([0], 0, 2), table.read([0], 1, 3), table.slice([0], Float64Array.of(2, 0))];
    await arrived;
    server.dropConnections();
    const batches = await Promise.all(reads);
    expect(batches.map((batch) => batch.columns[0])).toEqual([
      longs(1, 2).columns[0],
      longs(2, 3).columns[0],
      longs(3, 1).columns[0],
    ]);
  });

  test.each(["addData", "setMetadata", "saveAndReturnObject"])("in the middle of %s: it is not", async (operation) => {
    await using connection = await connectPlain(server);
    const table = await tableOfLongs(connection, 1);
    hold(operation);
    const write = {
      addData: () => table.addData(longs(2)),
      setMetadata: () => table.setMetadata("key", "value"),
      saveAndReturnObject: () =>
        connection.getUpdateService().saveAndReturnObject({ iceId: "::omero::model::Dataset" } as never),
    }[operation]!();
    const failed = expect(write).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      operation: expect.stringContaining(operation),
      message: expect.stringContaining("not known whether the server did it"),
    });
    await arrived;
    server.dropConnections();
    await failed;
    expect((await table.read([0], 0, 1)).rowCount).toBe(1);
  });

  test("while the file of a table is read: it goes on where it was", async () => {
    await server.close();
    server = await start({ tables: "hdf5" });
    await using connection = await connectPlain(server);
    const table = await tableOfLongs(connection, ...Array.from({ length: 2000 }, (_, index) => index));
    await table.close();
    const file = await openFile(connection, { fileId: table.file.id });
    let bytes = 0;
    for await (const block of file.blocks({ blockSize: 4096, verify: true })) {
      bytes += block.length;
      if (bytes === 8192) server.dropConnections();
    }
    expect(bytes).toBe(file.size);
    expect(file.file.sha1).toBeDefined();
  });

  test("is tried for as long as patience lasts", async () => {
    await using proxy = await FaultProxy.start(server.port);
    const through = { server: `tcp://127.0.0.1:${proxy.port}`, reconnectTimeout: 700 };
    await using connection = await connectPlain(server, through);
    proxy.behaviour.refuse = true;
    proxy.cutAll();
    await expect(connection.getQueryService().find("Image", 1)).rejects.toMatchObject({ name: "ConnectionError" });
    expect(connection.state).toBe("reconnecting");
    proxy.behaviour.refuse = false;
    expect(await connection.getQueryService().find("Image", 1)).not.toBeNull();
    expect(connection.state).toBe("connected");
  });

  test("that nobody is told of is noticed by the pings", async () => {
    await using proxy = await FaultProxy.start(server.port);
    await using connection = await connectPlain(server, { server: `tcp://127.0.0.1:${proxy.port}`, keepAlive: 0.1 });
    const events = eventsOf(connection);
    server.dropConnections();
    await vi.waitFor(() => expect(events).toEqual(["lost", "joined again"]), 5000);
  });
});

describe("a session that has ended", () => {
  test("is made anew with the password", async () => {
    await using connection = await connectPlain(server, { group: "other" });
    const events = eventsOf(connection);
    const { uuid } = connection.session;
    await endSession(uuid);
    expect(await connection.getQueryService().find("Image", 99)).not.toBeNull();
    expect(connection.session.uuid).not.toBe(uuid);
    expect(events).toEqual(["lost", "new session"]);
  });

  test("cannot be where it was joined", async () => {
    await using owner = await connectPlain(server);
    await using joined = await connectPlain(server, { sessionKey: owner.session.uuid });
    await endSession(owner.session.uuid);
    await expect(joined.getQueryService().find("Image", 1)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    await expect(joined.getQueryService().find("Image", 1)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
  });

  test("as another user is made anew by the administrator", async () => {
    await using admin = await connectPlain(server, ADMIN);
    await using ben = await admin.asUser("ben");
    const { uuid } = ben.session;
    await endSession(uuid);
    expect((await ben.getSessionInfo()).userName).toBe("ben");
    expect(ben.session.uuid).not.toBe(uuid);
  });

  test("does not end for idleness while it is kept alive, and does otherwise", async () => {
    await server.close();
    server = await start({ idleTimeout: 400 });
    await using kept = await connectPlain(server, { keepAlive: 0.1 });
    const { uuid } = kept.session;
    await using idle = await connectPlain(server, { keepAlive: false });
    const events = [eventsOf(kept), eventsOf(idle)];
    await sleep(1200);
    await kept.getSessionInfo();
    await idle.getSessionInfo();
    expect(events).toEqual([[], ["lost", "new session"]]);
    expect(kept.session.uuid).toBe(uuid);
  });

  async function endSession(uuid: string): Promise<void> {
    await using admin = await connectPlain(server, ADMIN);
    const session = { iceId: "::omero::model::Session", uuid: { iceId: "::omero::RString", val: uuid } };
    for (let references = 1; references > 0; ) {
      references = await admin.getSessionService().closeSession(session as never);
    }
  }
});

test("a connection lost while it is made is not waited for", async () => {
  hold("getEventContext");
  const connecting = connectPlain(server);
  const failed = expect(connecting).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  await arrived;
  server.dropConnections();
  await failed;
});

test("a server that accepts the log-in and then says nothing is given up", async () => {
  hold("getEventContext");
  const silent = expect(connectPlain(server, { connectTimeout: 300 })).rejects.toMatchObject({
    code: "CONNECTION_TIMEOUT",
    message: expect.stringContaining("did not say who is logged in within 300 ms"),
  });
  await silent;
  await expect.poll(async () => (await server.contents()).sessions).toEqual([]);
});

test("connecting can be given up after the log-in", async () => {
  hold("getEventContext");
  const controller = new AbortController();
  const failed = expect(connectPlain(server, { signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
  await arrived;
  controller.abort();
  await failed;
});

test("closing ends waiting for a lost connection", async () => {
  const connection = await connectPlain(server);
  await server.kill();
  const waiting = expect(connection.getQueryService().find("Image", 1)).rejects.toMatchObject({
    code: "CONNECTION_CLOSED",
  });
  await sleep(100);
  expect(connection.state).toBe("reconnecting");
  await connection.close();
  await waiting;
});
