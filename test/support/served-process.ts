/** The program of {@link ServerProcess}: a server that answers questions about itself on its standard input. */
import { createInterface } from "node:readline";
import type { ServerOptions } from "../../src/server/index.js";
import { startLabServer } from "../connect/embedded.js";

const options = JSON.parse(process.argv[2] ?? "{}") as ServerOptions;
const server = await startLabServer(options);
const { port, tlsPort, directory } = server;
say({ port, tlsPort, directory });

for await (const question of createInterface(process.stdin)) {
  if (question === "contents") say(await server.contents());
  if (question === "memory") say(memory());
}
await server.close();

function say(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer, plain)}\n`);
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Map ? [...value] : value;
}

/** Bytes in use once everything unused is collected. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
