/**
 * Planes of an image beside what the connection itself carries: `tsx bench/planes.ts [PLANES] [ROUNDS]`, 2,000 planes of 512 x 512
 * uint16 and 5 rounds by default. OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server, on which the image is made and
 * removed; without OMERO_HOST it is the embedded server in a process of its own. In each round, one after the other: bare calls of
 * `getPlane` through one store and through four, whose bytes are thrown away; and `image.pixels.planes()`. Prints the medians, their
 * ratio to the best of the bare calls, the client's processor time, the memory beyond that before, and the load of the machine.
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { connectToOmero, type OmeroConnection } from "omero2frame";
import type { Image } from "omero2frame/gateway";
import { ServerProcess } from "../test/support/server-process.js";

const [planes = 2000, rounds = 5] = process.argv.slice(2).map(Number);
const SIDE = 512;
const MIB = 2 ** 20;
const bytes = planes * SIDE * SIDE * 2;

const WAYS = {
  "bare calls, one store": (connection: OmeroConnection, image: Image) => bareCalls(connection, image, 1),
  "bare calls, four stores": (connection: OmeroConnection, image: Image) => bareCalls(connection, image, 4),
  "pixels.planes()": async (_: OmeroConnection, image: Image) => {
    for await (const { data } of image.pixels.planes())
      if (data.length !== SIDE * SIDE) throw new Error("too few pixels");
  },
};
type Way = keyof typeof WAYS;

const server = process.env.OMERO_HOST ? undefined : await ServerProcess.start({}, { built: true });
const own = server && { server: `tcp://127.0.0.1:${server.port}`, username: "ana", password: "pass-ana" };
const connection = await connectToOmero(own ?? {});
const image = await connection.createImage({ name: "bench", sizeX: SIDE, sizeY: SIDE, sizeZ: planes, planes: made() });
const seconds: Record<Way, number[]> = {
  "bare calls, one store": [],
  "bare calls, four stores": [],
  "pixels.planes()": [],
};
const processor: Record<Way, number[]> = {
  "bare calls, one store": [],
  "bare calls, four stores": [],
  "pixels.planes()": [],
};
const memory: number[] = [];
console.log(`load before: ${loadavg()[0]!.toFixed(2)}`);
try {
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of Object.entries(WAYS) as [Way, (typeof WAYS)[Way]][]) {
      const measured = await timed(() => read(connection, image));
      seconds[name].push(measured.seconds);
      processor[name].push(measured.processor);
      if (name === "pixels.planes()") memory.push(measured.beyond);
    }
  }
  report();
} finally {
  await connection.deleteObjects("Image", [image.id]);
  await connection.close();
  await server?.[Symbol.asyncDispose]();
}

function* made(): Generator<Uint16Array> {
  const plane = new Uint16Array(SIDE * SIDE);
  for (let index = 0; index < planes; index++) yield plane.fill(index);
}

/** Each call's bytes are thrown away. */
async function bareCalls(connection: OmeroConnection, image: Image, stores: number): Promise<void> {
  let next = 0;
  const read = async () => {
    await using opened = connection.openStateful("::omero::api::RawPixelsStore");
    await opened.service.setPixelsId(image.pixelsId!, true);
    while (next < planes) {
      const plane = await opened.service.getPlane(next++, 0, 0);
      if (plane.length !== SIDE * SIDE * 2) throw new Error("too few bytes");
    }
  };
  await Promise.all(Array.from({ length: stores }, read));
}

async function timed(work: () => Promise<void>): Promise<{ seconds: number; processor: number; beyond: number }> {
  globalThis.gc?.();
  await sleep(200);
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 10);
  const started = performance.now();
  const used = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  return { seconds, processor: (user + system) / 1e6, beyond: peak - before };
}

function report(): void {
  const rates = Object.entries(seconds).map(([name, times]) => [name, bytes / MIB / median(times)] as const);
  const best = Math.max(...rates.filter(([name]) => name.startsWith("bare")).map(([, rate]) => rate));
  for (const [name, rate] of rates) {
    const share = `${(rate / best).toFixed(2)} of the best bare calls`;
    const cost = ((median(processor[name as Way]) * 1024) / (bytes / MIB)).toFixed(2);
    console.log(`${name.padEnd(26)}${rate.toFixed(0).padStart(6)} MiB/s  ${share}; ${cost} s of this processor a GiB`);
  }
  const plane = (SIDE * SIDE * 2) / MIB;
  const most = Math.max(...memory) / MIB;
  console.log(`memory beyond that before: ${most.toFixed(0)} MiB at most, ${(most / plane).toFixed(0)} planes`);
  console.log(`load after: ${loadavg()[0]!.toFixed(2)}; ${planes} planes of ${plane} MiB, medians of ${rounds} rounds`);
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1]!;
}
