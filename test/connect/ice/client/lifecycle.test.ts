import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createIceClient } from "../../../../src/connect/ice/client/ice-client.js";
import type { IConfig } from "../../../../src/connect/ice/schema/omero.js";
import { callTo } from "../../../support/calls.js";
import { CONFIG, ROUTER, startEchoServer, startLink } from "../echo-server.js";

const TLS_AND_TCP = [
  ["tcp", undefined],
  ["ssl", {}],
] as const;

describe("giving up a call", () => {
  it("is done by its signal, and the connection goes on", async () => {
    const link = await startLink();
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = link.config.getServerTime({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await expect(call).rejects.toMatchObject({ name: "AbortError", code: "ABORTED", cause: reason });
    await expect(link.config.getServerTime({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
    expect(await link.config.ice_id()).toBe("::omero::api::IConfig");
    await link.close();
  });

  it("is done by its time limit", async () => {
    const link = await startLink();
    await expect(link.config.getServerTime({ timeout: 30 })).rejects.toMatchObject({
      name: "TimeoutError",
      code: "TIMEOUT",
      operation: "IConfig.getServerTime",
      message: "IConfig.getServerTime: no answer within 30 ms",
    });
    expect(JSON.parse(await link.config.getConfigValue("a", { timeout: 5000 })).key).toBe("a");
    await link.close();
  });

  it("is bound by its limits even while the router learns of the object", async () => {
    const link = await startLink();
    link.server.unregister(ROUTER);
    const silent = { addProxies: () => new Promise<never>(() => {}) };
    link.server.register({ identity: ROUTER, sliceId: "::Glacier2::Router", servant: silent });
    await expect(link.config.ice_ping({ timeout: 30 })).rejects.toMatchObject({ code: "TIMEOUT" });
    const controller = new AbortController();
    const call = link.config.ice_ping({ signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: "ABORTED" });
    await link.close();
  });

  it("takes any limit that is one", async () => {
    const link = await startLink();
    for (const timeout of [2 ** 31, Number.POSITIVE_INFINITY])
      expect(await link.config.ice_ping({ timeout })).toBeUndefined();
    for (const timeout of [-1, Number.NaN]) {
      await expect(link.config.ice_ping({ timeout })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    await link.close();
  });

  it("drops the answer that comes later, and a request half sent", async () => {
    const link = await startLink();
    const size = 8_000_000;
    for (const millisecond of [0, 1, 3, 10]) {
      const reading = link.rawFile.read(1n, size, { timeout: millisecond });
      const writing = link.rawFile.write(new Uint8Array(size).fill(1), 1n, size, { timeout: millisecond });
      const ends = await Promise.allSettled([reading, writing]);
      for (const end of ends) if (end.status === "rejected") expect(end.reason.code).toBe("TIMEOUT");
      expect(await link.config.ice_id()).toBe("::omero::api::IConfig");
    }
    await link.close();
  });
});

describe.each(TLS_AND_TCP)("a lost connection over %s", (_transport, tls) => {
  it("fails the calls in flight and those after, and tells its listeners once", async () => {
    const link = await startLink({ port: 0, ...(tls && { tls }) });
    const causes: unknown[] = [];
    link.client.onClose((cause) => causes.push(cause));
    const removed = link.client.onClose((cause) => causes.push(cause));
    removed();
    const call = link.config.getServerTime().catch((error) => error);
    await link.config.ice_ping();
    await link.server.close();
    expect(await call).toMatchObject({
      name: "ConnectionError",
      code: "CONNECTION_LOST",
      operation: "IConfig.getServerTime",
      host: "127.0.0.1",
      port: link.listener.port,
    });
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({ code: "CONNECTION_LOST" });
    expect(link.client.connected).toBe(false);
    await expect(link.config.ice_ping()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    const late = await new Promise((resolve) => link.client.onClose(resolve));
    expect(late).toMatchObject({ code: "CONNECTION_LOST" });
    await link.client.destroy();
  });
});

describe("destroy", () => {
  it("fails the calls in flight and those after, tells nobody, and may be called again", async () => {
    const link = await startLink();
    let told = 0;
    link.client.onClose(() => told++);
    const call = link.config.getServerTime().catch((error) => error);
    await link.config.ice_ping();
    await Promise.all([link.client.destroy(), link.client.destroy()]);
    await link.client.destroy();
    expect(await call).toMatchObject({ name: "ConnectionError", code: "CONNECTION_CLOSED" });
    await expect(link.config.ice_ping()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    expect(link.client.connected).toBe(false);
    expect(told).toBe(0);
    await link.close();
  });

  it("does not wait for a server that does not answer", async () => {
    const link = await startLink();
    link.rawFile.read(1n, 100_000_000).catch(() => {});
    const start = performance.now();
    await link.client.destroy();
    expect(performance.now() - start).toBeLessThan(2000);
    await link.close();
  });
});

describe("a server", () => {
  it("bears 200 connections at once, of both kinds", async () => {
    const server = await startEchoServer();
    const listeners = [await server.listen({ port: 0 }), await server.listen({ port: 0, tls: {} })] as const;
    const clients = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const { port, transport } = listeners[index % 10 === 0 ? 1 : 0];
        return createIceClient({ host: "127.0.0.1", port, transport, connectTimeout: 20_000 });
      }),
    );
    expect(server.connections.size).toBe(200);
    const answers = await Promise.all(
      clients.map((client, index) => {
        const config = client.service<IConfig>(server.proxy(CONFIG), "::omero::api::IConfig");
        return config.getConfigValue(`client ${index}`);
      }),
    );
    expect(answers.map((answer) => JSON.parse(answer).key)).toEqual(clients.map((_, index) => `client ${index}`));
    await Promise.all(clients.map((client) => client.destroy()));
    await expect.poll(() => server.connections.size).toBe(0);
    await server.close();
  });

  it("hides objects from connections that may not reach them", async () => {
    const allowed = new Set<unknown>();
    const server = await startEchoServer({
      resolve: ({ connection }, registered) => (allowed.has(connection) ? registered : undefined),
      onConnection: (connection) => {
        if (allowed.size === 0) allowed.add(connection);
      },
    });
    const { port } = await server.listen({ port: 0 });
    const connect = () => createIceClient({ host: "127.0.0.1", port, transport: "tcp" });
    const call = (client: Awaited<ReturnType<typeof connect>>) => client.invoke(callTo(client.router, "ice_ping", 1));
    const [first, second] = [await connect(), await connect()];
    await expect(call(first)).resolves.toMatchObject({ kind: "ok" });
    await expect(call(second)).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    await Promise.all([first.destroy(), second.destroy()]);
    await server.close();
  });

  it("tells when a connection ends", async () => {
    const ended: string[] = [];
    const server = await startEchoServer({
      onConnection: (connection) => connection.onClose(() => ended.push(connection.peer)),
    });
    const { port } = await server.listen({ port: 0 });
    const client = await createIceClient({ host: "127.0.0.1", port, transport: "tcp" });
    expect(ended).toEqual([]);
    await client.destroy();
    await expect.poll(() => ended.length).toBe(1);
    expect(ended[0]).toMatch(/^127\.0\.0\.1:\d+$/);
    await server.close();
  });

  it("tells of servants' failures, and takes no identity twice", async () => {
    const failures: unknown[] = [];
    const link = await startLink({ port: 0 }, { onServantError: (error) => failures.push(error) });
    await expect(link.config.getVersion()).rejects.toMatchObject({ code: "SERVER_FAILURE" });
    expect(failures).toEqual([expect.any(TypeError)]);
    const object = { identity: CONFIG, sliceId: "::omero::api::IConfig", servant: {} };
    expect(() => link.server.register(object)).toThrow(/already/);
    expect(() => link.server.register({ ...object, identity: { category: "a", name: "" } })).toThrow(/name/);
    expect(link.server.unregister(CONFIG)).toBe(true);
    expect(link.server.unregister(CONFIG)).toBe(false);
    await expect(link.config.ice_ping()).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    await link.close();
  });

  it("sends signs of life to clients that wait for an answer", async () => {
    const link = await startLink({ port: 0 }, { heartbeatInterval: 20 });
    await link.config.ice_ping();
    const idle = link.client.bytesReceived;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(link.client.bytesReceived).toBe(idle);
    await expect(link.config.getServerTime({ timeout: 200 })).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(link.client.bytesReceived).toBeGreaterThan(idle);
    await link.close();
  });

  it("says when its port is taken, and can be closed twice", async () => {
    const server = await startEchoServer();
    const { port } = await server.listen({ port: 0 });
    await expect(server.listen({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await Promise.all([server.close(), server.close()]);
  });
});

describe("the process", () => {
  const wire = (path: string) => new URL(`../../../../src/connect/ice/${path}.ts`, import.meta.url).href;
  const setup = `
    const { createIceClient } = await import(${JSON.stringify(wire("client/ice-client"))});
    const { createIceServer } = await import(${JSON.stringify(wire("serve/ice-server"))});
    const server = await createIceServer();
    const config = { getServerTime: () => new Promise(() => {}) };
    const proxy = server.register({ identity: { category: "", name: "config" }, sliceId: "::omero::api::IConfig", servant: config });
    server.register({ identity: { category: "OMERO.Glacier2", name: "router" }, sliceId: "::Glacier2::Router", servant: { addProxies: () => [] } });
    const listeners = [await server.listen({ port: 0 }), await server.listen({ port: 0, tls: {} })];
    const connect = ({ port, transport }) => createIceClient({ host: "127.0.0.1", port, transport });
    const clients = await Promise.all(listeners.map(connect));
    const configs = clients.map((client) => client.service(proxy, "::omero::api::IConfig"));
  `;

  function run(program: string): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", setup + program]);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
      child.on("close", (code) => {
        clearTimeout(timer);
        resolve({ code, output });
      });
    });
  }

  it("ends by itself once clients and server are closed", async () => {
    const program = `
      const lost = configs[0].getServerTime().catch((error) => error.code);
      await Promise.all(configs.map((config) => config.ice_ping()));
      await Promise.all(clients.map((client) => client.destroy()));
      await server.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log(await lost, process.getActiveResourcesInfo().filter((name) => !name.startsWith("Pipe") && !["MessagePort", "Timeout"].includes(name)));
    `;
    expect(await run(program)).toEqual({ code: 0, output: "CONNECTION_CLOSED []\n" });
  });

  it("is kept alive by calls in flight, not by idle connections", async () => {
    const program = `
      for (const config of configs) await config.ice_ping();
      const started = performance.now();
      process.on("exit", () => console.log("exit after the call:", performance.now() - started > 250));
      // In a process of its own the server would not keep this one alive.
      const idle = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
      configs[0].getServerTime({ timeout: 300 }).catch((error) => {
        console.log(error.code, idle);
        server.close();
      });
    `;
    const { code, output } = await run(program);
    expect(output).toMatch(/TIMEOUT \d\nexit after the call: true\n/);
    expect(code).toBe(0);
  });
});
