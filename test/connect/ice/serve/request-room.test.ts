/** Large requests of many connections: so many bytes of them are there at a time, and nobody holds up the others for long. */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RequestRoom } from "../../../../src/connect/ice/serve/request-room.js";
import { type Link, startLink } from "../echo-server.js";

const MIB = 1 << 20;

describe("RequestRoom", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function request(bytes: number) {
    return { bytes, granted: vi.fn(), tooSlow: vi.fn() };
  }

  it("is given in the order in which it was asked for, none being passed over", () => {
    const room = new RequestRoom(10);
    const [first, large, small] = [request(6), request(8), request(1)];
    expect([room.take(first), room.take(large), room.take(small)]).toEqual([true, false, false]);
    room.give(first);
    expect([large.granted.mock.calls.length, small.granted.mock.calls.length]).toEqual([1, 1]);
    room.give(small);
    const next = request(3);
    expect(room.take(next)).toBe(false);
    room.give(large);
    expect(next.granted).toHaveBeenCalledTimes(1);
  });

  it("takes one that is larger than all of it, alone", () => {
    const room = new RequestRoom(10);
    const [huge, other] = [request(1000), request(1)];
    expect([room.take(huge), room.take(other)]).toEqual([true, false]);
    room.give(huge);
    expect(other.granted).toHaveBeenCalledTimes(1);
  });

  it("forgets one that waited and has gone", () => {
    const room = new RequestRoom(10);
    const [first, gone, last] = [request(10), request(10), request(10)];
    for (const one of [first, gone, last]) room.take(one);
    room.give(gone);
    room.give(first);
    expect([gone.granted.mock.calls.length, last.granted.mock.calls.length]).toEqual([0, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends one that comes too slowly, where others wait, and no other", () => {
    const room = new RequestRoom(MIB);
    const [slow, whole, waiting] = [request(MIB / 2), request(MIB / 2), request(MIB / 2)];
    room.take(slow);
    room.take(whole);
    room.whole(whole);
    vi.advanceTimersByTime(3_600_000);
    expect(slow.tooSlow).not.toHaveBeenCalled();
    room.take(waiting);
    vi.advanceTimersByTime(1000);
    expect(slow.tooSlow).toHaveBeenCalled();
    expect(whole.tooSlow).not.toHaveBeenCalled();
    room.give(slow);
    expect(waiting.granted).toHaveBeenCalledTimes(1);
    // Ten seconds, and those that half a mebibyte takes at 50 kB/s.
    room.take(request(MIB));
    vi.advanceTimersByTime(20_000);
    expect(waiting.tooSlow).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);
    expect(waiting.tooSlow).toHaveBeenCalled();
  });
});

/** A message that asks the object `services/config` for a sign of life, by so many bytes. */
function ping(bytes: number): Buffer {
  const request = Buffer.from("\x01\x00\x00\x00\x06config\x08services\x00\x08ice_ping\x01\x00", "latin1");
  const parameters = Buffer.alloc(bytes - 14 - request.length);
  parameters.writeInt32LE(parameters.length, 0);
  parameters.writeUInt16LE(1, 4);
  const header = Buffer.from([0x49, 0x63, 0x65, 0x50, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  header.writeInt32LE(bytes, 10);
  return Buffer.concat([header, request, parameters]);
}

describe("a server with room for one large request", () => {
  const LARGE = ping(2 * MIB);
  let link: Link;
  let sockets: Socket[] = [];
  beforeEach(async () => {
    link = await startLink({ port: 0 }, { requestBytes: 3 * MIB });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    await link.close();
  });

  /** A connection, and how many messages have come by it. */
  async function open() {
    const socket = connect(link.listener.port, "127.0.0.1");
    socket.on("error", () => {});
    sockets.push(socket);
    let bytes = 0;
    socket.on("data", (data) => {
      bytes += data.length;
    });
    const GREETING = 14;
    await vi.waitFor(() => expect(bytes).toBe(GREETING));
    return { socket, isAnswered: () => bytes > GREETING };
  }

  it("reads no other while it has half of one, and small ones all the time", async () => {
    const [first, second, small] = [await open(), await open(), await open()];
    first.socket.write(LARGE.subarray(0, MIB));
    await sleep(100);
    second.socket.write(LARGE);
    await sleep(200);
    expect(second.isAnswered()).toBe(false);
    small.socket.write(ping(1000));
    await vi.waitFor(() => expect(small.isAnswered()).toBe(true));
    expect(second.isAnswered()).toBe(false);
    first.socket.write(LARGE.subarray(MIB));
    await vi.waitFor(() => expect([first.isAnswered(), second.isAnswered()]).toEqual([true, true]));
  });

  it("reads on when the one that has it goes", async () => {
    const [first, second] = [await open(), await open()];
    first.socket.write(LARGE.subarray(0, MIB));
    await sleep(100);
    second.socket.write(LARGE);
    await sleep(100);
    expect(second.isAnswered()).toBe(false);
    first.socket.destroy();
    await vi.waitFor(() => expect(second.isAnswered()).toBe(true));
  });

  it("answers all in the end, many times what fits", async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, open));
    for (const { socket } of clients) socket.write(LARGE);
    await vi.waitFor(() => expect(clients.map((client) => client.isAnswered())).not.toContain(false), 20_000);
  });

  it("takes a message that is larger than the room", async () => {
    const { socket, isAnswered } = await open();
    socket.write(ping(5 * MIB));
    await vi.waitFor(() => expect(isAnswered()).toBe(true));
  });
});
