/** Those who connect and do not log in, or not as they should: they get little, and take no place for long. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ServerProcess } from "../support/server-process.js";
import {
  batch,
  hungUp,
  logInRequest,
  message,
  messages,
  openSocket,
  request,
  requestBody,
  requestOf,
} from "./frames.js";
import { ROWS, workHonestly } from "./honest-work.js";

const PLACES = 28;
/** Milliseconds in which a connection must log in. */
const PATIENCE = 1500;
const NOBODY = new Uint8Array(0);
const ROUTER = { name: "router", category: "OMERO.Glacier2" };
const HEADER = message(0, NOBODY);

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ idleTimeout: 1500, maxConnections: PLACES, loginTimeout: PATIENCE });
  await workHonestly(server.port);
});
afterAll(() => server[Symbol.asyncDispose]());

beforeEach(async () => {
  const held = async () => {
    const { connections, sessions } = await server.contents();
    return { connections, sessions };
  };
  await expect.poll(held, { timeout: 15_000 }).toEqual({ connections: 0, sessions: [] });
});

const unharmed = async () => {
  expect(await workHonestly(server.port, { timeout: 10_000, connectTimeout: 10_000 })).toBe(ROWS);
  expect(server.errors).toBe("");
};

const WAYS: readonly (readonly [way: string, bytes: Uint8Array])[] = [
  ["nothing", NOBODY],
  ["half a header", HEADER.subarray(0, 7)],
  ["a header without its message", requestOf(5000)],
  ["half a message", Buffer.concat([requestOf(5000), Buffer.alloc(2000)])],
  ["heartbeats", message(3, NOBODY)],
  ["calls that need no log-in", request(1, { identity: ROUTER, operation: "ice_ping", mode: 1 })],
  ["log-ins that fail", request(1, logInRequest("ana", "wrong"))],
];

test(`places taken with ${WAYS.map(([way]) => way).join(", ")} are lost`, async () => {
  const strangers = Array.from({ length: PLACES }, async (_, index) => {
    const [way, bytes] = WAYS[index % WAYS.length]!;
    const socket = await openSocket(server.port);
    socket.write(bytes);
    return { way, bytes, socket };
  });
  const taken = await Promise.all(strangers);
  const going = setInterval(() => {
    for (const { way, bytes, socket } of taken) if (way === "heartbeats" && socket.writable) socket.write(bytes);
  }, 100);
  const kept = taken.map(async ({ way, socket }) => ((await hungUp(socket, PATIENCE + 5000)) ? [] : [way]));
  expect((await Promise.all(kept)).flat()).toEqual([]);
  clearInterval(going);
  await unharmed();
});

describe("messages by hand", () => {
  test("in the compressed form are not taken", async () => {
    const socket = await openSocket(server.port);
    const honest = request(1, logInRequest("ana", "pass-ana"));
    const compressed = message(0, Buffer.concat([Buffer.from([200, 0, 0, 0]), Buffer.from("BZh9"), honest]), {
      compression: 2,
    });
    socket.write(compressed);
    expect(await hungUp(socket, PATIENCE - 500)).toBe(true);
    await unharmed();
  });

  test("that only say that compressed answers would be welcome are", async () => {
    const socket = await openSocket(server.port);
    const bytes = request(1, logInRequest("ana", "pass-ana"));
    bytes[9] = 1;
    socket.write(bytes);
    const [, answer] = await messages(socket, 2);
    expect([...answer!.subarray(8, 10), answer![18]]).toEqual([2, 0, 0]);
    socket.destroy();
    await unharmed();
  });

  test("of log-ins in a batch log in once, and want no answers", async () => {
    const wrong = requestBody(logInRequest("ana", "wrong"));
    const right = requestBody(logInRequest("ana", "pass-ana"));
    const socket = await openSocket(server.port);
    const coming = messages(socket, 2);
    socket.write(batch([...new Array<Uint8Array>(7).fill(wrong), right, right]));
    await expect.poll(async () => (await server.contents()).sessions.length, { timeout: 5000 }).toBe(1);
    socket.write(request(7, { identity: ROUTER, operation: "ice_ping", mode: 1 }));
    const found = await coming;
    // The greeting, and one answer.
    expect(found.map((bytes) => bytes[8])).toEqual([3, 2]);
    expect(found[1]!.readInt32LE(14)).toBe(7);
    socket.destroy();
    await unharmed();
  });

  test("of hundreds of wrong log-ins in a batch do not have all of them looked at", async () => {
    const wrong = requestBody(logInRequest("ana", "wrong"));
    const socket = await openSocket(server.port);
    // Up to what a stranger may send in a message.
    socket.write(batch(new Array<Uint8Array>(400).fill(wrong)));
    await messages(socket, 1);
    socket.destroy();
    // Who guesses a name holds up its log-ins from the same address for a moment.
    await expect.poll(() => workHonestly(server.port).catch(() => 0), { timeout: 10_000 }).toBe(ROWS);
    await unharmed();
  });

  test.each([
    ["more than there are", 5],
    ["a billion", 1_000_000_000],
    ["less than none", -1],
  ])("of a batch that declares %s end the connection", async (_name, count) => {
    const ping = requestBody({ identity: ROUTER, operation: "ice_ping", mode: 1 });
    const socket = await openSocket(server.port);
    socket.write(batch([ping, ping], count));
    expect(await hungUp(socket, PATIENCE - 500)).toBe(true);
    await unharmed();
  });

  test("to facets and objects that are not there are refused, with their names only", async () => {
    const socket = await openSocket(server.port);
    const ping = { operation: "ice_ping", mode: 1 };
    socket.write(request(1, { ...ping, identity: ROUTER, facet: "admin" }));
    socket.write(request(2, { ...ping, identity: { name: "", category: "" } }));
    socket.write(request(3, { ...ping, identity: { name: "router", category: "" } }));
    socket.write(request(4, { ...ping, identity: { name: "\u0000", category: "session-" } }));
    const found = (await messages(socket, 5)).slice(1);
    const statuses = new Map(found.map((bytes) => [bytes.readInt32LE(14), bytes[18]]));
    expect(statuses).toEqual(
      new Map([
        [1, 3],
        [2, 2],
        [3, 2],
        [4, 2],
      ]),
    );
    socket.destroy();
    await unharmed();
  });

  test("are as large as a stranger's may be before the log-in, and no larger at once", async () => {
    const socket = await openSocket(server.port);
    // Nobody is trusted before the log-in has been worked on, also where both come in one piece.
    socket.write(Buffer.concat([request(0, logInRequest("ana", "wrong")), requestOf(70_000)]));
    expect(await hungUp(socket, PATIENCE - 500)).toBe(true);
    await unharmed();
  });
});
