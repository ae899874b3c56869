/** What strangers do to a server: it refuses them, forgets them and goes on for honest clients. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIceClient, type IceClient } from "../../src/connect/ice/client/ice-client.js";
import type { Router } from "../../src/connect/ice/schema/omero.js";
import { callTo } from "../support/calls.js";
import { Seeded, seedOf } from "../support/seeded.js";
import { ServerProcess } from "../support/server-process.js";
import { hungUp, message, openSocket, requestOf } from "./frames.js";
import { ROWS, workHonestly } from "./honest-work.js";
import { ManglingProxy } from "./mangling-proxy.js";
import { mutate } from "./mutations.js";

const MEBIBYTE = 1 << 20;

let server: ServerProcess;
let memory: number;
beforeAll(async () => {
  server = await ServerProcess.start({ idleTimeout: 1500, maxConnections: 300, maxSessions: 60 });
  // What is loaded when it is first needed is there from now on.
  await workHonestly(server.port);
});
afterAll(() => server[Symbol.asyncDispose]());

beforeEach(async () => {
  await quiet();
  memory = await server.memory();
});

/** Until no connection and no session is left. */
async function quiet(): Promise<void> {
  const held = async () => {
    const { connections, sessions, openTables } = await server.contents();
    return { connections, sessions, openTables };
  };
  await expect.poll(held, { timeout: 15_000 }).toEqual({ connections: 0, sessions: [], openTables: [] });
}

/** The server serves an honest client, has forgotten the others, and has not grown. */
async function unharmed(growth = 16 * MEBIBYTE): Promise<void> {
  expect(await workHonestly(server.port, { timeout: 10_000, connectTimeout: 10_000 })).toBe(ROWS);
  await quiet();
  expect((await server.memory()) - memory).toBeLessThan(growth);
  expect(server.errors).toBe("");
}

async function connectIce(): Promise<{ ice: IceClient; router: Router }> {
  const ice = await createIceClient({ host: "127.0.0.1", port: server.port, transport: "tcp", connectTimeout: 10_000 });
  return { ice, router: ice.service<Router>(ice.router, "::Glacier2::Router") };
}

describe("malformed frames", () => {
  test("of strangers end their connections", async () => {
    const recorded: Buffer[] = [];
    await using proxy = await ManglingProxy.start(server.port, (bytes, direction) => {
      if (direction === "toServer") recorded.push(Buffer.from(bytes));
      return bytes;
    });
    await workHonestly(proxy.port);
    const random = new Seeded(seedOf("frames"));
    const RUNS = 600;
    for (let first = 0; first < RUNS; first += 50) {
      const sockets = Array.from({ length: 50 }, async () => {
        const socket = await openSocket(server.port);
        // A few honest messages before, so that some are of a connection that is logged in.
        const place = random.below(recorded.length);
        const bytes = recorded[place]!;
        const sent = [...recorded.slice(0, Math.min(place, 3)), mutate(bytes, random, random.pick(recorded))];
        socket.end(Buffer.concat(sent));
        expect(await hungUp(socket, 5000)).toBe(true);
      });
      await Promise.all(sockets);
    }
    await unharmed();
  });

  test("that announce more than a stranger may send are not waited for", async () => {
    for (const size of [65 * 1024, 256_000_000, 0x7fffffff]) {
      const socket = await openSocket(server.port);
      socket.write(requestOf(size));
      expect(await hungUp(socket, 3000)).toBe(true);
    }
    await unharmed();
  });

  test("that announce what a stranger may send take no more memory than has come", async () => {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => openSocket(server.port)));
    for (const socket of sockets) socket.write(requestOf(64 * 1024));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await server.memory()) - memory).toBeLessThan(200 * 64 * 1024 + 8 * MEBIBYTE);
    for (const socket of sockets) socket.destroy();
    await unharmed();
  });

  test("that never end do not stop others", async () => {
    const socket = await openSocket(server.port);
    for (let count = 0; count < 2000 && !socket.destroyed; count++) socket.write(message(3, new Uint8Array(0)));
    expect(await workHonestly(server.port, { timeout: 10_000 })).toBe(ROWS);
    socket.destroy();
    await unharmed();
  });
});

describe("floods", () => {
  test("of log-ins with wrong passwords, users and sessions", async () => {
    const attempts = Array.from({ length: 250 }, async (_, index) => {
      const { ice, router } = await connectIce();
      const [user, password] = [
        ["ana", `wrong ${index}`],
        [`nobody ${index}`, "x".repeat(index * 20)],
        [crypto.randomUUID(), crypto.randomUUID()],
        ["", ""],
        ["__proto__", "constructor"],
      ][index % 5] as [string, string];
      try {
        return await router.createSession(user, password, { timeout: 20_000 });
      } finally {
        await ice.destroy();
      }
    });
    const outcomes = await Promise.allSettled(attempts);
    const codes = outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.code : "logged in"));
    expect(new Set(codes)).toEqual(new Set(["WRONG_CREDENTIALS"]));
    await unharmed();
  });

  test("of honest log-ins end at the limit, and leave room when they end", async () => {
    const made: IceClient[] = [];
    const codes: string[] = [];
    for (let count = 0; count < 80; count++) {
      const { ice, router } = await connectIce();
      made.push(ice);
      const code = await router.createSession("ben", "pass-ben").then(
        () => "logged in",
        (error) => error.code as string,
      );
      codes.push(code);
    }
    expect(codes.filter((code) => code === "logged in")).toHaveLength(60);
    expect(new Set(codes.slice(60))).toEqual(new Set(["LOGIN_REFUSED"]));
    for (const ice of made) await ice.destroy();
    // The server needs a moment to notice.
    await quiet();
    await unharmed();
  });

  test("of connections end at the limit, and leave room when they end", async () => {
    const sockets = await Promise.all(
      Array.from({ length: 500 }, () => openSocket(server.port).catch(() => undefined)),
    );
    const refused = await Promise.all(sockets.map((socket) => (socket ? hungUp(socket, 500) : true)));
    expect(refused.filter((ended) => !ended)).toHaveLength(300);
    for (const socket of sockets) socket?.destroy();
    // The server needs a moment to notice.
    const hasRoom = async () => {
      const socket = await openSocket(server.port);
      const ended = await hungUp(socket, 500);
      socket.destroy();
      return !ended;
    };
    await expect.poll(hasRoom, { timeout: 10_000 }).toBe(true);
    await unharmed();
  });

  test("of calls, from a client that does not take the answers", async () => {
    const recorded: Buffer[] = [];
    await using proxy = await ManglingProxy.start(server.port, (bytes, direction) => {
      if (direction === "toServer") recorded.push(Buffer.from(bytes));
      return bytes;
    });
    const ice = await createIceClient({ host: "127.0.0.1", port: proxy.port, transport: "tcp" });
    await ice.service<Router>(ice.router, "::Glacier2::Router").getSessionTimeout();
    await ice.destroy();
    const call = recorded.find((bytes) => bytes.includes("getSessionTimeout"))!;
    const socket = await openSocket(server.port);
    socket.pause();
    const many = Buffer.concat(new Array<Buffer>(200).fill(call));
    for (let count = 0; count < 200; count++) socket.write(many);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await workHonestly(server.port, { timeout: 10_000 })).toBe(ROWS);
    expect((await server.memory()) - memory).toBeLessThan(32 * MEBIBYTE);
    socket.destroy();
    await unharmed();
  });
});

describe("calls", () => {
  test.each(["", "noSuchOperation", "constructor", "__proto__", "toString", "valueOf", "hasOwnProperty", "é\u0000"])(
    "of the operation %j are refused",
    async (operation) => {
      const { ice } = await connectIce();
      const reply = await ice.invoke(callTo(ice.router, operation, 0)).catch((error) => error);
      expect(reply).toMatchObject({ code: "NO_SUCH_OPERATION" });
      await ice.destroy();
    },
  );

  test("of objects, facets and modes that are not there are refused", async () => {
    const { ice, router } = await connectIce();
    await router.createSession("ana", "pass-ana");
    const names = ["", "router", "IceGrid/Query", "__proto__", "constructor", "OMERO.Glacier2/router -f facet"];
    for (const name of names.filter((name) => name !== "")) {
      const proxy = ice.proxy(name === "router" ? "Router/router" : name);
      await expect(ice.invoke(callTo(proxy, "ice_ping", 1))).rejects.toMatchObject({
        code: "NO_SUCH_OBJECT",
      });
    }
    const wrongMode = ice.invoke(callTo(ice.router, "createSession", 2));
    await expect(wrongMode).rejects.toMatchObject({ name: "ServerError" });
    await ice.destroy();
    await unharmed();
  });
});
