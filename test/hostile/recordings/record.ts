/**
 * Records what clients and the reference server say to each other, for it to be damaged: omero-py's and omero2pandas'
 * clients, and this package's own. Run by hand, with the reference environment:
 *
 *   node --import tsx test/hostile/recordings/record.ts
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { ReferenceServer, runPython } from "../../reference/reference-server.js";
import { workHonestly } from "../honest-work.js";
import { type Direction, ManglingProxy } from "../mangling-proxy.js";
import { RECORDINGS, type RecordedMessage, Summary } from "./recorded-traffic.js";

const PYTHON = ["table_interface", "omero2pandas_all"];
const script = (name: string) => fileURLToPath(new URL(`../../reference/clients/${name}.py`, import.meta.url));

async function record(): Promise<RecordedMessage[]> {
  const summary = new Summary();
  await using server = await ReferenceServer.start();
  const clients: ((port: number) => Promise<unknown>)[] = [
    (port) => workHonestly(port, { username: "user", password: "pass", timeout: 20_000, connectTimeout: 20_000 }),
    ...PYTHON.map((name) => (port: number) => runPython(script(name), [String(port)])),
  ];
  for (const client of clients) {
    await using proxy = await ManglingProxy.start(server.port, (message: Buffer, direction: Direction) => {
      summary.add(Uint8Array.from(message), direction);
      return message;
    });
    await client(proxy.port);
    summary.nextConnection();
  }
  return summary.messages();
}

const messages = await record();
const packed = gzipSync(JSON.stringify(messages.map((message) => ({ ...message, bytes: base64(message.bytes) }))), {
  level: 9,
});
writeFileSync(RECORDINGS, packed);
console.log(`${messages.length} messages, ${packed.length} bytes`);
process.exit();

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
