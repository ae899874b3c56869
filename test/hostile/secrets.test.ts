/** Passwords, session keys and tokens stay out of all that is thrown, printed, logged and told. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectFrom } from "../../src/connect/connect-to-omero.js";
import type { Surroundings } from "../../src/connect/credentials/credentials.js";
import { IceUserException } from "../../src/connect/ice/codec/ice-exception.js";
import type { ConnectOptions, OmeroConnection } from "../../src/connect/index.js";
import { OmeroError } from "../../src/errors.js";
import { openFile } from "../../src/gateway/files/raw-file.js";
import { openTable } from "../../src/gateway/tables/open-table.js";
import { downloadTable, readArrow, readBatches, readTable } from "../../src/read/index.js";
import { rstring } from "../../src/rtypes.js";
import { type OmeroServer, type ServedCall, startServer } from "../../src/server/index.js";
import { registerTable, uploadTable } from "../../src/write/index.js";
import { NOWHERE } from "../connect/embedded.js";
import { FaultProxy } from "../faults/proxy.js";
import { TestClient } from "../server/client.js";
import { callTo } from "../support/calls.js";
import { Ears } from "./ears.js";
import { bodyOf, ManglingProxy, withBody } from "./mangling-proxy.js";
import { KEY, listening, PASSWORD, TOKEN, WRONG_PASSWORD } from "./marked-secrets.js";

let server: OmeroServer;
let ears: Ears;
let folder: string;
/** Runs before each call that the server answers. */
let beforeCall: (call: ServedCall) => void | Promise<void> = () => {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
  server = await startServer({
    tables: "memory",
    users: [{ name: "ana", password: PASSWORD, groups: ["lab"] }],
    objects: [{ type: "Image", id: 1 }],
    beforeCall: (call) => beforeCall(call),
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  beforeCall = () => {};
  ears = new Ears();
  ears.keepSecret(PASSWORD, WRONG_PASSWORD, KEY, TOKEN);
  ears.listen();
});
afterEach(() => {
  ears.stopListening();
  expect(ears.secretsHeard()).toEqual([]);
  expect(ears.amount).toBeGreaterThan(0);
});

const address = (port = server.port) => `tcp://127.0.0.1:${port}`;

async function connect(options: ConnectOptions = {}, surroundings?: Surroundings): Promise<OmeroConnection> {
  const login = options.sessionKey ? {} : { username: "ana", password: PASSWORD };
  const limits = { connectTimeout: 1000, reconnectTimeout: 0, timeout: 1000 };
  const connection = await connectFrom(surroundings ?? NOWHERE, { server: address(), ...login, ...limits, ...options });
  ears.keepSecret(connection.session.uuid);
  for (const event of ["lost", "reconnected", "closed"] as const) connection.on(event, ears.hear);
  return connection;
}

/** Something that fails: the error is heard, and must be one of ours. */
async function failing(work: () => unknown): Promise<OmeroError> {
  try {
    await work();
  } catch (error) {
    ears.hear(error);
    expect(error).toBeInstanceOf(OmeroError);
    return error as OmeroError;
  }
  throw new Error("it did not fail");
}

describe("a log-in that fails", () => {
  test.each<[string, ConnectOptions]>([
    ["wrong password", { password: WRONG_PASSWORD }],
    ["unknown user", { username: "nobody", password: WRONG_PASSWORD }],
    ["unknown session", { sessionKey: KEY }],
    ["unknown host", { server: "tcp://no-such-host.invalid", password: PASSWORD }],
    ["refused port", { server: "tcp://127.0.0.1:9" }],
    ["plain port taken for TLS", { server: "", port: 0 }],
    ["unknown group", { group: "no such group" }],
    ["no such option", { keepAlive: Number.NaN }],
  ])("%s", async (_name, options) => {
    const plain = options.server === "" ? { server: `ssl://127.0.0.1:${server.port}`, port: undefined } : {};
    await failing(() => connect({ ...options, ...plain }));
  });

  test.each<[string, string]>([
    ["in place of a user's", `ana:${PASSWORD}@127.0.0.1`],
    ["with a protocol", `tcp://ana:${PASSWORD}@127.0.0.1:4063`],
    ["of a session", `${KEY}@127.0.0.1:4064`],
    ["in a query", `wss://127.0.0.1/omero?password=${PASSWORD}`],
  ])("secret %s in the address", async (_name, given) => {
    await failing(() => connect({ server: given }));
    await failing(() => connect({ server: undefined }, { ...NOWHERE, env: { OMERO_HOST: given } }));
  });

  test("a server that says nothing, hangs up, or is none", async () => {
    await using silent = await listening(() => {});
    await failing(() => connect({ server: address(silent.port), connectTimeout: 100 }));
    await using brief = await listening((socket) => socket.destroy());
    await failing(() => connect({ server: address(brief.port) }));
    await using web = await listening((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await failing(() => connect({ server: address(web.port) }));
  });

  test("a server that sends back what it was sent", async () => {
    const replies: ((request: Buffer) => Uint8Array)[] = [
      (request) =>
        withBody(Buffer.concat([request.subarray(0, 8), Buffer.of(2), request.subarray(9)]), bodyOf(request)),
      (request) => withBody(asReply(request), Buffer.concat([request.subarray(14, 18), Buffer.of(0), request])),
      (request) => withBody(asReply(request), Buffer.concat([request.subarray(14, 18), Buffer.of(7), text(request)])),
      (request) => withBody(asReply(request), Buffer.concat([request.subarray(14, 18), Buffer.of(1), text(request)])),
      (request) => Buffer.from(request.subarray(14)),
    ];
    for (const reply of replies) {
      let last: Buffer = Buffer.alloc(0);
      await using proxy = await ManglingProxy.start(server.port, (message, direction) => {
        if (direction === "toServer") last = Buffer.from(message);
        return direction === "toServer" || message[8] !== 2 ? message : reply(last);
      });
      await failing(() => connect({ server: address(proxy.port), connectTimeout: 500 }));
    }
  });

  test("a connection lost at any message", async () => {
    for (let place = 1; place < 12; place++) {
      await using proxy = await ManglingProxy.start(server.port, (message, direction, number) =>
        direction === "toClient" && number === place ? undefined : message,
      );
      await failing(async () => {
        const connection = await connect({ server: address(proxy.port) });
        try {
          for (let count = 0; count < 12; count++) await connection.keepAlive();
        } finally {
          await connection.close();
        }
      });
    }
  });

  test("aborted", async () => {
    await using silent = await listening(() => {});
    await failing(() => connect({ server: address(silent.port), signal: AbortSignal.timeout(50) }));
  });

  test("what is on disk and in the environment is of no use", async () => {
    const home = join(folder, "home");
    const sessions = join(home, "omero", "sessions", "127.0.0.1", "ana");
    mkdirSync(sessions, { recursive: true });
    mkdirSync(join(home, ".omero_user_token"), { recursive: true });
    writeFileSync(join(home, "omero", "sessions", "._LASTHOST_"), "127.0.0.1");
    writeFileSync(join(sessions, "..", "._LASTUSER_"), "ana");
    const surroundings = { ...NOWHERE, home, env: { OMERO_HOST: address(), OMERO_PASSWORD: WRONG_PASSWORD } };
    const properties = `omero.host=127.0.0.1\nomero.user=ana\nomero.sess=${KEY}\nomero.port=${server.port}\n`;
    for (const session of [properties, properties.replace(KEY, TOKEN), `omero.pass=${PASSWORD}\n`, "\u0000"]) {
      writeFileSync(join(sessions, KEY), session);
      for (const token of [`${TOKEN}@127.0.0.1:${server.port}`, `${KEY}@`, `${TOKEN}`, `@${PASSWORD}:x`]) {
        writeFileSync(join(home, ".omero_user_token", "token"), token);
        const nothing = { server: undefined, username: undefined, password: undefined, tls: false } as const;
        await failing(() => connect(nothing, surroundings));
        await failing(() => connect({ ...nothing, server: address() }, surroundings));
      }
    }
  });
});

/** A request as a reply. */
function asReply(request: Buffer): Buffer {
  const reply = Buffer.from(request);
  reply[8] = 2;
  return reply;
}

/** A whole request as text of Ice. */
function text(request: Buffer): Buffer {
  const printable = Buffer.from(request.toString("latin1").replace(/[^\x20-\x7e]/g, "."));
  const size = Buffer.of(255, 0, 0, 0, 0);
  size.writeInt32LE(printable.length, 1);
  return Buffer.concat([size, printable]);
}

describe("a session", () => {
  test("is not printed with what belongs to it", async () => {
    const connection = await connect();
    const { fileId } = await uploadTable({ n: [1] }, "t", { connection, parentId: 1, onWarning: ears.hear });
    const table = await openTable(connection, { fileId });
    const file = await openFile(connection, { fileId });
    const service = connection.openStateful("::omero::api::RawFileStore");
    const view = await connection.inGroup("lab");
    const things = [connection, connection.session, table, file, service, service.service, view, { ...connection }];
    ears.hear(...things, await connection.getSessionInfo(), await connection.getGroups(), connection.server);
    await connection.close();
    ears.hear(...things);
  });

  test("that the server names in its exceptions is not repeated", async () => {
    const connection = await connect();
    const { uuid } = connection.session;
    const said = `session ${uuid} of ana (${PASSWORD}) at ${uuid}/IQuery`;
    const exceptions = [
      ...["ApiUsageException", "InternalException", "SecurityViolation", "ValidationException", "QueryException"].map(
        (name) => serverException(name, said),
      ),
      new Error(said),
      new IceUserException("::omero::NoSuchException", { message: said }),
      serverException("RemovedSessionException", said),
    ];
    for (const exception of exceptions) {
      beforeCall = ({ operation }) => {
        if (["find", "projection", "openTable", "setFileId"].includes(operation)) throw exception;
      };
      await failing(() => connection.getQueryService().find("Image", 1));
      await failing(() => openTable(connection, { fileId: 1 }));
      await failing(() => uploadTable({ n: [1] }, "t", { connection, parentId: 1 }));
      await failing(() => readArrow({ connection, fileId: 1 }));
    }
    beforeCall = () => {};
    await connection.close();
  });

  test("of a call that was not understood is not repeated", async () => {
    const connection = await connect();
    const admin = connection.getAdminService();
    await failing(() => admin.changePasswordWithOldPassword(PASSWORD as never, rstring(WRONG_PASSWORD)));
    await failing(() => admin.changePassword({ iceId: "::omero::RInt", val: PASSWORD } as never));
    await failing(() => admin.changePassword([WRONG_PASSWORD] as never));
    await failing(() => admin.changePasswordWithOldPassword(rstring(WRONG_PASSWORD), rstring(PASSWORD)));
    await failing(() => connection.getSessionService().getSession({ password: PASSWORD } as never));
    await connection.close();
  });

  test("that is lost, ended, closed or out of time", async () => {
    await using proxy = await FaultProxy.start(server.port);
    const connection = await connect({ server: address(proxy.port), timeout: 200 });
    const query = connection.getQueryService();
    beforeCall = ({ operation }) =>
      operation === "find" ? new Promise((resolve) => setTimeout(resolve, 500)) : undefined;
    await failing(() => query.find("Image", 1));
    beforeCall = () => {};
    const store = connection.openStateful("::omero::api::RawFileStore");
    await failing(() => store.service.read(0n, 5));
    proxy.behaviour.refuse = true;
    proxy.cutAll();
    await failing(() => query.find("Image", 1));
    await failing(() => store.service.read(0n, 5));
    await connection.close();
    await failing(() => query.find("Image", 1));
  });

  test("whose objects are called after they were closed", async () => {
    const connection = await connect();
    const { fileId } = await uploadTable({ n: [1] }, "t", { connection, parentId: 1, onWarning: ears.hear });
    const client = await TestClient.logIn(server, { user: "ana", password: PASSWORD });
    ears.keepSecret(client.sessionUuid);
    const [table, store] = [await client.openTable(BigInt(fileId)), await client.rawFileStore()];
    await table.close();
    await store.close();
    const proxies = [client.ice.proxy(`"${client.sessionUuid}/no such object"`), client.factoryProxy];
    await failing(() => table.getNumberOfRows());
    await failing(() => store.read(0n, 5));
    await failing(() => client.ice.invoke(callTo(proxies[0]!, "ice_ping", 1)));
    await failing(() => client.ice.invoke(callTo(proxies[1]!, "no such operation", 0)));
    await failing(() => client.ice.invoke(callTo(proxies[1]!, "getByName", 0, Uint8Array.of(200))));
    await client.router.destroySession();
    await failing(() => client.factory.keepAlive(null));
    await client[Symbol.asyncDispose]();
    await connection.close();
  });

  test("that has ended and was joined", async () => {
    const owner = await connect();
    const joined = await connect({ sessionKey: owner.session.uuid });
    const session = { iceId: "::omero::model::Session", uuid: rstring(owner.session.uuid) } as never;
    await owner.getSessionService().closeSession(session);
    await owner
      .getSessionService()
      .closeSession(session)
      .catch(() => {});
    await failing(() => joined.getQueryService().find("Image", 1));
    await failing(() => connect({ sessionKey: joined.session.uuid }));
    await owner.close();
    await joined.close();
  });

  test("at work tells of its progress only", async () => {
    const connection = await connect();
    const rows = { n: Array.from({ length: 500 }, (_, row) => row) };
    const options = { connection, parentId: 1, chunkSize: 100, onProgress: ears.hear, onWarning: ears.hear };
    const { fileId } = await uploadTable(rows, "t", options);
    await readArrow({ connection, fileId, chunkSize: 100, onProgress: ears.hear, onRoute: ears.hear });
    await connection.close();
  });
});

function serverException(name: string, message: string): IceUserException {
  return new IceUserException(`::omero::${name}`, {
    message,
    serverExceptionClass: `ome.conditions.${name}`,
    serverStackTrace: `at ome.Session.${message}`,
  });
}

describe("the token of a TileDB array", () => {
  const answers: [string, RequestListener][] = [
    ["an error that repeats it", (request, response) => response.writeHead(500, JSON_TYPE).end(echo(request))],
    ["a refusal", (request, response) => response.writeHead(403, JSON_TYPE).end(echo(request))],
    ["a session that has ended", (request, response) => response.writeHead(401, JSON_TYPE).end(echo(request))],
    ["another place", (request, response) => response.writeHead(302, { location: request.url ?? "" }).end()],
    ["no such page", (request, response) => response.writeHead(404, JSON_TYPE).end(echo(request))],
    ["no JSON", (request, response) => response.end(`not ${echo(request)}`)],
    ["other JSON", (request, response) => response.end(echo(request))],
    ["no HTTP", (request, response) => void response.socket!.end(`${request.url} ${JSON.stringify(request.headers)}`)],
    ["nothing", (_request, response) => void response.socket!.destroy()],
    ["silence", () => {}],
  ];

  test.each(answers)("in a registration that meets %s", async (_name, answer) => {
    const web = createHttpServer((request, response) => {
      if (request.url?.endsWith("/token")) response.end('{"data":"csrf"}');
      else answer(request, response);
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const { port } = web.address() as AddressInfo;
    const connection = await connect();
    const options = { tableName: "t", links: [["Image", 1n]] as const, token: TOKEN, timeout: 300 };
    await failing(() => registerTable(connection, "/array", { ...options, server: `http://127.0.0.1:${port}` }));
    await failing(() => registerTable(connection, "/array", { ...options, server: "http://127.0.0.1:9" }));
    await failing(() => registerTable(connection, "/array", { ...options, server: `https://127.0.0.1:${port}` }));
    await failing(() => registerTable(connection, "/array", { ...options, token: `${TOKEN}\n` }));
    await connection.close();
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
  });
});

const JSON_TYPE = { "content-type": "application/json" };

function echo({ url, headers }: { url?: string | undefined; headers: object }): string {
  return JSON.stringify({ message: `${url} ${JSON.stringify(headers)}` });
}

test("what is read holds none: Arrow tables with their schemas, frames and batches", async () => {
  const connection = await connect();
  const { fileId } = await uploadTable({ n: [1, 2], s: ["a", "b"] }, "t", { connection, parentId: 1 });
  const arrow = await readArrow({ connection, fileId });
  ears.hear(arrow, arrow.schema, Object.fromEntries(arrow.schema.metadata), await readTable({ connection, fileId }));
  const { tableToIPC } = await import("apache-arrow");
  ears.hear(Buffer.from(tableToIPC(arrow)).toString("latin1"));
  for await (const batch of readBatches({ connection, fileId })) ears.hear(batch);
  const target = join(folder, "read");
  mkdirSync(target);
  const csv = join(target, "t.csv");
  await downloadTable({ connection, fileId, targetPath: csv });
  await downloadTable({ connection, fileId, targetPath: csv }).catch(ears.hear);
  ears.hear(readFileSync(csv, "latin1"), readdirSync(target));
  await connection.close();
});
