import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createIceClient, type IceClientOptions } from "../../../../src/connect/ice/client/ice-client.js";
import { startEchoServer } from "../echo-server.js";

const servers: Server[] = [];
const sockets = new Set<Socket>();

/** A peer that does `greet` with each connection. */
async function startPeer(greet: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    greet(socket);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) server.close();
});

function connect(port: number, options: Partial<IceClientOptions> = {}) {
  return createIceClient({ host: "127.0.0.1", port, transport: "tcp", connectTimeout: 2000, ...options });
}

describe("connecting", () => {
  it("tells of a refused port", async () => {
    const port = await startPeer(() => {});
    const server = servers.pop()!;
    server.close();
    await once(server, "close");
    for (const transport of ["tcp", "ssl"] as const) {
      for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
        await expect(connect(port, { transport, host })).rejects.toMatchObject({
          name: "ConnectionError",
          code: "CONNECTION_REFUSED",
          host: host === "[::1]" ? "::1" : host,
          port,
        });
      }
    }
  });

  it("tells of an unknown host", async () => {
    const error = await connect(4064, { host: "no-such-host.invalid", transport: "ssl" }).catch((reason) => reason);
    expect(error).toMatchObject({ code: "UNKNOWN_HOST", host: "no-such-host.invalid" });
    expect(error.message).toContain('no host "no-such-host.invalid" is known');
  });

  it("tells of a peer that says nothing", async () => {
    const port = await startPeer(() => {});
    const plain = await connect(port, { connectTimeout: 100 }).catch((reason) => reason);
    expect(plain).toMatchObject({ code: "CONNECTION_TIMEOUT", port });
    expect(plain.message).toMatch(/no Ice greeting within 100 ms.*try TLS/);
    const tls = await connect(port, { connectTimeout: 100, transport: "ssl" }).catch((reason) => reason);
    expect(tls).toMatchObject({ code: "CONNECTION_TIMEOUT", port });
  });

  it("tells a TLS port addressed in plain", async () => {
    const server = await startEchoServer();
    const { port } = await server.listen({ port: 0, tls: {} });
    await expect(connect(port, { connectTimeout: 100 })).rejects.toThrow(/its TLS port/);
    await server.close();
  });

  it.each([
    ["HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["SSH-2.0-OpenSSH_9.6\r\n"],
    ["IceP\x02\x00\x01\x00\x03\x00\x0e\x00\x00\x00"],
    ["IceP\x01\x00\x02\x00\x03\x00\x0e\x00\x00\x00"],
    ["IceP\x01\x00\x01\x00\x02\x00\x0e\x00\x00\x00"],
    ["IceP\x01\x00\x01\x00\x03\x00\xff\x00\x00\x00"],
  ])("tells of a peer that says %j", async (greeting) => {
    const port = await startPeer((socket) => socket.write(greeting, "latin1"));
    await expect(connect(port)).rejects.toMatchObject({ code: "NOT_OMERO", host: "127.0.0.1", port });
  });

  it("tells of a peer that hangs up, with and without half a greeting", async () => {
    for (const greeting of ["", "IceP\x01"]) {
      const port = await startPeer((socket) => socket.end(greeting));
      await expect(connect(port)).rejects.toMatchObject({ code: "CONNECTION_LOST", port });
    }
  });

  it("takes a greeting that comes byte by byte", async () => {
    const port = await startPeer((socket) => {
      const bytes = Buffer.from("IceP\x01\x00\x01\x00\x03\x00\x0e\x00\x00\x00", "latin1");
      socket.setNoDelay(true);
      let sent = 0;
      const timer = setInterval(() => {
        socket.write(bytes.subarray(sent, ++sent));
        if (sent === bytes.length) clearInterval(timer);
      }, 2);
    });
    const client = await connect(port);
    expect(client.connected).toBe(true);
    await client.destroy();
  });

  it("can be aborted, before and while it goes on", async () => {
    const port = await startPeer(() => {});
    const reason = new Error("enough");
    await expect(connect(port, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({ code: "ABORTED" });
    const controller = new AbortController();
    const connecting = connect(port, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 30);
    await expect(connecting).rejects.toMatchObject({ name: "AbortError", code: "ABORTED", cause: reason });
  });

  it.each([
    [{ host: "" }],
    [{ host: "a b" }],
    [{ host: "user@host" }],
    [{ port: 0 }],
    [{ port: 65_536 }],
    [{ port: 40.5 }],
    [{ transport: "udp" as never }],
    [{ messageSizeMax: 0 }],
    [{ messageSizeMax: 2 ** 31 }],
    [{ connectTimeout: Number.NaN }],
    [{ tls: "verify" as const }],
    [{ transport: "ws" as const, tls: "encrypt" as const }],
  ])("refuses %j", async (options) => {
    await expect(connect(4064, options)).rejects.toMatchObject({ name: "ArgumentError", code: "INVALID_ARGUMENT" });
  });

  it("tries WebSockets on every runtime", async () => {
    const attempt = connect(4064, { transport: "wss" });
    await expect(attempt).rejects.toMatchObject({ name: "ConnectionError" });
  });
});
