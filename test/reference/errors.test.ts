/** What can go wrong with the reference server, and the error that says so: each its own, each clear. */
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { field } from "../../src/columns/batch.js";
import { connectFrom } from "../../src/connect/connect-to-omero.js";
import { type ConnectOptions, connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { OmeroError } from "../../src/errors.js";
import { createFile } from "../../src/gateway/files/raw-file.js";
import { newTable, openTable } from "../../src/gateway/tables/open-table.js";
import { getTableSize, type ReadOptions, readArrow, readBatches, readTable } from "../../src/read/index.js";
import { batchOf } from "../support/cells.js";
import { ReferenceServer } from "./reference-server.js";

const ROWS = 30_000;
const PASSWORD = "pass";
const FIELDS = [
  field("n", "Long"),
  field("mean area", "Double"),
  field("text", "String", 8),
  field("list", "DoubleArray", 2),
];

let server: ReferenceServer;
let connection: OmeroConnection;
let fileId: number;

beforeAll(async () => {
  server = await ReferenceServer.start();
  connection = await connect();
  fileId = await storeTable(connection);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

function connect(options: ConnectOptions = {}, to = server): Promise<OmeroConnection> {
  const login = options.sessionKey === undefined ? { username: "user", password: PASSWORD } : {};
  return connectToOmero({
    server: `tcp://127.0.0.1:${to.port}`,
    ...login,
    interactive: false,
    reconnectTimeout: 500,
    connectTimeout: 4_000,
    ...options,
  });
}

async function storeTable(connection: OmeroConnection): Promise<number> {
  const table = await newTable(connection, "measured");
  await table.initialize(FIELDS);
  const cells = FIELDS.map(({ type }) =>
    Array.from({ length: ROWS }, (_, row) =>
      type === "Long" ? BigInt(row) : type === "Double" ? row / 2 : type === "String" ? "é" : [row, 1],
    ),
  );
  await table.addData(batchOf(FIELDS, cells));
  await table.close();
  return table.file.id;
}

const seen = new Map<string, string>();

/** The error that work fails with; its kind is noted under `name`. It is one of ours and tells no secret. */
async function failure(name: string, work: () => Promise<unknown>): Promise<OmeroError> {
  const error = await work().then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error, name).toBeInstanceOf(OmeroError);
  const { code, message, stack } = error as OmeroError;
  seen.set(name, `${(error as OmeroError).name} ${code}`);
  expect(message.length, name).toBeGreaterThan(20);
  for (const secret of [`"${PASSWORD}"`, connection.session.uuid]) expect(`${message}${stack}`).not.toContain(secret);
  return error as OmeroError;
}

const read = (options: Partial<ReadOptions>) => readTable({ connection, fileId, ...options });

describe("connecting", () => {
  it("with a wrong password", async () => {
    const error = await failure("wrong password", () => connect({ password: "wrong" }));
    expect(error).toMatchObject({
      name: "LoginError",
      code: "WRONG_CREDENTIALS",
      host: "127.0.0.1",
      port: server.port,
    });
    expect(error.message).toMatch(/refuses user "user"/);
    expect(await failure("wrong user", () => connect({ username: "nobody" }))).toMatchObject({
      code: "WRONG_CREDENTIALS",
    });
  });

  it("with nothing to log in with", async () => {
    const surroundings = { env: {}, home: "/nonexistent", platform: "linux" as const, ask: undefined };
    const options = { server: `tcp://127.0.0.1:${server.port}`, interactive: false };
    const error = await failure("no credentials", () => connectFrom(surroundings, options));
    expect(error).toMatchObject({ name: "LoginError", code: "MISSING_CREDENTIALS" });
  });

  it("to a host that is not known", async () => {
    const error = await failure("unknown host", () => connect({ server: "no-such-host.invalid" }));
    expect(error).toMatchObject({ name: "ConnectionError", code: "UNKNOWN_HOST", host: "no-such-host.invalid" });
  });

  it("to a port that is closed", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => free.once("listening", resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    for (const scheme of ["tcp", "ssl"]) {
      const error = await failure("closed port", () => connect({ server: `${scheme}://127.0.0.1:${port}` }));
      expect(error).toMatchObject({ name: "ConnectionError", code: "CONNECTION_REFUSED", port });
    }
  });

  it("to something that is no OMERO server", async () => {
    const web = createServer((socket) => void socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
    web.listen(0, "127.0.0.1");
    await new Promise((resolve) => web.once("listening", resolve));
    const { port } = web.address() as { port: number };
    const error = await failure("no OMERO", () => connect({ server: `tcp://127.0.0.1:${port}` }));
    expect(error).toMatchObject({ name: "ConnectionError", code: "NOT_OMERO", port });
    web.close();
  });

  it("to a session that has expired", async () => {
    const gone = await connect();
    const sessionKey = gone.session.uuid;
    await gone.close();
    const joinAgain = async () => {
      await using _again = await connect({ sessionKey });
    };
    // It ends a moment later, and can be joined until then.
    const error = await vi.waitFor(() => failure("expired session", joinAgain));
    expect(error).toMatchObject({ name: "LoginError", code: "SESSION_EXPIRED" });
    expect(`${error.message}${error.stack}${JSON.stringify(error.cause)}`).not.toContain(sessionKey);
  });
});

describe("finding a table", () => {
  it("whose file or annotation is not there", async () => {
    expect(await failure("no such file", () => read({ fileId: 987_654 }))).toMatchObject({
      name: "TableError",
      code: "NOT_FOUND",
      fileId: 987_654,
    });
    const byAnnotation = await failure("no such annotation", () => read({ fileId: undefined, annotationId: 987_654 }));
    expect(byAnnotation).toMatchObject({ name: "TableError", code: "NOT_FOUND", annotationId: 987_654 });
    expect(byAnnotation.message).toMatch(/FileAnnotation 987654/);
  });

  it("in a file that is none", async () => {
    const file = await createFile(connection, { name: "notes.csv", mimetype: "text/csv" });
    await file.write(0, Buffer.from("a,b\n"));
    await file.save();
    await file.close();
    const error = await failure("no table", () => read({ fileId: Number(file.file.id) }));
    expect(error).toMatchObject({ name: "TableError", code: "NOT_A_TABLE", fileId: Number(file.file.id) });
    expect(error.message).toMatch(/notes\.csv.*text\/csv/);
  });

  it("that never got columns", async () => {
    const table = await newTable(connection, "empty");
    const error = await failure("not initialized", () => openTable(connection, { fileId: table.file.id }));
    expect(error).toMatchObject({ name: "TableError", code: "NOT_INITIALIZED", fileId: Number(table.file.id) });
    await table.close();
  });

  it("by both ids, or by none", async () => {
    expect(await failure("two ids", () => read({ annotationId: 1 }))).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await failure("no id", () => read({ fileId: undefined }))).toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("selecting", () => {
  it("a column that is not there", async () => {
    const error = await failure("unknown column", () => read({ columnNames: ["n", "mean are"] }));
    expect(error).toMatchObject({ name: "ArgumentError", code: "UNKNOWN_COLUMN", column: "mean are" });
    expect(error.message).toMatch(/did you mean "mean area"/);
  });

  it("rows that are not there", async () => {
    for (const rows of [[0, ROWS], [-1], { start: ROWS + 1 }]) {
      const error = await failure("rows out of range", () => read({ rows }));
      expect(error).toMatchObject({ name: "ArgumentError", code: "ROWS_OUT_OF_RANGE" });
    }
  });

  it("by rows and by a query", async () => {
    const error = await failure("rows with query", () => read({ rows: [1], query: "n > 1" }));
    expect(error).toMatchObject({ name: "ArgumentError", code: "ROWS_WITH_QUERY", query: "n > 1" });
  });

  it.each([
    ["n >", "CONDITION_SYNTAX", 3],
    ["(n > 1", "CONDITION_SYNTAX", 0],
    ["`mean are` > 1", "CONDITION_NAME", 0],
    ["(n > 1) & (m > 1)", "CONDITION_NAME", 11],
    ["n == 'a'", "CONDITION_TYPE", undefined],
    ["list > 1", "CONDITION_TYPE", 0],
    ["n + 1", "CONDITION_TYPE", undefined],
  ])("by a bad condition: %s", async (query, code, position) => {
    const error = await failure(`bad condition: ${code}`, () => read({ query }));
    expect(error).toMatchObject({ name: "ConditionError", code, query });
    if (position !== undefined) expect(error.position).toBe(position);
  });

  it("by a condition that the server refuses", async () => {
    await using table = await openTable(connection, { fileId });
    const span = { start: 0, stop: ROWS };
    const refused = await failure("condition refused", () => table.getWhereList("m > 1", new Map(), span));
    expect(refused).toMatchObject({ name: "ServerError", code: "API_USAGE", query: "m > 1" });
    expect(refused.message).toMatch(/Bad condition/);
    const failed = await failure("condition failed", () => table.getWhereList("n == 'a'", new Map(), span));
    expect(failed).toMatchObject({ name: "ServerError", code: "SERVER_FAILURE" });
  });

  it("integers a number cannot hold", async () => {
    const table = await newTable(connection, "wide");
    await table.initialize([field("wide", "Long")]);
    await table.addData(batchOf([field("wide", "Long")], [[1n, 2n ** 60n]]));
    await table.close();
    const error = await failure("unsafe integer", () => read({ fileId: table.file.id }));
    expect(error).toMatchObject({ name: "DataError", code: "UNSAFE_INTEGER", column: "wide", row: 1 });
  });
});

describe("a message", () => {
  it("larger than the server's limit", async () => {
    await using small = await ReferenceServer.start({ messageSizeMax: 512 });
    await using to = await connect({}, small);
    const table = await newTable(to, "large");
    await table.initialize([field("x", "DoubleArray", 1000)]);
    const fields = [field("x", "DoubleArray", 1000)];
    const rows = (count: number) => batchOf(fields, [Array.from({ length: count }, () => new Array(1000).fill(1.5))]);
    // The router ends the connection of a client that sends too much, without a word.
    const sent = await failure("message sent too large", () => table.addData(rows(100)));
    expect(sent).toMatchObject({ code: "CONNECTION_LOST", operation: "Table.addData" });
    for (let part = 0; part < 3; part++) await table.addData(rows(30));
    const asked = await failure("message too large", () => table.read([0], 0, 90));
    expect(asked).toMatchObject({ name: "ServerError", code: "MESSAGE_TOO_LARGE" });
    await table.close();
  });
});

describe("the server, killed", () => {
  it("in the middle of reading", async () => {
    await using mortal = await ReferenceServer.start();
    const to = await connect({}, mortal);
    const id = await storeTable(to);
    let batches = 0;
    const error = await failure("server killed", async () => {
      for await (const _ of readBatches({ connection: to, fileId: id, chunkSize: 500, route: "service" })) {
        if (++batches === 3) await mortal.kill();
      }
    });
    expect(error).toMatchObject({ name: "ConnectionError", code: "CONNECTION_REFUSED", port: mortal.port });
    expect(batches).toBeLessThan(ROWS / 500);
    await to.close();
  });

  it("behind its router", async () => {
    await using mortal = await ReferenceServer.start();
    const to = await connect({}, mortal);
    const id = await storeTable(to);
    const options = { connection: to, fileId: id, chunkSize: 500, route: "service" } as const;
    const error = await failure("server killed behind its router", async () => {
      let batches = 0;
      for await (const _ of readBatches(options)) if (++batches === 3) await mortal.killBehindRouter();
    });
    expect(error.message).toMatch(/cannot check log-ins at the moment|ended/);
    expect(error.message).not.toMatch(/\.cpp/);
    await to.close();
  });

  it("before anything is read", async () => {
    const mortal = await ReferenceServer.start();
    const to = await connect({}, mortal);
    await mortal.kill();
    const error = await failure("server gone", () => getTableSize({ connection: to, fileId }));
    expect(error.name).toBe("ConnectionError");
    await to.close();
    const closed = await failure("connection closed", () => getTableSize({ connection: to, fileId }));
    expect(closed).toMatchObject({ name: "ConnectionError", code: "CONNECTION_CLOSED" });
    await mortal.stop();
  });
});

describe("the caller", () => {
  it("who gives up", async () => {
    const controller = new AbortController();
    const error = await failure("aborted", () =>
      readArrow({
        connection,
        fileId,
        chunkSize: 300,
        route: "service",
        signal: controller.signal,
        onProgress: () => controller.abort(new Error("enough")),
      }),
    );
    expect(error).toMatchObject({ name: "AbortError", code: "ABORTED", cause: new Error("enough") });
    expect(await getTableSize({ connection, fileId })).toEqual([ROWS, FIELDS.length]);
  });

  it("whose time is over", async () => {
    const slow = () => connection.getQueryService().findAllByQuery("select i from Image i", null, { timeout: 1 });
    const error = await failure("time-out", () => Promise.all(Array.from({ length: 20 }, slow)));
    expect(error).toMatchObject({ name: "TimeoutError", code: "TIMEOUT" });
  });
});

it("names each by a code of its own", () => {
  console.log("errors:", seen.size, new Set(seen.values()).size);
  const own = [
    "wrong password",
    "unknown host",
    "closed port",
    "no OMERO",
    "no such file",
    "no table",
    "unknown column",
    "bad condition: CONDITION_SYNTAX",
    "bad condition: CONDITION_NAME",
    "bad condition: CONDITION_TYPE",
    "rows with query",
    "rows out of range",
    "expired session",
  ];
  expect(new Set(own.map((name) => seen.get(name))).size).toBe(own.length);
});
