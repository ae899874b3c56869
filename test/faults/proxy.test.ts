/** The proxy itself: each fault is the one that is asked for. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MessageEnds } from "./message-ends.js";
import { type Direction, FaultProxy, type ProxyBehaviour } from "./proxy.js";

const DIRECTIONS: readonly Direction[] = ["toServer", "toClient"];

/** One end of a connection through a proxy, and what has come to it. */
class End {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  ended = false;
  closed = false;
  error: string | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
    });
    socket.on("end", () => {
      this.ended = true;
    });
    socket.on("close", () => {
      this.closed = true;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
  }

  get state(): string {
    if (this.error) return this.error;
    if (this.closed) return "closed";
    return this.ended ? "ended" : "open";
  }
}

let target: Server;
let proxy: FaultProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  target = createServer({ allowHalfOpen: true });
  target.listen(0, "127.0.0.1");
  await once(target, "listening");
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  target.close();
});

/** Both ends of a connection, by the direction in which they receive. */
async function pair(behaviour: ProxyBehaviour): Promise<Record<Direction, End>> {
  proxy = await FaultProxy.start((target.address() as AddressInfo).port, behaviour);
  return another();
}

async function another(): Promise<Record<Direction, End>> {
  const accepted = once(target, "connection");
  const client = connect({ host: "127.0.0.1", port: proxy.port, allowHalfOpen: true });
  const [server] = (await accepted) as [Socket];
  sockets.push(client, server);
  return { toServer: new End(server), toClient: new End(client) };
}

const opposite = (direction: Direction): Direction => (direction === "toServer" ? "toClient" : "toServer");
const numbered = (length: number) => Buffer.from(Uint8Array.from({ length }, (_, index) => index % 251));

/** An Ice message of so many bytes. */
function message(size: number): Buffer {
  const bytes = Buffer.alloc(size, 7);
  bytes.write("IceP");
  bytes.writeInt32LE(size, 10);
  return bytes;
}

test("passes everything on, both ways, and the ends", async () => {
  const ends = await pair({});
  const bytes = numbered(300_000);
  ends.toServer.socket.end(bytes);
  ends.toClient.socket.end(bytes);
  await Promise.all([once(ends.toServer.socket, "close"), once(ends.toClient.socket, "close")]);
  expect([ends.toServer.received.equals(bytes), ends.toClient.received.equals(bytes)]).toEqual([true, true]);
  expect(proxy.bytes).toEqual({ toServer: bytes.length, toClient: bytes.length });
});

describe.each(DIRECTIONS)("%s", (direction) => {
  const faultOf = (kind: "cut" | "reset" | "halfClose" | "stall" | "silence") => (connection: number) =>
    connection === 0 ? { kind, direction, after: 1000 } : undefined;
  /** Sends some bytes that way, and then some the other way. */
  async function talk(ends: Record<Direction, End>): Promise<{ receiver: End; sender: End }> {
    const [receiver, sender] = [ends[direction], ends[opposite(direction)]];
    sender.socket.write(numbered(5000));
    await expect.poll(() => receiver.received.length).toBe(1000);
    await sleep(30);
    if (!receiver.closed) receiver.socket.write("back");
    await sleep(50);
    expect(receiver.received.equals(numbered(1000))).toBe(true);
    return { receiver, sender };
  }

  test.each([
    ["cut", "ended", "ended", 0],
    ["reset", "ECONNRESET", "ECONNRESET", 0],
    ["halfClose", "ended", "open", 4],
    ["stall", "open", "open", 4],
    ["silence", "open", "open", 0],
  ] as const)("%s after so many bytes", async (kind, receiverState, senderState, back) => {
    const { receiver, sender } = await talk(await pair({ faultOf: faultOf(kind) }));
    const normalised = ({ state }: End) => (kind === "cut" && state !== "open" ? "ended" : state);
    const found = () => [normalised(receiver), normalised(sender), sender.received.length];
    await expect.poll(found).toEqual([receiverState, senderState, back]);
    const next = await another();
    next[opposite(direction)].socket.write(numbered(5000));
    await expect.poll(() => next[direction].received.length).toBe(5000);
  });

  test.each(["stall", "silence"] as const)("of the end of a connection nobody is told after a %s", async (kind) => {
    const { receiver, sender } = await talk(await pair({ faultOf: faultOf(kind) }));
    sender.socket.destroy();
    await sleep(50);
    expect(receiver.state).toBe("open");
  });

  test("a fault after so many messages, however they are cut into pieces", async () => {
    const fault = { kind: "cut", direction, after: 3, unit: "messages" } as const;
    const ends = await pair({ faultOf: () => fault });
    const messages = Buffer.concat([14, 300, 70_000, 15].map(message));
    for (let at = 0; at < messages.length; at += 9973) {
      ends[opposite(direction)].socket.write(messages.subarray(at, at + 9973));
      await sleep(1);
    }
    await expect.poll(() => ends[direction].closed || ends[direction].ended).toBe(true);
    expect(ends[direction].received.equals(messages.subarray(0, 14 + 300 + 70_000))).toBe(true);
  });

  test("delays, without holding up what follows", async () => {
    const ends = await pair({ delay: { [direction]: 300 } });
    const start = performance.now();
    for (let round = 0; round < 5; round++) {
      ends[opposite(direction)].socket.write(numbered(100));
      await sleep(5);
    }
    await expect.poll(() => ends[direction].received.length, { interval: 2 }).toBe(500);
    expect(performance.now() - start).toBeGreaterThan(295);
    expect(performance.now() - start).toBeLessThan(1200);
    const back = performance.now();
    ends[direction].socket.write("back");
    await expect.poll(() => ends[opposite(direction)].received.length, { interval: 2 }).toBe(4);
    expect(performance.now() - back).toBeLessThan(295);
  });

  test("throttles", async () => {
    const ends = await pair({ bytesPerSecond: { [direction]: 200_000 } });
    const start = performance.now();
    const arrivals: number[] = [];
    ends[direction].socket.on("data", () => arrivals.push(performance.now() - start));
    ends[opposite(direction)].socket.write(numbered(60_000));
    await expect.poll(() => ends[direction].received.length, { interval: 5 }).toBe(60_000);
    expect(arrivals.at(-1)).toBeGreaterThan(290);
    expect(arrivals.length).toBeGreaterThan(2);
    expect(ends[direction].received.equals(numbered(60_000))).toBe(true);
  });
});

test("refuses, and ignores, new connections", async () => {
  proxy = await FaultProxy.start((target.address() as AddressInfo).port, { refuse: true });
  const refused = new End(connect(proxy.port, "127.0.0.1"));
  await expect.poll(() => refused.closed).toBe(true);
  proxy.behaviour = { ignore: true };
  const ignored = new End(connect(proxy.port, "127.0.0.1"));
  ignored.socket.write("anybody there?");
  await sleep(60);
  expect([ignored.state, ignored.received.length]).toEqual(["open", 0]);
  proxy.cutAll();
  await expect.poll(() => ignored.closed).toBe(true);
});

test("the ends of messages are found wherever the pieces end", () => {
  const sizes = [14, 15, 200, 14, 33];
  const stream = Buffer.concat(sizes.map(message));
  const ends = sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size));
  for (const step of [1, 3, 13, 14, 15, stream.length]) {
    const messages = new MessageEnds();
    const found: number[] = [];
    for (let at = 0; at < stream.length; at += step) found.push(...messages.add(stream.subarray(at, at + step)));
    expect(found).toEqual(ends);
  }
});
