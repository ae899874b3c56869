/**
 * Node 20 has a WebSocket only with a flag, so the client runs in a process of its own.
 */
import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { IceListener, IceServer } from "../../../../src/connect/ice/serve/ice-server.js";
import { rawFile, startEchoServer } from "../echo-server.js";
import { startBridge } from "./websocket-bridge.js";

let server: IceServer;
let listener: IceListener;
let bridge: { port: number; close(): void };

beforeAll(async () => {
  server = await startEchoServer();
  listener = await server.listen({ port: 0 });
  bridge = await startBridge(listener.port, "/omero-ws");
});
afterAll(async () => {
  bridge.close();
  await server.close();
});

const wire = new URL("../../../../src/connect/ice/client/ice-client.ts", import.meta.url).href;

/** What a program prints that may use `connect(options)`. */
function run(program: string): Promise<unknown> {
  const setup = `
    const { createIceClient } = await import(${JSON.stringify(wire)});
    const connect = (options) => createIceClient({ host: "127.0.0.1", transport: "ws", ...options });
    const service = (client, name, id) => client.service(client.proxy(name), id);
    const print = (value) => console.log(JSON.stringify(value));
  `;
  const args = ["--import", "tsx", "--no-warnings", "--input-type=module", "-e"];
  const child = spawn(process.execPath, [...args, setup + program]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 25_000);
    child.on("close", () => {
      clearTimeout(timer);
      resolve(output.startsWith("{") ? JSON.parse(output) : output);
    });
  });
}

it("calls through a WebSocket, with small and large messages, and ends", async () => {
  const program = `
    const client = await connect({ port: ${bridge.port}, path: "omero-ws" });
    const config = service(client, "services/config", "::omero::api::IConfig");
    const answer = JSON.parse(await config.getConfigValue("ü"));
    const file = service(client, "services/raw", "::omero::api::RawFileStore");
    const bytes = await file.read(5n, 3_000_000);
    await file.write(new Uint8Array(6_000_000).fill(8), 8n, 6_000_000);
    await client.destroy();
    print({ key: answer.key, size: bytes.length, last: bytes.at(-1) });
  `;
  server.register({
    identity: { category: "services", name: "raw" },
    sliceId: "::omero::api::RawFileStore",
    servant: rawFile,
  });
  expect(await run(program)).toEqual({ key: "ü", size: 3_000_000, last: 5 });
});

it("says what is wrong with an address", async () => {
  const program = `
    const codes = {};
    const attempt = async (name, options) => {
      codes[name] = await connect(options).then(() => "connected", (error) => error.code);
    };
    await attempt("path", { port: ${bridge.port}, path: "/elsewhere" });
    await attempt("tcp", { port: ${listener.port} });
    await attempt("tls", { port: ${bridge.port}, transport: "wss" });
    await attempt("refused", { port: 1 });
    await attempt("host", { port: 80, host: "no-such-host.invalid" });
    await attempt("aborted", { port: ${bridge.port}, path: "/omero-ws", signal: AbortSignal.abort() });
    await attempt("fingerprint", { port: ${bridge.port}, transport: "wss", tls: { fingerprint: "00" } });
    print(codes);
  `;
  expect(await run(program)).toEqual({
    path: "NOT_OMERO",
    tcp: "NOT_OMERO",
    tls: "TLS_FAILED",
    refused: "CONNECTION_REFUSED",
    host: "UNKNOWN_HOST",
    aborted: "ABORTED",
    fingerprint: "INVALID_ARGUMENT",
  });
});

it("fails calls when the WebSocket closes", async () => {
  const program = `
    const client = await connect({ port: ${bridge.port}, path: "/omero-ws" });
    const config = service(client, "services/config", "::omero::api::IConfig");
    await config.ice_ping();
    const lost = new Promise((resolve) => client.onClose(resolve));
    const call = config.getServerTime().catch((error) => error);
    config.getConfigValue("hang up").catch(() => {});
    print({ call: (await call).code, cause: (await lost).code });
  `;
  const hangUp = {
    getConfigValue: (_key: string, current: { connection: { close(): Promise<void> } }) =>
      void current.connection.close(),
    getServerTime: () => new Promise(() => {}),
  };
  server.unregister({ category: "services", name: "config" });
  server.register({
    identity: { category: "services", name: "config" },
    sliceId: "::omero::api::IConfig",
    servant: hangUp,
  });
  expect(await run(program)).toEqual({ call: "CONNECTION_LOST", cause: "CONNECTION_LOST" });
});
