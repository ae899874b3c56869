/** What the web address answers, over real sockets. */
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LogEntry, type OmeroServer, startServer } from "../../../src/server/index.js";
import { type Certificates, makeCertificates } from "../../connect/ice/certificates.js";
import { TestClient } from "../client.js";
import { WebClient } from "./web-client.js";

const TABLE = "/omero_plus/api/v0/table";
const BODY = { uri: "/arrays/a.tiledb", name: "a", targets: ["Image:1"] };

let certificates: Certificates;
let plain: OmeroServer;
let secure: OmeroServer;
let client: TestClient;
const log: LogEntry[] = [];
beforeAll(async () => {
  certificates = makeCertificates();
  plain = await startServer({ web: true, log: (entry) => log.push(entry) });
  secure = await startServer({ host: "localhost", tls: certificates.localhost, web: { prefix: "omero/web/" } });
  client = await TestClient.logIn(plain);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await plain.close();
  await secure.close();
});

const web = () => new WebClient(plain.web!);
const secureWeb = () => new WebClient(secure.web!, certificates.authority.cert);

/** What comes back for bytes that no HTTP client sends. */
async function raw(bytes: string): Promise<string> {
  const socket = connectSocket(plain.web!.port, plain.host);
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => {
    answer += text;
  });
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  return answer;
}

describe("the address", () => {
  it("is that of the server, on a port of its own, plain without a certificate", () => {
    expect(plain.web).toEqual({ port: plain.web!.port, url: `http://127.0.0.1:${plain.web!.port}`, prefix: "" });
    expect(new Set([plain.port, plain.tlsPort, plain.web!.port]).size).toBe(3);
  });

  it("is https with the server's certificate, below a prefix", async () => {
    expect(secure.web).toMatchObject({ url: `https://localhost:${secure.web!.port}`, prefix: "/omero/web" });
    const { status, headers } = await secureWeb().send("/api/v0/token");
    expect(status).toBe(200);
    expect(headers["set-cookie"]![0]).toMatch(/^csrftoken=\w+; .*; Secure$/);
  });

  it("is nowhere unless asked for", async () => {
    await using server = await startServer();
    expect(server.web).toBeUndefined();
  });

  it("can have a certificate of its own, or none where the server has one", async () => {
    const { localhost } = certificates;
    await using own = await startServer({ host: "localhost", web: { tls: localhost } });
    expect(own.web!.url).toMatch(/^https:/);
    await using none = await startServer({ host: "localhost", tls: localhost, web: { tls: false } });
    expect((await new WebClient(none.web!).send("/api/v0/token")).status).toBe(200);
  });

  it("can be on IPv6", async () => {
    await using server = await startServer({ host: "::1", web: true });
    expect(server.web!.url).toBe(`http://[::1]:${server.web!.port}`);
    expect((await new WebClient(server.web!).send("/api/v0/token")).status).toBe(200);
  });

  it.each([
    { tls: { key: "k" } },
    { tls: {} },
    { prefix: "a b" },
    { prefix: "/a/../b" },
    { prefix: "/a?b" },
    { arrays: "" },
    { arrays: ["/a", ""] },
  ])("is not made for %j", async (options) => {
    await expect(startServer({ web: options })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("is not made on a port that is taken, nor is the server", async () => {
    const { port } = plain.web!;
    await expect(startServer({ web: { port } })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("goes with the server", async () => {
    const ways = (["close", "kill"] as const).flatMap((end) =>
      [{}, certificates.localhost].map((tls) => ({ end, tls })),
    );
    for (const { end, tls } of ways) {
      const server = await startServer({ tls, web: true });
      const { port, host } = { ...server.web!, host: server.host };
      const idle = connectSocket(port, host);
      await once(idle, "connect");
      const ended = once(idle, "close");
      await server[end]();
      await ended;
      const [error] = await once(connectSocket(port, host), "error");
      expect(error.code).toBe("ECONNREFUSED");
    }
  });
});

describe("the CSRF token", () => {
  it.each(["/api/v0/token", "/api/v0/token/", "/api/v0/token/?a=b"])(
    "is given at %s, with the cookie",
    async (path) => {
      const { status, data, headers } = await web().send(path);
      expect(status).toBe(200);
      expect(data).toMatch(/^[A-Za-z0-9]{64}$/);
      expect(headers["set-cookie"]).toEqual([`csrftoken=${data}; Max-Age=31449600; Path=/; SameSite=Lax`]);
      expect(headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
    },
  );

  it("is another one each time", async () => {
    const tokens = await Promise.all([1, 2, 3].map(async () => (await web().send("/api/v0/token")).data));
    expect(new Set(tokens).size).toBe(3);
  });
});

describe("addresses and methods", () => {
  it.each([
    ["GET", "/", 404],
    ["GET", "/api/v0/token/more", 404],
    ["GET", "/api/v0/../v0/token", 404],
    ["GET", "//api/v0/token", 404],
    ["POST", "/api/v0/table", 404],
    ["POST", "/api/v0/token", 405],
    ["HEAD", "/api/v0/token", 405],
    ["GET", TABLE, 405],
    ["PUT", TABLE, 405],
    ["DELETE", `${TABLE}/`, 405],
    ["OPTIONS", TABLE, 405],
  ])("%s %s is refused with %i", async (method, path, status) => {
    // Not through URL, which would resolve the path.
    const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const answer = await raw(head);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain("Content-Type: application/json");
    if (status === 405) expect(answer).toContain(`Allow: ${path.includes("table") ? "POST" : "GET"}`);
  });

  it("are below the prefix only", async () => {
    const { url } = secure.web!;
    const outside = new WebClient({ ...secure.web!, url, prefix: "" }, certificates.authority.cert);
    expect((await outside.send("/api/v0/token")).status).toBe(404);
    expect((await secureWeb().send("/api/v0/token")).status).toBe(200);
  });
});

describe("requests that are no registration are refused", () => {
  const send = (headers: Record<string, string | undefined>, body: string | Uint8Array = JSON.stringify(BODY)) =>
    web().register(client.sessionUuid, "secret-token", {}, { headers, body });

  it.each<[string, Record<string, string | undefined>]>([
    ["without the cookie", { Cookie: undefined }],
    ["without the header", { "X-CSRFToken": undefined }],
    ["with another token", { "X-CSRFToken": "x".repeat(64) }],
    ["from another site", { Origin: "http://evil.example" }],
  ])("%s: 403", async (_, headers) => {
    const { status, message } = await send(headers);
    expect([status, message]).toEqual([403, expect.stringMatching(/^CSRF check failed/)]);
  });

  it("over https without the Referer: 403", async () => {
    const refused = await secureWeb().register("x", "t", BODY, { headers: { Referer: undefined } });
    expect([refused.status, refused.message]).toEqual([403, expect.stringMatching(/Referer is needed/)]);
    const foreign = await secureWeb().register("x", "t", BODY, { headers: { Referer: "https://evil.example/" } });
    expect([foreign.status, foreign.message]).toEqual([403, expect.stringMatching(/Referer is another site/)]);
    expect(await secureWeb().register("x", "t", BODY)).toMatchObject({ status: 403, message: "Not logged in" });
  });

  it("without a session, or with one that is not: 403", async () => {
    for (const uuid of ["", "user", "0e1f1a6c-5b1e-4a63-8f0e-000000000000", `${client.sessionUuid} `]) {
      expect(await web().register(uuid, "t", BODY)).toMatchObject({ status: 403, message: "Not logged in" });
    }
    const headers = { ...(await web().csrfHeaders()), "Content-Type": "application/json" };
    const none = await web().send(TABLE, { method: "POST", headers, body: JSON.stringify(BODY) });
    expect(none).toMatchObject({ status: 403, message: "Not logged in" });
  });

  it("with a session that has ended: 403", async () => {
    const other = await TestClient.logIn(plain);
    const uuid = other.sessionUuid;
    expect((await web().register(uuid, "t", BODY)).message).not.toBe("Not logged in");
    await other[Symbol.asyncDispose]();
    const answer = () => web().register(uuid, "t", BODY);
    await expect.poll(answer).toMatchObject({ status: 403, message: "Not logged in" });
  });

  it.each([
    ["text", { "Content-Type": "text/plain" }],
    ["a form", { "Content-Type": "application/x-www-form-urlencoded" }],
    ["nothing", { "Content-Type": undefined }],
  ])("with %s: 415", async (_, headers) => expect((await send(headers)).status).toBe(415));

  it.each([
    ["no body", ""],
    ["half an object", '{"uri": '],
    ["a list", "[]"],
    ["null", "null"],
    ["bytes that are no UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
    ["deep nesting", "[".repeat(60_000)],
    ["no uri", JSON.stringify({ ...BODY, uri: undefined })],
    ["a uri that is no text", JSON.stringify({ ...BODY, uri: 1 })],
    ["no name", JSON.stringify({ ...BODY, name: " " })],
    ["a long name", JSON.stringify({ ...BODY, name: "n".repeat(256) })],
    ["no targets", JSON.stringify({ ...BODY, targets: undefined })],
    ["targets that are no texts", JSON.stringify({ ...BODY, targets: [1] })],
  ])("with %s: 400", async (_, body) => {
    const { status, message } = await send({ "Content-Type": "application/json; charset=utf-8" }, body);
    expect([status, typeof message]).toEqual([400, "string"]);
  });

  it("with a body that is too long, said or unsaid: 413", async () => {
    expect((await send({}, "x".repeat(70_000))).status).toBe(413);
    const unsaid = await send({ "Transfer-Encoding": "chunked" }, "x".repeat(200_000));
    expect(unsaid.status).toBe(413);
    const said = `POST ${TABLE}?bsession=${client.sessionUuid} HTTP/1.1`;
    const { Cookie, "X-CSRFToken": token } = await web().csrfHeaders();
    const fields = [`Cookie: ${Cookie}`, `X-CSRFToken: ${token}`, "Content-Type: application/json"];
    const head = [said, "Host: x", ...fields, "Content-Length: 99999999999", "Connection: close", "", ""].join("\r\n");
    expect(await raw(head)).toMatch(/^HTTP\/1.1 413 /);
  });

  it("with headers that are too long: 431", async () => {
    expect(await raw(`GET /api/v0/token HTTP/1.1\r\nHost: x\r\nA: ${"x".repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    );
  });

  it.each([
    "\0\0\0\0",
    "GET / HTTP/9.9\r\n\r\n",
    "IceP\x01\x00",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
  ])("that are no HTTP: 400 (%j)", async (bytes) => expect(await raw(`${bytes}\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /));
});

it("survives clients that leave in the middle", async () => {
  const { Cookie, "X-CSRFToken": token } = await web().csrfHeaders();
  const head = [
    `POST ${TABLE}?bsession=${client.sessionUuid} HTTP/1.1`,
    "Host: x",
    `Cookie: ${Cookie}`,
    `X-CSRFToken: ${token}`,
    "Content-Type: application/json",
    "Content-Length: 1000",
    "",
    '{"uri": "',
  ].join("\r\n");
  for (let cut = 10; cut <= head.length; cut += 40) {
    const socket = connectSocket(plain.web!.port, plain.host);
    await new Promise((resolve) => socket.write(head.slice(0, cut), resolve));
    socket.destroy();
  }
  expect((await web().send("/api/v0/token")).status).toBe(200);
  expect(log.filter(({ level }) => level === "error")).toEqual([]);
});

it("drops connections when asked to, and takes new ones", async () => {
  const socket = connectSocket(plain.web!.port, plain.host);
  await once(socket, "connect");
  const closed = once(socket, "close");
  plain.dropConnections();
  await closed;
  expect((await web().send("/api/v0/token")).status).toBe(200);
});

it("tells its log of no secrets", () => {
  const said = log.map(({ message }) => message).join("\n");
  expect(said).toContain("web: /omero_plus/api/v0/table: 403");
  expect(said).not.toContain(client.sessionUuid);
  expect(said).not.toContain("secret-token");
});
