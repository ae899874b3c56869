/** The program of {@link ServerProcess}: a server that answers questions about itself on its standard input. */
import { createInterface } from "node:readline";
import type { ServerOptions } from "../../src/server/index.js";
import { startLabServer } from "../connect/embedded.js";

const options = JSON.parse(process.argv[2] ?? "{}") as ServerOptions;
const server = await startLabServer(options);
const { port, tlsPort, directory } = server;
say({ port, tlsPort, directory });

for await (const question of createInterface(process.stdin)) {
  if (question === "contents") say(await plainContents());
  if (question === "memory") say(memory());
}
await server.close();

function say(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function plainContents(): Promise<object> {
  const { openTables, ...contents } = await server.contents();
  return { ...contents, openTables: [...openTables] };
}

/** Bytes in use once everything unused is collected. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
