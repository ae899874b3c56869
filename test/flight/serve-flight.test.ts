/** Tables of the embedded server by Arrow Flight. */
import { connect as connectHttp2 } from "node:http2";
import { status } from "@grpc/grpc-js";
import { makeTable, type Table, tableFromArrays, tableFromIPC } from "apache-arrow";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { type FlightServer, serveFlight } from "../../src/flight/index.js";
import { encodeMessage } from "../../src/flight/protocol/messages.js";
import { FLIGHT_SERVICE } from "../../src/flight/protocol/service.js";
import { openTable } from "../../src/gateway/tables/open-table.js";
import { readArrow } from "../../src/read/index.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer, USER } from "../connect/embedded.js";
import { collect, commandOf, FlightClient, pathOf, putMessages } from "./flight-client.js";

const ROWS = 40_000;
const TOKEN = "a-token-of-some-length";

let server: OmeroServer;
let connection: OmeroConnection;
let flight: FlightServer;
let fileId: number;
let calls: ServedCall[] = [];

beforeAll(async () => {
  server = await startLabServer({ tables: "hdf5", beforeCall: (call) => void calls.push(call) });
  connection = await connectPlain(server);
  ({ fileId } = await uploadTable(columns(ROWS), "cells ä", { connection, parentId: 1 }));
  flight = await serveFlight({ server: `tcp://127.0.0.1:${server.port}`, token: TOKEN, connection, stallTimeout: 500 });
});
afterAll(async () => {
  await flight?.close();
  await connection?.close();
  await server?.close();
});

function columns(rows: number) {
  const numbers = Array.from({ length: rows }, (_, row) => row);
  return {
    image: BigInt64Array.from(numbers, (row) => 2n ** 63n - 1n - BigInt(row)),
    area: Float64Array.from(numbers, (row) => (row === 7 ? Number.NaN : row / 8)),
    name: numbers.map((row) => `Zelle ä ${row % 100}`),
  };
}

const ana = () => FlightClient.basic(flight.port, USER.username, USER.password);
const rowsOf = (table: Table) => table.schema.names.map((name) => [...table.getChild(name as string)!]);
const whole = async (options = {}) => rowsOf(await readArrow({ connection, fileId, ...options }));

describe("reading by Flight", () => {
  it("gives what reading gives, in one part or several", async () => {
    using client = ana();
    const one = await client.info(pathOf(fileId));
    expect(Number(one.totalRecords)).toBe(ROWS);
    expect(
      tableFromIPC(Buffer.concat([one.schema, Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])])).schema.names,
    ).toEqual(["image", "area", "name"]);
    expect(rowsOf(await client.read(pathOf(fileId)))).toEqual(await whole());
    const four = await client.info(commandOf({ fileId, partitions: 4 }));
    expect(four.endpoint.length).toBe(4);
    const parts = await Promise.all(four.endpoint.map(({ ticket }) => client.get(ticket.ticket)));
    expect(rowsOf(parts.reduce((all, part) => all.concat(part)))).toEqual(await whole());
    const query = "area > 4000";
    const some = commandOf({ fileId: String(fileId), columns: ["name", "area"], query, partitionRows: 15_000 });
    expect(rowsOf(await client.read(some))).toEqual(await whole({ columnNames: ["name", "area"], query }));
    expect(Number((await client.info(some)).totalRecords)).toBe(-1);
  });

  it("lists tables: all, or those of an object", async () => {
    using client = ana();
    const files = async (criteria?: object) =>
      (await client.list(criteria)).map(({ flightDescriptor }) => flightDescriptor.path);
    expect(await files()).toContainEqual([String(fileId)]);
    expect(await files({ parentId: 1 })).toContainEqual([String(fileId)]);
    expect(await files({ parentType: "Image", parentId: 99 })).toEqual([]);
    await expect(files({ parent: 1 })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it("says no where the table was changed after it was planned", async () => {
    using client = ana();
    const { fileId: changing } = await uploadTable({ n: [1n, 2n] }, "changing", { connection, parentId: 1 });
    const { endpoint } = await client.info(pathOf(changing));
    await using table = await openTable(connection, { fileId: changing });
    await table.addData({
      fields: table.fields,
      columns: [{ kind: "long", values: BigInt64Array.of(3n) }],
      rowCount: 1,
      rowNumbers: { start: 2, step: 1 },
    });
    await table.close();
    await expect(client.get(endpoint[0]!.ticket.ticket)).rejects.toMatchObject({ code: status.ABORTED });
  });
});

describe("uploading by Flight", () => {
  it("makes a table of what is sent, of no rows too", async () => {
    using client = ana();
    for (const rows of [ROWS, 1, 0]) {
      const sent = rows === 0 ? makeTable({ x: new Float64Array(0) }) : tableFromArrays(columns(rows));
      const made = await client.put(sent, pathOf("Image", 1, `put ä ${rows}`));
      expect(made.rowCount).toBe(rows);
      expect(rowsOf(await client.read(pathOf(made.fileId)))).toEqual(rowsOf(sent));
      await client.act("delete-table", { fileId: made.fileId });
    }
  });

  it("makes several tables of more columns than one has room for, where told to, and tells of them as one", async () => {
    using client = ana();
    const wide = makeTable(
      Object.fromEntries(
        Array.from({ length: 2000 }, (_, column) => [`c/${column}`, Float64Array.of(column, Number.NaN)]),
      ),
    );
    const files = async () => (await client.list()).map(({ flightDescriptor: { path } }) => path[0]);
    const before = await files();
    await expect(client.put(wide, commandOf({ name: "wide", parentId: 1 }))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining("2000 columns are too many"),
    });
    const kept = (await server.contents()).files.length;
    const made = await client.put(wide, commandOf({ name: "wide", parentId: 1, split: true }));
    expect((await files()).filter((file) => !before.includes(file))).toEqual([String(made.fileId)]);
    expect(rowsOf(await client.read(pathOf(made.fileId)))).toEqual(rowsOf(wide));
    const two = await client.read(
      commandOf({ fileId: made.fileId, columns: ["c\\7", "c\\1999"], query: "`c\\1999` > 0" }),
    );
    expect(two.numRows).toBe(1);
    await client.act("delete-table", { fileId: made.fileId });
    expect((await server.contents()).files.length).toBe(kept);
  });

  const table = makeTable({ x: Float64Array.of(1, 2, 3) });
  const broken: [string, object, ReturnType<typeof putMessages>][] = [
    ["an object that is not there", pathOf("Image", 12345, "n"), putMessages(table)],
    ["no name", pathOf("Image", 1), putMessages(table)],
    ["a name that is no text", commandOf({ name: 5, parentId: 1 }), putMessages(table)],
    [
      "a body cut short",
      pathOf("Image", 1, "n"),
      putMessages(table).map((one) => ({ ...one, dataBody: one.dataBody.subarray(1) })),
    ],
    [
      "a header of noise",
      pathOf("Image", 1, "n"),
      [{ dataHeader: Buffer.alloc(200, 0xff), dataBody: Buffer.alloc(0) }],
    ],
    ["batches without a schema", pathOf("Image", 1, "n"), putMessages(table).slice(1)],
    ["nothing", pathOf("Image", 1, "n"), []],
  ];
  it.each(broken)("of %s leaves nothing", async (_, flightDescriptor, messages) => {
    using client = ana();
    const before = (await client.list()).length;
    const call = client.stub.DoPut(client.metadata);
    const answer = collect(call);
    for (const [index, message] of messages.entries())
      call.write(index === 0 ? { ...message, flightDescriptor } : message);
    call.end();
    await expect(answer).rejects.toMatchObject({ code: expect.toSatisfy((code) => [3, 5].includes(code)) });
    expect((await client.list()).length).toBe(before);
  });

  it("that is given up half-way leaves nothing", async () => {
    using client = ana();
    const before = (await client.list()).length;
    const call = client.stub.DoPut(client.metadata);
    const answer = collect(call);
    for (const message of putMessages(table)) call.write({ ...message, flightDescriptor: pathOf("Image", 1, "n") });
    setTimeout(() => call.cancel(), 50);
    await expect(answer).rejects.toMatchObject({ code: status.CANCELLED });
    await expect.poll(async () => (await client.list()).length).toBe(before);
  });
});

describe("logging in", () => {
  it("by a handshake gives a token, which is worth nothing after logging out", async () => {
    using client = ana();
    const call = client.stub.Handshake(client.metadata);
    const [{ payload }] = (await collect(call)) as [{ payload: Buffer }];
    using later = new FlightClient(flight.port, `Bearer ${payload}`);
    expect((await later.list()).length).toBeGreaterThan(0);
    await later.act("log-out");
    await expect(later.list()).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  });

  it("works with the key of a session, and with the token of this server", async () => {
    for (const token of [connection.session.uuid, TOKEN]) {
      using client = new FlightClient(flight.port, `Bearer ${token}`);
      expect((await client.read(pathOf(fileId))).numRows).toBe(ROWS);
    }
  });

  const strangers: [string, string | undefined][] = [
    ["nobody", undefined],
    ["a wrong password", `Basic ${Buffer.from("ana:wrong").toString("base64")}`],
    ["a password left out", `Basic ${Buffer.from("ana:").toString("base64")}`],
    ["a token never given", "Bearer 1234567890123456789012"],
    ["a session that is none", "Bearer 12345678-1234-1234-1234-123456789012"],
    ["another scheme", "Digest abc"],
  ];
  it.each(strangers)("lets in not %s", async (_, authorization) => {
    using client = new FlightClient(flight.port, authorization);
    const refusal = { code: status.UNAUTHENTICATED };
    await expect(client.list()).rejects.toMatchObject(refusal);
    await expect(client.info(pathOf(fileId))).rejects.toMatchObject(refusal);
    await expect(client.get(Buffer.from("{}"))).rejects.toMatchObject(refusal);
    const failure = await client.act("metadata", { fileId }).catch(String);
    expect(failure).not.toMatch(/wrong|12345/);
  });

  it("shows each user what that user may see", async () => {
    using client = FlightClient.basic(flight.port, "cyd", "pass-cyd");
    expect(await client.list()).toEqual([]);
    await expect(client.info(pathOf(fileId))).rejects.toMatchObject({
      code: expect.toSatisfy((code) => [status.NOT_FOUND, status.PERMISSION_DENIED].includes(code)),
    });
    using other = ana();
    const { endpoint } = await other.info(pathOf(fileId));
    await expect(client.get(endpoint[0]!.ticket.ticket)).rejects.toThrow();
  });
});

describe("a ticket that was forged", () => {
  const forged: [string, (job: Record<string, unknown>) => unknown][] = [
    ["for a file of this machine", (job) => ({ ...job, server: undefined, fileId: undefined, path: "/etc/passwd" })],
    ["with batches of any size", (job) => ({ ...job, batchRows: 2 ** 50 })],
    ["with rows that are not there", (job) => ({ ...job, rows: { start: 0, stop: ROWS + 1 } })],
    ["with columns that are not there", (job) => ({ ...job, columnNames: ["secret"] })],
    ["with a condition that is none", (job) => ({ ...job, query: { parts: ["area >"], variables: {} } })],
    ["as a list", () => [1]],
  ];
  it.each(forged)("%s is refused", async (_, change) => {
    using client = ana();
    const { endpoint } = await client.info(pathOf(fileId));
    const job = JSON.parse(String(endpoint[0]!.ticket.ticket));
    const refused = client.get(Buffer.from(JSON.stringify(change(job))));
    await expect(refused).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it("for another server has none connected to", async () => {
    using client = ana();
    const { endpoint } = await client.info(pathOf(fileId));
    const job = JSON.parse(String(endpoint[0]!.ticket.ticket));
    const elsewhere = Buffer.from(JSON.stringify({ ...job, server: "tcp://127.0.0.1:1" }));
    expect((await client.get(elsewhere)).numRows).toBe(ROWS);
  });
});

describe("a client that", () => {
  // First, while no other reads.
  it("gives up has the read end", async () => {
    using client = ana();
    const { endpoint } = await client.info(commandOf({ fileId, partitions: 1 }));
    calls = [];
    const call = client.stub.DoGet(endpoint[0]!.ticket, client.metadata);
    call.on("error", () => {});
    const asked = (name: string) => () => calls.some(({ operation }) => operation === name);
    await expect.poll(asked("read"), { timeout: 10_000 }).toBe(true);
    call.cancel();
    await expect.poll(asked("close"), { timeout: 10_000 }).toBe(true);
  });

  it("never reads holds up nobody for long", async () => {
    using lazy = ana();
    const { endpoint } = await lazy.info(commandOf({ fileId }));
    const { ticket } = endpoint[0]!;
    const unread = Array.from({ length: 20 }, () => {
      const call = lazy.stub.DoGet(ticket, lazy.metadata);
      call.on("error", () => {});
      return call;
    });
    using client = FlightClient.basic(flight.port, "ben", "pass-ben");
    expect((await client.read(pathOf(fileId))).numRows).toBe(ROWS);
    for (const call of unread) call.cancel();
  });

  it("is one of a hundred of one user waits for its turn", async () => {
    const clients = Array.from({ length: 100 }, ana);
    const { endpoint } = await clients[0]!.info(commandOf({ fileId, columns: ["area"], query: "area > 4990" }));
    const tables = await Promise.all(clients.map((client) => client.get(endpoint[0]!.ticket.ticket)));
    expect(new Set(tables.map(({ numRows }) => numRows))).toEqual(new Set([79]));
    for (const client of clients) client[Symbol.dispose]();
  });

  it("never reads has so many streams and no more", async () => {
    using client = ana();
    const { endpoint } = await client.info(commandOf({ fileId }));
    const message = encodeMessage("Ticket", endpoint[0]!.ticket);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    const lazy = connectHttp2(`http://127.0.0.1:${flight.port}`);
    const headers = {
      ":method": "POST",
      ":path": FLIGHT_SERVICE.DoGet.path,
      "content-type": "application/grpc",
      te: "trailers",
      authorization: client.metadata.get("authorization")[0] as string,
    };
    const statuses: unknown[] = [];
    for (let stream = 0; stream < 90; stream++) {
      const request = lazy.request(headers).on("error", () => {});
      request.on("response", (answered) => statuses.push(answered["grpc-status"]));
      request.end(Buffer.concat([prefix, message]));
    }
    await expect.poll(() => statuses, { timeout: 25_000 }).toContain(String(status.RESOURCE_EXHAUSTED));
    lazy.destroy();
    await expect.poll(async () => (await client.read(pathOf(fileId))).numRows, { timeout: 10_000 }).toBe(ROWS);
  });

  it("has a deadline is told when it is over", async () => {
    using client = ana();
    const { endpoint } = await client.info(commandOf({ fileId }));
    const call = client.stub.DoGet(endpoint[0]!.ticket, client.metadata, { deadline: Date.now() + 1 });
    await expect(collect(call)).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });
});

describe("a server of Flight", () => {
  it("speaks TLS", async () => {
    const altNames = [{ type: 7 as const, ip: "127.0.0.1" }];
    const made = await generate([{ name: "commonName", value: "localhost" }], {
      extensions: [{ name: "subjectAltName", altNames }],
    });
    const certificate = { key: made.private, cert: made.cert };
    await using secure = await serveFlight({ server: `tcp://127.0.0.1:${server.port}`, certificate });
    expect(secure.url).toBe(`grpc+tls://127.0.0.1:${secure.port}`);
    using client = FlightClient.basic(secure.port, USER.username, USER.password, Buffer.from(made.cert));
    expect((await client.read(pathOf(fileId))).numRows).toBe(ROWS);
  });

  const refusals: [string, object, string][] = [
    ["for others in plain text", { server: "host", host: "0.0.0.0" }, "plain text"],
    ["for others by a name", { server: "host", host: "localhost.example.org" }, "plain text"],
    ["for nobody", {}, "Give server"],
    ["with a token alone", { server: "host", token: TOKEN }, "together"],
    ["with a short token", { server: "host", token: "short", connection: {} }, "16 or more"],
    ["with a server that is none", { server: "ann:secret@host" }, "no user or password"],
    ["with an option there is not", { server: "host", colour: "red" }, 'takes no option "colour"'],
  ];
  it.each(refusals)("is not started %s", async (_, options, message) => {
    await expect(serveFlight(options)).rejects.toThrow(message);
  });
});
