/** TCP and TLS to a real Glacier2 router: with anonymous ciphers, with a certificate, and where something is wrong. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConnectOptions, connectToOmero } from "../../src/connect/index.js";
import { ConnectionError } from "../../src/errors.js";
import { type Certificates, makeCertificates } from "../connect/ice/certificates.js";
import { ReferenceServer } from "./reference-server.js";

let certificates: Certificates;
let anonymous: ReferenceServer;
let certified: ReferenceServer;
let expired: ReferenceServer;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-transport-"));
  certificates = makeCertificates();
  [anonymous, certified, expired] = await Promise.all([
    ReferenceServer.start(),
    serverWith("localhost"),
    serverWith("expired"),
  ]);
});
afterAll(async () => {
  await Promise.all([anonymous, certified, expired].map((server) => server?.stop()));
  await rm(directory, { recursive: true });
});

async function serverWith(name: "localhost" | "expired"): Promise<ReferenceServer> {
  const [cert, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  await writeFile(cert, certificates[name].cert);
  await writeFile(key, certificates[name].key);
  return ReferenceServer.start({ certificate: { cert, key } });
}

const LOGIN = { username: "user", password: "pass", interactive: false, connectTimeout: 3_000 };

async function userOf(options: ConnectOptions): Promise<string> {
  await using connection = await connectToOmero({ ...LOGIN, ...options });
  return (await connection.getUser()).userName;
}

async function failure(options: ConnectOptions): Promise<ConnectionError> {
  const error = await userOf(options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error, JSON.stringify(options)).toBeInstanceOf(ConnectionError);
  return error as ConnectionError;
}

describe("anonymous ciphers, as OMERO has by default", () => {
  it("connect by TLS unless told otherwise, and by plain tcp only when asked to", async () => {
    expect(await userOf({ server: "127.0.0.1", port: anonymous.sslPort })).toBe("user");
    expect(await userOf({ server: `ssl://localhost:${anonymous.sslPort}` })).toBe("user");
    expect(await userOf({ server: `tcp://127.0.0.1:${anonymous.port}` })).toBe("user");
    expect(await userOf({ server: "127.0.0.1", port: anonymous.port, tls: false })).toBe("user");
  });

  it("prove nothing, and say so where a proof is asked for", async () => {
    for (const tls of ["verify", { ca: certificates.authority.cert }, { fingerprint: "00".repeat(32) }] as const) {
      const error = await failure({ server: "127.0.0.1", port: anonymous.sslPort, tls });
      expect(error.code).toBe("TLS_FAILED");
      expect(error.message).toMatch(/anonymous/);
    }
  });
});

describe("a certificate", () => {
  const at = (host = "localhost") => ({ server: host, port: certified.sslPort });

  it("is taken as it is, by its authority, or by its fingerprint", async () => {
    const { authority, localhost } = certificates;
    expect(await userOf(at())).toBe("user");
    expect(await userOf({ ...at(), tls: { ca: authority.cert } })).toBe("user");
    expect(await userOf({ ...at(), tls: { fingerprint: localhost.fingerprint } })).toBe("user");
    const bare = localhost.fingerprint.replaceAll(":", "").toLowerCase();
    expect(await userOf({ ...at("127.0.0.1"), tls: { fingerprint: bare } })).toBe("user");
  });

  it("of an authority that is not trusted is refused", async () => {
    for (const tls of ["verify", { ca: certificates.selfSigned.cert }] as const) {
      const error = await failure({ ...at(), tls });
      expect([error.code, error.port]).toEqual(["TLS_FAILED", certified.sslPort]);
      expect(error.message).toMatch(/authority/);
    }
  });

  it("for another host name is refused", async () => {
    const error = await failure({ ...at("127.0.0.1"), tls: { ca: certificates.authority.cert } });
    expect(error.code).toBe("TLS_FAILED");
    expect(error.message).toMatch(/another host name/);
  });

  it("with another fingerprint is refused", async () => {
    const error = await failure({ ...at(), tls: { fingerprint: certificates.expired.fingerprint } });
    expect(error.code).toBe("TLS_FAILED");
    expect(error.message).toMatch(/fingerprint/);
  });

  it("that has expired is refused", async () => {
    const options = { server: "localhost", port: expired.sslPort };
    const error = await failure({ ...options, tls: { ca: certificates.authority.cert } });
    expect(error.code).toBe("TLS_FAILED");
    expect(error.message).toMatch(/expired/);
    expect(await userOf(options)).toBe("user");
  });
});

describe("a WebSocket", () => {
  const module = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

  /** Stores a table and reads it back in a process of its own, which trusts the authority of the certificates. */
  async function throughWebSocket(address: string): Promise<unknown> {
    const program = `
      const { connectToOmero } = await import(${module("connect/index.ts")});
      const { uploadTable } = await import(${module("write/index.ts")});
      const { readArrow } = await import(${module("read/index.ts")});
      const login = { username: "user", password: "pass", interactive: false };
      const connection = await connectToOmero({ server: ${JSON.stringify(address)}, ...login });
      const columns = { n: Array.from({ length: 50_000 }, (_, row) => row), text: new Array(50_000).fill("é") };
      const { fileId } = await uploadTable(columns, "by WebSocket", { connection, parentId: 1 });
      const arrow = await readArrow({ connection, fileId, query: "n % 10_000 == 7" });
      console.log(JSON.stringify(arrow.toArray().map((row) => [Number(row.n), row.text])));
      await connection.close();
    `;
    await writeFile(join(directory, "authority.pem"), certificates.authority.cert);
    const args = ["--import", "tsx", "--no-warnings", "--input-type=module", "-e", program];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(directory, "authority.pem") };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 60_000 });
    return JSON.parse(stdout);
  }

  it("carries tables, plain and with TLS", async () => {
    const rows = [7, 10_007, 20_007, 30_007, 40_007].map((row) => [row, "é"]);
    expect(await throughWebSocket(`ws://127.0.0.1:${anonymous.wsPort}/omero-ws`)).toEqual(rows);
    expect(await throughWebSocket(`wss://localhost:${certified.wssPort}/omero-ws`)).toEqual(rows);
  });

  const at = (name = "localhost") => ({ server: `wss://${name}:${certified.wssPort}/omero-ws` });

  it("is judged by an authority, a fingerprint, or not at all, as the TLS port is", async () => {
    const { authority, localhost } = certificates;
    expect(await userOf({ ...at(), tls: { ca: authority.cert } })).toBe("user");
    expect(await userOf({ ...at("127.0.0.1"), tls: { fingerprint: localhost.fingerprint } })).toBe("user");
    expect(await userOf({ ...at("127.0.0.1"), tls: "encrypt" })).toBe("user");
  });

  it.each<[string, () => ConnectOptions, RegExp]>([
    ["nothing says whom to trust", () => at(), /authority that is not/],
    [
      "it is for another host name",
      () => ({ ...at("127.0.0.1"), tls: { ca: certificates.authority.cert } }),
      /host name/,
    ],
    ["its fingerprint is another", () => ({ ...at(), tls: { fingerprint: "00".repeat(32) } }), /fingerprint/],
    [
      "it has expired",
      () => ({ server: `wss://localhost:${expired.wssPort}/omero-ws`, tls: { ca: certificates.authority.cert } }),
      /expired/,
    ],
  ])("is refused where %s", async (_, options, why) => {
    const error = await failure(options());
    expect(error.code).toBe("TLS_FAILED");
    expect(error.message).toMatch(why);
  });

  it("that is none is told as such", async () => {
    expect((await failure({ server: `ws://127.0.0.1:${anonymous.port}/omero-ws` })).code).toMatch(
      /NOT_OMERO|CONNECTION_TIMEOUT/,
    );
  });
});

describe("the wrong port", () => {
  it("is named: plain for TLS, TLS for plain", async () => {
    const onPlain = await failure({ server: "127.0.0.1", port: anonymous.port });
    expect([onPlain.code, onPlain.port]).toEqual(["TLS_FAILED", anonymous.port]);
    expect(onPlain.message).toMatch(/4064/);
    const onTls = await failure({ server: `tcp://127.0.0.1:${anonymous.sslPort}`, connectTimeout: 600 });
    expect(["CONNECTION_TIMEOUT", "CONNECTION_LOST", "NOT_OMERO"]).toContain(onTls.code);
    expect(onTls.message).toMatch(/TLS|OMERO server/);
  });
});
