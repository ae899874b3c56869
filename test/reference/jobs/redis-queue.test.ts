/** A queue on Redis, and what it makes of Redis that is no good. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJobQueue } from "../../../src/jobs/index.js";
import { numberedJobs, queueTests, SETTINGS } from "../../support/queue-tests.js";
import { RedisServer } from "./redis-server.js";

const MAIN = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start();
});
afterAll(() => redis?.[Symbol.asyncDispose]());

describe("on Redis", () => {
  queueTests((name) => openJobQueue({ redis: redis.url, name }));
});

/** Something that answers each request with the same. */
async function answering(bytes: string | Buffer) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", () => socket.write(bytes));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `redis://:hidden-word@127.0.0.1:${(server.address() as { port: number }).port}`, close };
}

it.each<[string, string | Buffer]>([
  ["garbage", Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 89) % 256))],
  ["web pages", "HTTP/1.1 400 Bad Request\r\n\r\n"],
  ["OK to everything", "+OK\r\n".repeat(8)],
  ["nothing", ""],
  ["errors", "-NOAUTH Authentication required.\r\n".repeat(4)],
])(
  "one that answers %s is refused within a time, without the password in the message",
  async (_, bytes) => {
    const { url, close } = await answering(bytes);
    try {
      const error = await openJobQueue({ redis: url, onWarning: () => {} }).catch((reason) => reason);
      expect(error).toMatchObject({ code: "QUEUE_UNREACHABLE" });
      expect(error.message).not.toContain("hidden-word");
    } finally {
      close();
    }
  },
  30_000,
);

it("is reached by TLS with a password, where its certificate is trusted", async () => {
  await using secure = await RedisServer.startSecure("hidden-word");
  const url = `rediss://:hidden-word@127.0.0.1:${secure.port}`;
  const refused = await openJobQueue({ redis: url, onWarning: () => {} }).catch((reason) => reason);
  expect(refused).toMatchObject({ code: "QUEUE_UNREACHABLE" });
  expect(refused.message).toMatch(
    /^Redis at rediss:\/\/127.0.0.1:\d+ cannot be used: self-signed.*NODE_EXTRA_CA_CERTS/,
  );
  const command = (redis: string) =>
    promisify(execFile)(process.execPath, [MAIN, "jobs", "status"], {
      env: { PATH: process.env.PATH, OMERO2FRAME_REDIS: redis, NODE_EXTRA_CA_CERTS: secure.certificatePath },
    }).catch((reason) => reason);
  expect((await command(url)).stderr).toContain(`There are no jobs in rediss://127.0.0.1:${secure.port}, queue "jobs"`);
  const { stderr } = await command(url.replace("hidden", "wrong"));
  expect(stderr).toContain("WRONGPASS");
  expect(stderr).not.toContain("wrong-word");
});

it("is no cluster", async () => {
  await using node = await RedisServer.startNode();
  await expect(openJobQueue({ redis: node.url, onWarning: () => {} })).rejects.toMatchObject({
    code: "QUEUE_UNREACHABLE",
    message: expect.stringContaining("it is a cluster"),
  });
});

it("tells of settings with which jobs are lost", async () => {
  const client = new Redis(redis.url);
  await client.config("SET", "maxmemory-policy", "allkeys-lru");
  const warnings: string[] = [];
  await using _ = await openJobQueue({ redis: redis.url, onWarning: (text) => warnings.push(text) });
  expect(warnings).toEqual([expect.stringContaining("noeviction")]);
  await client.config("SET", "maxmemory-policy", "noeviction");
  client.disconnect();
});

it("tells of what is no job as that, and of damaged settings", async () => {
  const client = new Redis(redis.url);
  await using queue = await openJobQueue({ redis: redis.url, name: "damaged" });
  await queue.configure(SETTINGS);
  await queue.add(numberedJobs(1));
  await client.hset("omero2frame:damaged:job0", "data", '{"kind":"upload","path":7}');
  for await (const entry of queue.entries("waiting")) expect(entry).toMatchObject({ id: "job0", job: undefined });
  const held = await queue.take(60_000);
  expect(held!.job).toEqual({ kind: "upload", path: 7 });
  await client.set("omero2frame:damaged:settings", "{");
  await expect(queue.settings()).rejects.toMatchObject({ code: "QUEUE_FAILED" });
  client.disconnect();
});
