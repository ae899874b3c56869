/** The way to the web server: who is trusted, and what is said when it cannot be reached. */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { OmeroError } from "../../../src/errors.js";
import { type RegisterOptions, registerTable } from "../../../src/write/index.js";
import { type Certificates, makeCertificates } from "../../connect/ice/certificates.js";
import { connectionOf, ScriptedWeb } from "./scripted-web.js";

const TOKEN = "marked-token-5e1f";
const SESSION = "11111111-2222-3333-4444-555555555555";
let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterEach(() => vi.unstubAllEnvs());

function register(server: string | undefined, options: Partial<RegisterOptions> = {}, host = "localhost") {
  const table = { tableName: "cells", links: [["Image", 101]] as const, token: TOKEN };
  return registerTable(connectionOf(host, SESSION), "/data/cells.tiledb", { ...table, server, ...options });
}

async function refusal(server: string | undefined, options: Partial<RegisterOptions> = {}): Promise<OmeroError> {
  const error = await register(server, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OmeroError);
  const all = `${inspect(error, { depth: 9, showHidden: true })} ${(error as Error).stack} ${JSON.stringify(error)}`;
  for (const secret of [TOKEN, SESSION]) expect(all).not.toContain(secret);
  expect((error as Error).message).not.toContain("not known whether");
  return error as OmeroError;
}

test("a certificate of an authority that is given is trusted", async () => {
  await using web = await ScriptedWeb.start(certificates.localhost);
  expect(await register(`localhost:${web.port}`, { ca: certificates.authority.cert })).toBe(4711);
  expect(web.requests[1]!.headers.referer).toBe(`https://localhost:${web.port}`);
});

type Name = "localhost" | "expired" | "selfSigned";
const UNTRUSTED: [what: string, certificate: Name, host: string, authority: "none" | "own", advice: string][] = [
  ["an unknown authority", "localhost", "localhost", "none", 'give the authority as "ca"'],
  ["a self-signed certificate", "selfSigned", "localhost", "none", 'give it as "ca"'],
  ["another host's name", "localhost", "127.0.0.1", "own", "for another host name"],
  ["an expired certificate", "expired", "localhost", "own", "has expired"],
];
test.each(UNTRUSTED)("%s is not trusted, whatever the environment says", async (_, name, host, authority, advice) => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  await using web = await ScriptedWeb.start(certificates[name]);
  const ca = authority === "own" ? { ca: certificates.authority.cert } : {};
  const error = await refusal(`${host}:${web.port}`, ca);
  expect(`${error.name} ${error.code}`).toBe("ConnectionError TLS_FAILED");
  expect(error.message).toContain(advice);
  expect(error).toMatchObject({ host, port: web.port });
  expect(web.requests).toEqual([]);
});

test("plain text is spoken only where it is written out", async () => {
  await using web = await ScriptedWeb.start();
  const error = await refusal(`127.0.0.1:${web.port}`);
  expect(error.code).toBe("TLS_FAILED");
  expect(error.message).toContain("write http://");
  expect(web.requests).toEqual([]);
  expect(await register(web.address())).toBe(4711);
});

test("plain text to a port that wants TLS", async () => {
  await using web = await ScriptedWeb.start(certificates.localhost);
  const error = await refusal(`http://localhost:${web.port}`);
  expect(["NOT_OMERO", "CONNECTION_LOST", "SERVER_FAILURE"]).toContain(error.code);
  expect(web.requests).toEqual([]);
});

test("nobody listens", async () => {
  const error = await refusal("127.0.0.1:9");
  expect(`${error.name} ${error.code}`).toBe("ConnectionError CONNECTION_REFUSED");
  expect(error.message).toContain("nothing listens at 127.0.0.1:9; check");
});

test("no such host", async () => {
  const error = await refusal("omero.invalid");
  expect(`${error.name} ${error.code}`).toBe("ConnectionError UNKNOWN_HOST");
  expect(error.message).toContain('no host "omero.invalid"');
});

test("the web server is that of the OMERO server unless named", async () => {
  const error = await refusal(undefined);
  expect(error).toMatchObject({ host: "localhost", port: 443 });
});

test("one that takes connections and says nothing", async () => {
  const sockets = new Set<Socket>();
  const silent: Server = createServer((socket) => sockets.add(socket)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  try {
    const { port } = silent.address() as { port: number };
    const error = await refusal(`127.0.0.1:${port}`, { timeout: 200 });
    expect(`${error.name} ${error.code}`).toBe("TimeoutError TIMEOUT");
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
});
