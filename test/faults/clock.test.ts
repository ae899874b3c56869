/** A clock that is set while something is under way: nothing may wait longer, or end sooner, for that. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { connectToOmero } from "../../src/connect/index.js";
import { readBatches } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { deleteTable, uploadTable } from "../../src/write/index.js";
import { connectPlain, eventsOf } from "../connect/embedded.js";
import { collect, numberedColumns, outcomeOf, startFaultLab, storeTable, throughProxy } from "./lab.js";
import { FaultProxy } from "./proxy.js";

const HOUR = 3_600_000;
const JUMPS: [string, number][] = [
  ["forward by hours", 5 * HOUR],
  ["back by days", -72 * HOUR],
];

/** Sets the clock that shows the date; timers run as before. */
function jump(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

/** Only the date is ours to set; it stands still between jumps, which is as bad as a clock can be. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const ROWS = 20_000;
let server: OmeroServer;
let fileId: number;
let beforeCall: (operation: string) => void = () => {};
beforeAll(async () => {
  server = await startFaultLab({
    tables: "hdf5",
    idleTimeout: 1500,
    beforeCall: ({ operation }) => beforeCall(operation),
  });
  fileId = await storeTable(server, ROWS);
});
afterAll(() => server.close());
afterEach(() => {
  beforeCall = () => {};
});

describe.each(JUMPS)("a clock set %s", (_name, by) => {
  test("ends no session that is kept alive, and does end one that idles", async () => {
    await using kept = await connectPlain(server, { keepAlive: 0.2 });
    const idle = await connectPlain(server, { keepAlive: false, reconnectTimeout: 0 });
    const [keptEvents, keptKey] = [eventsOf(kept), kept.session.uuid];
    const idleKey = idle.session.uuid;
    await expect.poll(async () => (await server.contents()).sessions.length).toBe(2);
    jump(by);
    expect((await server.contents()).sessions).toHaveLength(2);
    await (await connectPlain(server, { sessionKey: idleKey, reconnectTimeout: 0 })).close();
    await sleep(2200);
    expect((await server.contents()).sessions).toHaveLength(1);
    await expect(connectPlain(server, { sessionKey: idleKey })).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    expect((await kept.getSessionInfo()).userName).toBe("ana");
    expect([keptEvents, kept.session.uuid]).toEqual([[], keptKey]);
    await idle.close();
  });

  test("while rows are read, changes neither the rows nor the number of requests", async () => {
    const requests = async (clock: () => void) => {
      let count = 0;
      beforeCall = (operation) => {
        if (operation === "read" || operation === "slice") clock();
        count++;
      };
      const rows = Array.from({ length: ROWS / 2 }, (_, index) => 2 * index);
      const read = readBatches({ ...throughProxy(server.port), fileId, rows, route: "service", chunkSize: 100 });
      const { numbers, cells } = await collect(read);
      expect(numbers).toEqual(rows);
      expect(cells[1]).toEqual(rows.map((row) => row / 8));
      return count;
    };
    const usual = await requests(() => {});
    let jumps = 0;
    const found = await requests(() => {
      jumps++;
      jump(by);
    });
    expect(jumps).toBeGreaterThan(1);
    // A call may take longer than another by the true clock, which makes the next one smaller.
    expect(found).toBeLessThan(usual + 5);
  });

  test("while the server works on a request, is no reason to give it up", async () => {
    await using connection = await connectPlain(server);
    const { fileId: made } = await uploadTable(numberedColumns(10), "to be deleted", { connection, parentId: 1 });
    let looks = 0;
    beforeCall = (operation) => {
      if (operation !== "getResponse") return;
      looks++;
      jump(by);
    };
    await deleteTable({ connection, fileId: made });
    expect(looks).toBeGreaterThan(0);
    expect((await server.contents()).files.map(({ id }) => Number(id))).toEqual([Number(fileId)]);
  });

  test("while the server is away, changes nothing about how long it is tried for", async () => {
    await using proxy = await FaultProxy.start(server.port);
    await using connection = await connectToOmero(throughProxy(proxy.port, { reconnectTimeout: 1500 }));
    const events = eventsOf(connection);
    const away = async (milliseconds: number) => {
      proxy.behaviour = { refuse: true };
      proxy.cutAll();
      const started = performance.now();
      const answer = outcomeOf(connection.getSessionInfo());
      await sleep(100);
      jump(by);
      await sleep(milliseconds - 100);
      proxy.behaviour = {};
      return { ...(await answer), seconds: (performance.now() - started) / 1000 };
    };
    const short = await away(700);
    expect(short).toHaveProperty("value.userName", "ana");
    expect(events).toEqual(["lost", expect.stringMatching(/joined again|new session/)]);
    const long = await away(3000);
    expect(long).toHaveProperty("error.code", expect.stringMatching(/^CONNECTION_/));
    expect(long.seconds).toBeGreaterThan(1.5);
    expect(await connection.getSessionInfo()).toMatchObject({ userName: "ana" });
  });

  test("while an answer is waited for, does not change when that ends", async () => {
    await using proxy = await FaultProxy.start(server.port, {
      faultOf: () => ({ kind: "stall", direction: "toClient", after: 0 }),
    });
    const started = performance.now();
    const connecting = outcomeOf(connectToOmero(throughProxy(proxy.port, { connectTimeout: 600 })));
    await sleep(100);
    jump(by);
    expect(await connecting).toHaveProperty("error.code", expect.stringMatching(/TIMEOUT/));
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeGreaterThan(0.55);
    expect(seconds).toBeLessThan(5);
  });
});
