/** `omero2frame serve-flight` as a process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OmeroServer } from "../../../src/server/index.js";
import { uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { FlightClient, pathOf } from "../../flight/flight-client.js";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const TOKEN = "a-token-of-a-file-of-mine";

let server: OmeroServer;
let fileId: number;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "serve-flight-"));
  server = await startLabServer({ tables: "hdf5" });
  await using connection = await connectPlain(server);
  ({ fileId } = await uploadTable({ x: [1, 2.5] }, "cells", { connection, parentId: 1 }));
});
afterAll(async () => {
  await server?.close();
  if (folder) await rm(folder, { recursive: true });
});

function start(words: readonly string[], login: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH, HOME: folder, OMERO_HOST: `tcp://127.0.0.1:${server.port}`, ...login };
  return spawn(process.execPath, [main, "serve-flight", ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function serving<T>(child: ReturnType<typeof start>, use: (port: number) => Promise<T>): Promise<T> {
  const closed = once(child, "close");
  try {
    const [line] = await Promise.race([once(child.stdout!, "data"), once(child.stderr!, "data")]);
    return await use(Number(/^grpc:\/\/127\.0\.0\.1:(\d+)\n$/.exec(String(line))![1]));
  } finally {
    child.kill("SIGINT");
    expect((await closed)[0]).toBe(0);
  }
}

it("lets users of the server in, until it is stopped", async () => {
  await serving(start(["--listen", "127.0.0.1:0"]), async (port) => {
    using client = FlightClient.basic(port, "ana", "pass-ana");
    expect((await client.read(pathOf(fileId))).toArray().map(({ x }) => x)).toEqual([1, 2.5]);
  });
});

it("lets in to one session who has the token of a file that nobody else may read, and nobody else", async () => {
  const file = join(folder, "token");
  await writeFile(file, `${TOKEN}\n`, { mode: 0o644 });
  const login = { OMERO_USER: "ana", OMERO_PASSWORD: "pass-ana" };
  const words = ["--listen", "0", "--token-file", file];
  const refused = start(words, login);
  const [text] = await once(refused.stderr!, "data");
  expect(String(text)).toContain("chmod 600");
  expect(String(text)).not.toContain(TOKEN);
  await rm(file);
  await writeFile(file, `${TOKEN}\n`, { mode: 0o600 });
  await serving(start(words, login), async (port) => {
    using client = new FlightClient(port, `Bearer ${TOKEN}`);
    expect((await client.read(pathOf(fileId))).numRows).toBe(2);
    using other = FlightClient.basic(port, "ana", "pass-ana");
    await expect(other.list()).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  });
});

const refusals: [string, string[], string][] = [
  ["for others in plain text", ["--listen", "0.0.0.0:0"], "plain text"],
  ["with a certificate and no key", ["--cert", "cert.pem"], "--cert and --key together"],
  ["at no address", ["--listen", "here"], "write host:port"],
];
it.each(refusals)("is not started %s", async (_, words, message) => {
  const child = start(words);
  const [[text], [code]] = await Promise.all([once(child.stderr!, "data"), once(child, "close")]);
  expect({ code, text: String(text) }).toEqual({ code: 2, text: expect.stringContaining(message) });
});
