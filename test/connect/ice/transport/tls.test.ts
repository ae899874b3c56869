import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIceClient } from "../../../../src/connect/ice/client/ice-client.js";
import type { IConfig } from "../../../../src/connect/ice/schema/omero.js";
import type { IceListener, IceServer } from "../../../../src/connect/ice/serve/ice-server.js";
import type { TlsMode } from "../../../../src/connect/ice/transport/tls-mode.js";
import { type Certificates, makeCertificates } from "../certificates.js";
import { CONFIG, startEchoServer } from "../echo-server.js";

let certificates: Certificates;
let server: IceServer;
let anonymous: IceListener;
let certified: IceListener;
let selfSigned: IceListener;
let expired: IceListener;
let plain: IceListener;

beforeAll(async () => {
  certificates = makeCertificates();
  server = await startEchoServer();
  plain = await server.listen({ port: 0 });
  anonymous = await server.listen({ port: 0, tls: {} });
  certified = await server.listen({ port: 0, tls: certificates.localhost });
  selfSigned = await server.listen({ port: 0, tls: certificates.selfSigned });
  expired = await server.listen({ port: 0, tls: certificates.expired });
});
afterAll(() => server.close());

async function callThrough(listener: { port: number }, tls: TlsMode | undefined, host = "127.0.0.1"): Promise<string> {
  const client = await createIceClient({ host, port: listener.port, ...(tls && { tls }) });
  try {
    return await client.service<IConfig>(server.proxy(CONFIG), "::omero::api::IConfig").ice_id();
  } finally {
    await client.destroy();
  }
}

const ID = "::omero::api::IConfig";

function failure(text: RegExp): object {
  return expect.objectContaining({ name: "ConnectionError", code: "TLS_FAILED", message: expect.stringMatching(text) });
}

describe('"encrypt"', () => {
  it("is the default, and talks to anonymous servers", async () => {
    expect(await callThrough(anonymous, undefined)).toBe(ID);
    expect(await callThrough(anonymous, "encrypt")).toBe(ID);
  });

  it("talks to servers with any certificate", async () => {
    for (const listener of [certified, selfSigned, expired]) expect(await callThrough(listener, "encrypt")).toBe(ID);
  });

  it.each([
    ["TLS 1.3 only", { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" }],
    ["TLS 1.2 only", { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" }],
    ["TLS 1.0 only", { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" }],
  ] as [string, TlsOptions][])("agrees with a server of %s", async (_name, options) => {
    expect(await greetingFrom({ ...certificates.selfSigned, ...options })).toBe("greeted");
  });

  it("agrees with an anonymous server that would speak TLS 1.3 if it could", async () => {
    expect(await greetingFrom({ ciphers: "ADH:@SECLEVEL=0", dhparam: "auto", maxVersion: "TLSv1.3" })).toBe("greeted");
  });

  it("needs one connection for an anonymous server", async () => {
    let connections = 0;
    const counted = await startEchoServer({ onConnection: () => connections++ });
    await callThrough(await counted.listen({ port: 0, tls: {} }), "encrypt");
    expect(connections).toBe(1);
    await counted.close();
  });

  it("refuses a server that would not encrypt", async () => {
    const unencrypted = greetingFrom({ ciphers: "AECDH-NULL-SHA:@SECLEVEL=0", maxVersion: "TLSv1.2" });
    await expect(unencrypted).rejects.toEqual(failure(/./));
  });
});

describe('"verify"', () => {
  it("refuses what no known authority issued", async () => {
    await expect(callThrough(selfSigned, "verify")).rejects.toEqual(failure(/self-signed: give its authority/));
    await expect(callThrough(certified, "verify", "localhost")).rejects.toEqual(failure(/authority that is not/));
  });

  it("refuses anonymous servers", async () => {
    await expect(callThrough(anonymous, "verify")).rejects.toEqual(failure(/anonymous ciphers only/));
  });
});

describe("{ ca }", () => {
  it("accepts what the authority issued, for the host it names", async () => {
    const { cert } = certificates.authority;
    expect(await callThrough(certified, { ca: cert }, "localhost")).toBe(ID);
    expect(await callThrough(certified, { ca: Buffer.from(cert) }, "localhost")).toBe(ID);
    expect(await callThrough(selfSigned, { ca: certificates.selfSigned.cert })).toBe(ID);
  });

  it("refuses another host, another authority and an expired certificate", async () => {
    const { cert } = certificates.authority;
    await expect(callThrough(certified, { ca: cert })).rejects.toEqual(failure(/another host name/));
    await expect(callThrough(selfSigned, { ca: cert })).rejects.toEqual(failure(/self-signed/));
    await expect(callThrough(expired, { ca: cert })).rejects.toEqual(failure(/expired/));
    await expect(callThrough(anonymous, { ca: cert })).rejects.toEqual(failure(/anonymous ciphers only/));
  });

  it("must be a certificate", async () => {
    await expect(callThrough(certified, { ca: "secret" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("{ fingerprint }", () => {
  it("accepts that certificate, however the fingerprint is written", async () => {
    const { fingerprint } = certificates.selfSigned;
    expect(await callThrough(selfSigned, { fingerprint })).toBe(ID);
    expect(await callThrough(selfSigned, { fingerprint: fingerprint.replaceAll(":", "").toLowerCase() })).toBe(ID);
  });

  it("refuses any other, and anonymous servers", async () => {
    const { fingerprint } = certificates.selfSigned;
    await expect(callThrough(certified, { fingerprint })).rejects.toEqual(failure(/fingerprint of its certificate is/));
    await expect(callThrough(anonymous, { fingerprint })).rejects.toEqual(failure(/anonymous/));
    const both = { fingerprint, ca: certificates.authority.cert };
    await expect(callThrough(certified, both, "localhost")).rejects.toEqual(
      failure(/fingerprint of its certificate is/),
    );
  });

  it("must be one", async () => {
    await expect(callThrough(selfSigned, { fingerprint: "12:34" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(callThrough(selfSigned, {})).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(callThrough(selfSigned, "none" as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("a port without TLS", () => {
  it("is said to be one, and never spoken to in plain", async () => {
    await expect(callThrough(plain, "encrypt")).rejects.toEqual(failure(/does not speak TLS on this port/));
    await expect(callThrough(plain, "verify")).rejects.toEqual(failure(/does not speak TLS on this port/));
  });
});

/** Connects to a TLS server that only greets, as Ice does. */
async function greetingFrom(options: TlsOptions): Promise<string> {
  const greeter = createServer(options, (socket) => {
    socket.on("error", () => {});
    socket.write(Buffer.from("IceP\x01\x00\x01\x00\x03\x00\x0e\x00\x00\x00", "latin1"));
  });
  greeter.listen(0, "127.0.0.1");
  await once(greeter, "listening");
  try {
    const client = await createIceClient({ host: "127.0.0.1", port: (greeter.address() as AddressInfo).port });
    await client.destroy();
    return "greeted";
  } finally {
    greeter.close();
  }
}
