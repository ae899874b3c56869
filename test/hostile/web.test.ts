/** What strangers send to a server's web address, and damaged arrays that are registered there: refused, and no more. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIceClient } from "../../src/connect/ice/client/ice-client.js";
import type { OmeroConnection } from "../../src/connect/index.js";
import { OmeroError } from "../../src/errors.js";
import { readArrow } from "../../src/read/index.js";
import { ArrayLab, type Registered } from "../server/web/array-lab.js";
import { Seeded, seedOf } from "../support/seeded.js";
import { hungUp, openSocket } from "./frames.js";
import { mutate } from "./mutations.js";

const ROWS = Array.from({ length: 500 }, (_, row) => ({
  n: row,
  x: row / 3,
  s: "été ".repeat(row % 4),
  ok: row % 2 === 0,
}));

/** Milliseconds to wait for an answer. */
const PATIENCE = 400;

let lab: ArrayLab;
let ana: OmeroConnection;
let uri: string;
let token: string;
beforeAll(async () => {
  lab = await ArrayLab.start();
  ana = await lab.connect();
  ({ uri, token } = await lab.array(ROWS));
});
afterAll(async () => {
  await ana.close();
  await lab[Symbol.asyncDispose]();
});

const register = (array: string) =>
  lab.web.register(ana.session.uuid, token, { uri: array, name: "table", targets: ["Image:1"] });

/** An honest client is served, and nothing went wrong within the server. */
async function unharmed(): Promise<void> {
  const { status, data } = await register(uri);
  expect(status).toBe(200);
  const { numRows } = await readArrow({ connection: ana, fileId: (data as Registered).file, query: "x >= 0" });
  expect(numRows).toBe(ROWS.length);
  expect(lab.log.filter(({ level }) => level === "error")).toEqual([]);
}

async function honestRequest(): Promise<Buffer> {
  const headers = {
    Host: "localhost",
    ...(await lab.web.csrfHeaders()),
    "Content-Type": "application/json",
    "X-SecretToken": token,
  };
  const body = JSON.stringify({ uri, name: "table", targets: ["Image:1", "Dataset:1"] });
  return Buffer.from(
    [
      `POST /omero_plus/api/v0/table?bsession=${ana.session.uuid} HTTP/1.1`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${body.length}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

/** What comes back for bytes; nothing where the server waits for more of them. */
async function answerTo(bytes: Uint8Array, patience = PATIENCE): Promise<string> {
  const socket = await openSocket(lab.server.web!.port);
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => {
    answer += text;
  });
  socket.write(bytes);
  await hungUp(socket, patience);
  socket.destroy();
  return answer;
}

test("damaged requests are refused or taken, and never fail", async () => {
  const request = await honestRequest();
  expect(await answerTo(request, 10_000)).toMatch(/^HTTP\/1.1 200 /);
  const random = new Seeded(seedOf("web requests"));
  const counts = new Map<string, number>();
  for (let first = 0; first < 300; first += 20) {
    const damaged = Array.from({ length: 20 }, () => mutate(request, random, request));
    for (const answer of await Promise.all(damaged.map((bytes) => answerTo(bytes)))) {
      const status = /^HTTP\/1.1 (\d{3}) /.exec(answer)?.[1] ?? "none";
      counts.set(status, (counts.get(status) ?? 0) + 1);
      expect(answer).not.toContain(token);
      expect(answer).not.toContain(ana.session.uuid);
    }
  }
  expect([...counts.keys()].filter((status) => status.startsWith("5"))).toEqual([]);
  expect(counts.get("400")).toBeGreaterThan(50);
  expect(counts.get("403")).toBeGreaterThan(10);
  await unharmed();
});

test("damaged arrays are refused, when registered or when read", async () => {
  const files = (await readdir(uri, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".wrt"))
    .map(({ parentPath, name }) => join(parentPath, name).slice(uri.length + 1));
  const random = new Seeded(seedOf("web arrays"));
  const array = join(lab.folder, "damaged.tiledb");
  let refused = 0;
  for (let run = 0; run < 60; run++) {
    await cp(uri, array, { recursive: true });
    const file = join(array, files[run % files.length]!);
    const [bytes, other] = [await readFile(file), await readFile(join(uri, random.pick(files)))];
    await writeFile(file, mutate(bytes, random, other));
    const { status, data } = await register(array);
    expect([200, 400, 403]).toContain(status);
    if (status === 200) {
      const reading = readArrow({ connection: ana, fileId: (data as Registered).file });
      const failure = await reading.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure !== undefined) expect(failure).toBeInstanceOf(OmeroError);
      refused += failure === undefined ? 0 : 1;
    } else refused++;
    await rm(array, { recursive: true });
  }
  expect(refused).toBeGreaterThan(20);
  await unharmed();
});

test("an Ice client at the web address, and a web client at Ice's, are turned away", async () => {
  const { port } = lab.server.web!;
  await expect(
    createIceClient({ host: "127.0.0.1", port, transport: "tcp", connectTimeout: 1000 }).then(async (client) => {
      await client.destroy();
    }),
  ).rejects.toBeInstanceOf(OmeroError);
  const socket = await openSocket(lab.server.port);
  socket.end("GET /api/v0/token HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(await hungUp(socket, 5000)).toBe(true);
  await unharmed();
});

test("connections beyond the limit are turned away, and others served again after them", async () => {
  await using small = await ArrayLab.start({ maxConnections: 10 });
  const port = small.server.web!.port;
  const idle = await Promise.all(Array.from({ length: 10 }, () => openSocket(port)));
  const another = await openSocket(port);
  expect(await hungUp(another, 3000)).toBe(true);
  for (const socket of idle) socket.destroy();
  await expect.poll(async () => (await small.web.send("/api/v0/token").catch(() => undefined))?.status).toBe(200);
});

test("a body that never ends takes no memory", async () => {
  const head = (await honestRequest()).toString("latin1").replace(/Content-Length: \d+/, "Transfer-Encoding: chunked");
  const socket = await openSocket(lab.server.web!.port);
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => {
    answer += text;
  });
  socket.write(head.slice(0, head.indexOf("\r\n\r\n") + 4));
  const chunk = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(0x10000, 0x78), Buffer.from("\r\n")]);
  for (let sent = 0; sent < 400 && !socket.destroyed; sent++) {
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once("drain", resolve).once("close", resolve));
  }
  await expect.poll(() => answer).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
  await unharmed();
});
