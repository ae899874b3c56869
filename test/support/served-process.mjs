/** The program of {@link ServerProcess}: a server that answers questions about itself on its standard input. */
import { createInterface } from "node:readline";

const [, , options, program] = process.argv;
const { startServer } = await import(program);
const server = await startServer(JSON.parse(options));
const { port, tlsPort, directory } = server;
say({ port, tlsPort, directory });

for await (const question of createInterface(process.stdin)) {
  if (question === "contents") say(await plainContents());
  if (question === "memory") say(memory());
}
await server.close();

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function plainContents() {
  const { openTables, ...contents } = await server.contents();
  return { ...contents, openTables: [...openTables] };
}

/** Bytes in use once everything unused is collected. */
function memory() {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
