/** Two hundred connections at once: those that work, those that vanish, and those that never say who they are. */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect as connectSocket, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readArrow } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { deleteTable, uploadTable } from "../../src/write/index.js";
import { connectPlain, connectSecurely } from "../connect/embedded.js";
import { ServerProcess } from "../support/server-process.js";
import { expectQuiet, lasting, numberedColumns, startFaultLab, storeTable } from "./lab.js";
import { FaultProxy } from "./proxy.js";

const CROWD = 200;
const ROWS = 50;

/** File descriptors of this process: client and server have both ends of every connection here. */
const descriptors = () => readdirSync("/proc/self/fd").length;

const everyone = <T>(work: (number: number) => Promise<T>) =>
  Promise.all(Array.from({ length: CROWD }, (_, number) => work(number)));

describe("two hundred connections at once", () => {
  let server: OmeroServer;
  let fileId: number;
  let before: number;
  beforeAll(async () => {
    server = await startFaultLab({ tables: "hdf5", idleTimeout: 60_000 });
    fileId = await storeTable(server, ROWS);
    // What is loaded once, and threads that are kept, are not counted.
    await using connection = await connectPlain(server);
    await readArrow({ connection, fileId });
    await connection.close();
    await expectQuiet(server);
    before = descriptors();
  });
  afterAll(() => server.close());

  async function expectNothingLeft(): Promise<void> {
    await expectQuiet(server);
    await expect.poll(descriptors, { timeout: 5000 }).toBeLessThanOrEqual(before);
  }

  test("each logs in, reads a table, uploads one and leaves; all is right and nothing stays", async () => {
    const held = lasting(await server.contents());
    const connections = await everyone((number) => (number % 4 === 0 ? connectSecurely(server) : connectPlain(server)));
    expect((await server.contents()).sessions).toHaveLength(CROWD);
    const keys = new Set(connections.map(({ session }) => session.uuid));
    expect(keys.size).toBe(CROWD);
    const uploads = await Promise.all(
      connections.map(async (connection, number) => {
        const table = await readArrow({ connection, fileId, rows: { start: 0, stop: ROWS } });
        expect(table.getChild("area")!.toArray()).toEqual(Float64Array.from({ length: ROWS }, (_, row) => row / 8));
        return uploadTable(numberedColumns(3, number * 10), `of client ${number}`, { connection, parentId: 1 });
      }),
    );
    const { files, links } = await server.contents();
    expect(files).toHaveLength(held.files.length + CROWD);
    expect(links).toHaveLength(held.links.length + CROWD);
    expect(new Set(uploads.map((upload) => upload.fileId)).size).toBe(CROWD);
    // Each looks at what its neighbour has made.
    await Promise.all(
      connections.map(async (connection, number) => {
        const neighbour = (number + 1) % CROWD;
        const table = await readArrow({ connection, fileId: uploads[neighbour]!.fileId });
        expect(table.getChild("image")!.toArray()).toEqual(
          BigInt64Array.from([0, 1, 2], (row) => BigInt(neighbour * 10 + row)),
        );
        expect(files.find(({ id }) => Number(id) === uploads[neighbour]!.fileId)!.name).toBe(`of client ${neighbour}`);
      }),
    );
    for (const [number, connection] of connections.entries()) {
      if (number % 20 === 0) await deleteTable({ connection, fileId: uploads[number]!.fileId });
    }
    await Promise.all(connections.map((connection) => connection.close()));
    expect((await server.contents()).files).toHaveLength(held.files.length + CROWD - CROWD / 20);
    await expectNothingLeft();
  });

  test("strangers that connect and vanish leave nothing", async () => {
    for (const vanish of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.resetAndDestroy()]) {
      const sockets = await everyone(async (number) => {
        const socket = connectSocket(number % 2 === 0 ? server.port : server.tlsPort, "127.0.0.1");
        socket.on("error", () => {});
        await once(socket, "connect");
        // Some get as far as half a message.
        if (number % 3 === 0) socket.write(Buffer.from([0x49, 0x63, 0x65, 0x50, 1, 0, 1, 0, 0, 0, 99]));
        return socket;
      });
      for (const socket of sockets) vanish(socket);
      await expectNothingLeft();
    }
    await using connection = await connectPlain(server);
    expect(await readArrow({ connection, fileId })).toMatchObject({ numRows: ROWS });
  });
});

test("two hundred clients that vanish in the midst of reading and writing leave no session, table or descriptor", async () => {
  // A server of its own process, whose descriptors are not the clients'.
  await using server = await ServerProcess.start({ tables: "hdf5", idleTimeout: 12_000 });
  const fileId = await storeTable(server, 2000);
  const own = () => readdirSync(`/proc/${server.pid}/fd`).length;
  await vi.waitFor(async () => expect((await server.contents()).connections).toBe(0), 5000);
  const before = own();
  await using proxy = await FaultProxy.start(server.port);
  const connections = await everyone(() => connectPlain(proxy, { reconnectTimeout: 0, keepAlive: 1 }));
  const work = connections.map(async (connection, number) => {
    for (;;) {
      if (number % 2 === 0) await readArrow({ connection, fileId, route: "service", chunkSize: 100 });
      else await uploadTable(numberedColumns(500), `cut off ${number}`, { connection, parentId: 1, chunkSize: 50 });
    }
  });
  const ended = Promise.allSettled(work);
  await vi.waitFor(async () => expect((await server.contents()).openTables.length).toBeGreaterThan(20), 20_000);
  proxy.behaviour = { refuse: true };
  proxy.cutAll("reset");
  for (const outcome of await ended) {
    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { code: expect.stringMatching(/^CONNECTION_|UPLOAD_FAILED/) },
    });
  }
  const held = async () => {
    const { connections: open, sessions, openTables } = await server.contents();
    return { open, sessions, openTables };
  };
  await vi.waitFor(async () => expect(await held()).toEqual({ open: 0, sessions: [], openTables: [] }), {
    timeout: 40_000,
  });
  await expect.poll(own, { timeout: 5000 }).toBeLessThanOrEqual(before);
  expect(server.errors).toBe("");
  await Promise.all(connections.map((connection) => connection.close()));
});

describe("who does not log in", () => {
  test.each<[string, (server: OmeroServer) => Socket]>([
    ["a connection that says nothing", (server) => connectSocket(server.port, "127.0.0.1")],
    ["one that never begins its TLS handshake", (server) => connectSocket(server.tlsPort, "127.0.0.1")],
    [
      "one that says nothing after the handshake",
      (server) =>
        connectTls({
          port: server.tlsPort,
          host: "127.0.0.1",
          rejectUnauthorized: false,
          ciphers: "ADH-AES256-GCM-SHA384:@SECLEVEL=0",
          maxVersion: "TLSv1.2",
        }),
    ],
  ])("%s is ended in time", async (_name, open) => {
    await using server = await startFaultLab({ loginTimeout: 500 });
    const started = performance.now();
    const socket = open(server).on("error", () => {});
    socket.resume();
    await once(socket, "close");
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeGreaterThan(0.4);
    expect(seconds).toBeLessThan(5);
    await expect.poll(async () => (await server.contents()).connections).toBe(0);
  });

  test("makes room for who does: a full server takes clients again", async () => {
    await using server = await startFaultLab({ loginTimeout: 500, maxConnections: 20 });
    const sockets = Array.from({ length: 20 }, () => connectSocket(server.port, "127.0.0.1").on("error", () => {}));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    await expect(connectPlain(server, { reconnectTimeout: 0 })).rejects.toMatchObject({
      code: expect.stringMatching(/^CONNECTION_/),
    });
    for (const socket of sockets) socket.resume();
    await Promise.all(sockets.map((socket) => (socket.closed ? undefined : once(socket, "close"))));
    await using connection = await connectPlain(server);
    expect((await connection.getUser())?.userName).toBe("ana");
  });

  test("is nobody who has: a client that idles stays", async () => {
    await using server = await startFaultLab({ loginTimeout: 300, idleTimeout: 10_000 });
    await using connection = await connectPlain(server, { keepAlive: false, reconnectTimeout: 0 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await connection.getUser())?.userName).toBe("ana");
    expect((await server.contents()).connections).toBe(1);
  });

  test("is also who has logged out, or whose session has ended", async () => {
    await using server = await startFaultLab({ loginTimeout: 300, idleTimeout: 600 });
    const idle = await connectPlain(server, { keepAlive: false, reconnectTimeout: 0 });
    const { connections } = await server.contents();
    expect(connections).toBe(1);
    await expect.poll(async () => (await server.contents()).sessions.length, { timeout: 30_000 }).toBe(0);
    await expect.poll(async () => (await server.contents()).connections, { timeout: 30_000 }).toBe(0);
    await idle.close();
  });

  test("has at least some time", async () => {
    await expect(startFaultLab({ loginTimeout: 0 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});
