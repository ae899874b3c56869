/** Honest clients and servers with a proxy between them that damages a message here and there. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OmeroError } from "../../src/errors.js";
import { Seeded, seedOf } from "../support/seeded.js";
import { ServerProcess } from "../support/server-process.js";
import { ROWS, workHonestly } from "./honest-work.js";
import { bodyOf, type Direction, type Mangle, ManglingProxy, withBody } from "./mangling-proxy.js";
import { mutate } from "./mutations.js";

const RUNS = 120;
const AT_ONCE = 6;
/** Messages that an honest client sends, or gets, at least. */
const MESSAGES = 60;
/** Milliseconds for a client that meets damage: its calls and attempts end after less. */
const DEADLINE = 30_000;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ idleTimeout: 1500 });
});
afterAll(() => server[Symbol.asyncDispose]());

/**
 * Damages one message in a direction, or each of them now and then. Their sizes are right: whoever announces more bytes than
 * follow is silent, which is not noticed as soon.
 */
function mangling(direction: Direction, seed: number): Mangle {
  const random = new Seeded(seedOf(direction, seed));
  const always = random.below(3) === 0;
  const only = random.below(MESSAGES);
  return (message, passing, number) => {
    const damages = passing === direction && (always ? random.below(12) === 0 : number === only);
    if (!damages) return message;
    // Of another number, it would be the answer to nothing, and waited for until the call's time is over.
    const [requestId, rest] = [bodyOf(message).subarray(0, 4), bodyOf(message).subarray(4)];
    return withBody(message, Buffer.concat([requestId, mutate(rest, random, rest)]));
  };
}

/** What became of a client: rows read, or the code of its error. */
async function clientThrough(mangle: Mangle, what: string): Promise<string> {
  await using proxy = await ManglingProxy.start(server.port, mangle);
  const work = workHonestly(proxy.port).then(
    () => "done",
    (error: unknown) => {
      if (error instanceof OmeroError) return error.code;
      throw error;
    },
  );
  return await withinDeadline(work, what);
}

async function withinDeadline<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came of it within ${DEADLINE} ms: ${what}`)), DEADLINE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

describe.each<Direction>(["toServer", "toClient"])("damaged messages %s", (direction) => {
  test("end in errors of ours; the server goes on, and forgets them", async () => {
    expect(await workHonestly(server.port)).toBe(ROWS);
    await quiet();
    const memory = await server.memory();
    const outcomes: Record<string, number> = {};
    for (let first = 0; first < RUNS; first += AT_ONCE) {
      const seeds = Array.from({ length: AT_ONCE }, (_, index) => first + index);
      for (const outcome of await Promise.all(
        seeds.map((seed) => clientThrough(mangling(direction, seed), `seed ${seed}`)),
      )) {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }
    }
    console.log(`${RUNS} clients with damaged messages ${direction}:`, outcomes);
    expect(Object.keys(outcomes).length).toBeGreaterThan(3);
    expect(await workHonestly(server.port)).toBe(ROWS);
    await quiet();
    expect((await server.memory()) - memory).toBeLessThan(32 << 20);
    const { openTables } = await server.contents();
    expect(openTables).toEqual([]);
    expect(server.errors).toBe("");
  });
});

/** Until no connection and no session is left; those of the damaged end for idleness. */
async function quiet(): Promise<void> {
  await expect
    .poll(
      async () => {
        const { connections, sessions } = await server.contents();
        return connections + sessions.length;
      },
      { timeout: 10_000 },
    )
    .toBe(0);
}
