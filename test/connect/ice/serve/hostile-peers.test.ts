import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIceClient, type IceClient } from "../../../../src/connect/ice/client/ice-client.js";
import { callTo } from "../../../support/calls.js";
import { type Link, startLink } from "../echo-server.js";

const GREETING = message(3, Buffer.alloc(0));

/** An Ice message; `size` is what its header claims. */
function message(type: number, body: Uint8Array, { size = 14 + body.length, compression = 0 } = {}): Buffer {
  const header = Buffer.from([0x49, 0x63, 0x65, 0x50, 1, 0, 1, 0, type, compression, 0, 0, 0, 0]);
  header.writeInt32LE(size, 10);
  return Buffer.concat([header, body]);
}

/** The body of a request for `ice_ping` of the object `services/config`. */
const PING = Buffer.concat([
  Buffer.from([1, 0, 0, 0]),
  Buffer.from("\x06config\x08services\x00\x08ice_ping\x01\x00", "latin1"),
  Buffer.from([6, 0, 0, 0, 1, 0]),
]);

describe("a server", () => {
  let link: Link;
  beforeAll(async () => {
    link = await startLink({ port: 0 }, { messageSizeMax: 1 << 20 });
  });
  afterAll(() => link.close());

  /** Sends bytes, and gives what came back until the server hung up or has answered `replies` messages. */
  async function send(bytes: Uint8Array, replies = 0): Promise<{ ended: boolean; received: Buffer }> {
    const socket = connect(link.listener.port, "127.0.0.1");
    socket.on("error", () => {});
    let received = Buffer.alloc(0);
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
    });
    socket.write(bytes);
    let ended = false;
    socket.once("close", () => {
      ended = true;
    });
    await expect.poll(() => ended || countMessages(received) > replies, { timeout: 5000, interval: 5 }).toBe(true);
    if (!ended && replies === 0) await Promise.race([once(socket, "close"), new Promise((r) => setTimeout(r, 50))]);
    socket.destroy();
    return { ended, received };
  }

  const stillServes = async () => expect(await link.config.ice_id()).toBe("::omero::api::IConfig");

  it("answers a request made by hand", async () => {
    const { received } = await send(message(0, PING), 1);
    expect(received.subarray(14 + 14).toString("hex")).toBe("010000000006000000" + "0100");
  });

  it.each([
    ["wrong magic", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["another protocol", Buffer.from("IceP\x02\x00\x01\x00\x00\x00\x0e\x00\x00\x00", "latin1")],
    ["a size below the header's", message(0, Buffer.alloc(0), { size: 13 })],
    ["a negative size", message(0, Buffer.alloc(0), { size: -1 })],
    ["a size over the limit", message(0, Buffer.alloc(0), { size: (1 << 20) + 1 })],
    ["the largest size", message(0, Buffer.alloc(0), { size: 0x7fffffff })],
    ["a compressed message", message(0, PING, { compression: 2 })],
    ["an unknown message type", message(9, Buffer.alloc(4))],
    ["a request that ends early", message(0, PING.subarray(0, 12))],
    ["a request without an id", message(0, Buffer.alloc(2))],
    [
      "a batch of more requests than there are",
      message(1, Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0x7f]), PING.subarray(4)])),
    ],
    ["a batch of a negative number", message(1, Buffer.from([0xff, 0xff, 0xff, 0xff]))],
    ["a name that is no UTF-8", message(0, Buffer.from([1, 0, 0, 0, 2, 0xc3, 0x28, 0, 0, 0, 0, 0, 6, 0, 0, 0, 1, 0]))],
    [
      "a context larger than the message",
      message(0, Buffer.from([1, 0, 0, 0, 1, 65, 0, 0, 1, 65, 0, 255, 0, 0, 0, 64, 6, 0, 0, 0, 1, 0])),
    ],
    [
      "parameters larger than the message",
      message(0, Buffer.concat([PING.subarray(0, -6), Buffer.from([255, 255, 255, 127, 1, 0])])),
    ],
  ])("hangs up on %s", async (_name, bytes) => {
    const socket = connect(link.listener.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(bytes);
    socket.resume();
    await once(socket, "close");
    await stillServes();
  });

  it("keeps a connection through heartbeats, stray replies and batches", async () => {
    const batch = message(1, Buffer.concat([Buffer.from([2, 0, 0, 0]), PING.subarray(4), PING.subarray(4)]));
    const oneway = message(0, Buffer.concat([Buffer.from([0, 0, 0, 0]), PING.subarray(4)]));
    const stray = message(2, Buffer.from([9, 0, 0, 0, 0, 6, 0, 0, 0, 1, 0]));
    const { ended, received } = await send(Buffer.concat([GREETING, stray, batch, oneway, message(0, PING)]), 1);
    expect(ended).toBe(false);
    expect(countMessages(received)).toBe(2);
  });

  it("hangs up when asked to", async () => {
    const socket = connect(link.listener.port, "127.0.0.1");
    socket.write(message(4, Buffer.alloc(0)));
    socket.resume();
    await once(socket, "close");
    await stillServes();
  });

  it("refuses parameters in an unknown encoding", async () => {
    const bytes = Buffer.concat([PING.subarray(0, -2), Buffer.from([1, 7])]);
    const { received } = await send(message(0, bytes), 1);
    expect(received.toString("latin1")).toContain("UnsupportedEncodingException");
  });

  it("bears more requests at once than it works on, from a client that does not read", async () => {
    const socket = connect(link.listener.port, "127.0.0.1");
    socket.on("error", () => {});
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => message(0, PING)));
    socket.pause();
    socket.write(many);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await stillServes();
    let bytes = 0;
    socket.on("data", (data) => {
      bytes += data.length;
    });
    socket.resume();
    // The greeting, then replies of 25 bytes.
    await expect.poll(() => bytes, { timeout: 20_000 }).toBe(14 + 20_000 * 25);
    socket.destroy();
  });

  it("survives any bytes", async () => {
    const anyMessage = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc
        .tuple(fc.integer({ min: 0, max: 5 }), fc.uint8Array({ maxLength: 60 }))
        .map(([type, body]) => message(type, body)),
      fc.tuple(fc.nat(PING.length - 1), fc.nat(255)).map(([position, value]) => {
        const body = Buffer.from(PING);
        body[position] = value;
        return message(0, body);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyMessage, { minLength: 1, maxLength: 4 }), async (messages) => {
        const socket = connect(link.listener.port, "127.0.0.1");
        socket.on("error", () => {});
        socket.resume();
        socket.end(Buffer.concat(messages));
        await once(socket, "close");
      }),
      { numRuns: 300 },
    );
    await stillServes();
    await expect.poll(() => link.server.connections.size).toBe(1);
  });
});

function countMessages(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at + 14 <= bytes.length && at + bytes.readInt32LE(at + 10) <= bytes.length; count++) {
    at += bytes.readInt32LE(at + 10);
  }
  return count;
}

describe("a client", () => {
  let server: Server;
  let port: number;
  /** What the peer answers a request with; the id of the request is put in its place. */
  let answer: (socket: Socket, requestId: Buffer) => void;

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on("error", () => {});
      socket.write(GREETING);
      socket.on("data", (data) => {
        if (data[8] === 0) answer(socket, data.subarray(14, 18));
        else socket.end();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());

  async function call(): Promise<unknown> {
    const client: IceClient = await createIceClient({
      host: "127.0.0.1",
      port,
      transport: "tcp",
      messageSizeMax: 1 << 20,
    });
    try {
      const { kind, body } = await client.invoke(
        callTo(client.router, "ice_ping", 1, new Uint8Array(0), { timeout: 2000 }),
      );
      return { kind, size: body.length };
    } catch (error) {
      return error;
    } finally {
      await client.destroy();
    }
  }

  const reply = (id: Buffer, rest: number[]) => message(2, Buffer.concat([id, Buffer.from(rest)]));

  it("takes a reply", async () => {
    answer = (socket, id) => socket.write(reply(id, [0, 8, 0, 0, 0, 1, 0, 7, 7]));
    expect(await call()).toEqual({ kind: "ok", size: 2 });
  });

  it.each([
    ["no body", [0]],
    ["a body larger than the message", [0, 9, 0, 0, 0, 1, 0, 7, 7]],
    ["a body smaller than its header", [0, 5, 0, 0, 0, 1, 0]],
    ["a body of negative size", [0, 255, 255, 255, 255, 1, 0]],
    ["a body in encoding 1.1", [0, 6, 0, 0, 0, 1, 1]],
  ])("refuses a reply with %s", async (_name, rest) => {
    answer = (socket, id) => socket.write(reply(id, rest));
    expect(await call()).toMatchObject({ name: "WireError", code: "MALFORMED_MESSAGE" });
  });

  it.each([
    ["an unknown status", (id: Buffer) => reply(id, [42])],
    ["no status", (id: Buffer) => message(2, id)],
    ["a failure that ends early", (id: Buffer) => reply(id, [5, 200, 65])],
    ["a missing object that ends early", (id: Buffer) => reply(id, [2, 3])],
    ["text that is no UTF-8", (id: Buffer) => reply(id, [7, 2, 0xc3, 0x28])],
    ["wrong magic", () => Buffer.from("nonsense and more nonsense")],
    ["a giant size", () => message(2, Buffer.alloc(0), { size: 0x7fffffff })],
    ["a size below the header's", () => message(2, Buffer.alloc(0), { size: 3 })],
  ])("fails clearly on %s", async (_name, bytes) => {
    answer = (socket, id) => socket.write(bytes(id));
    const error = await call();
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(CONNECTION_LOST|MESSAGE_TOO_LARGE|SERVER_FAILURE|MALFORMED_MESSAGE)$/),
    });
    expect((error as Error).name).toMatch(/^(ConnectionError|ServerError|WireError)$/);
  });

  it("fails with the loss of the connection when the peer hangs up", async () => {
    answer = (socket) => socket.destroy();
    expect(await call()).toMatchObject({ code: "CONNECTION_LOST" });
    answer = (socket) => socket.end(message(4, Buffer.alloc(0)));
    expect(await call()).toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringContaining("the server closed it"),
    });
  });

  it("ignores replies that nobody waits for, heartbeats, and requests of the server", async () => {
    answer = (socket, id) => {
      const stray = Buffer.from([77, 0, 0, 0]);
      socket.write(Buffer.concat([GREETING, reply(stray, [0, 6, 0, 0, 0, 1, 0]), message(0, PING)]));
      socket.write(reply(id, [0, 6, 0, 0, 0, 1, 0]));
    };
    expect(await call()).toEqual({ kind: "ok", size: 0 });
  });

  it("takes a reply in any pieces", async () => {
    const body = Buffer.alloc(300_000, 5);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150_000 }), { maxLength: 6 }), async (cuts) => {
        answer = (socket, id) => {
          const size = Buffer.alloc(4);
          size.writeInt32LE(body.length + 6);
          const bytes = message(2, Buffer.concat([id, Buffer.from([0]), size, Buffer.from([1, 0]), body]));
          void (async () => {
            let at = 0;
            for (const cut of cuts) {
              socket.write(bytes.subarray(at, at + cut));
              at += cut;
              await new Promise((resolve) => setImmediate(resolve));
            }
            socket.write(bytes.subarray(at));
          })();
        };
        expect(await call()).toEqual({ kind: "ok", size: body.length });
      }),
      { numRuns: 30 },
    );
  });
});
