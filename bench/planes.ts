/**
 * Planes of an image beside what the connection itself carries: `tsx bench/planes.ts [PLANES] [ROUNDS] [SIDE] [WAY]`, 2,000 planes of
 * 512 x 512 uint16 and 5 rounds by default. OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server, on which the image is made
 * and removed; without OMERO_HOST it is the embedded server in a process of its own. In each round, one after the other: bare calls of
 * `getPlane` through one store and through four, whose bytes are thrown away; and `image.pixels.planes()`, also with `reuse`. Prints the
 * medians, their ratio to the best of the bare calls, the client's processor time, the memory beyond that before, and the load of the
 * machine. A process keeps the memory it once had: with the name of a way (`bare1`, `bare4`, `planes`, `reuse`) that alone is measured.
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { connectToOmero, type OmeroConnection } from "omero2frame";
import type { Image } from "omero2frame/gateway";
import type { PixelsType } from "../src/connect/ice/schema/omero.js";
import { ServerProcess } from "../test/support/server-process.js";

const [planes = 2000, rounds = 5, SIDE = 512] = process.argv.slice(2, 5).map(Number);
const only = process.argv[5];
const MIB = 2 ** 20;
const bytes = planes * SIDE * SIDE * 2;

const WAYS = {
  bare1: (connection: OmeroConnection, image: Image) => bareCalls(connection, image, 1),
  bare4: (connection: OmeroConnection, image: Image) => bareCalls(connection, image, 4),
  planes: (_: OmeroConnection, image: Image) => allPlanes(image, false),
  reuse: (_: OmeroConnection, image: Image) => allPlanes(image, true),
};
type Way = keyof typeof WAYS;
const TITLES: Record<Way, string> = {
  bare1: "bare calls, one store",
  bare4: "bare calls, four stores",
  planes: "pixels.planes()",
  reuse: "with reuse",
};

interface Measurement {
  readonly seconds: number;
  /** Processor time, in seconds. */
  readonly processor: number;
  /** Greatest memory beyond that before, in bytes. */
  readonly beyond: number;
}

const server = process.env.OMERO_HOST ? undefined : await ServerProcess.start({}, { built: true });
const own = server && { server: `tcp://127.0.0.1:${server.port}`, username: "ana", password: "pass-ana" };
const connection = await connectToOmero(own ?? {});
const image = await madeImage();
const chosen = (Object.keys(WAYS) as Way[]).filter((name) => only === undefined || name === only);
const measurements = new Map(chosen.map((name) => [name, [] as Measurement[]]));
console.log(`load before: ${loadavg()[0]!.toFixed(2)}`);
try {
  for (let round = 0; round < rounds; round++) {
    for (const name of chosen) measurements.get(name)!.push(await timed(() => WAYS[name](connection, image)));
  }
  report();
} finally {
  await connection.deleteObjects("Image", [image.id]);
  await connection.close();
  await server?.[Symbol.asyncDispose]();
}

/** By bare calls of one plane: making it leaves no memory behind. */
async function madeImage(): Promise<Image> {
  const query = "from PixelsType as p where p.value = 'uint16'";
  const type = (await connection.getQueryService().findByQuery(query, null)) as PixelsType;
  const pixels = connection.service("::omero::api::IPixels");
  const id = (await pixels.createImage(SIDE, SIDE, planes, 1, [0], type, "bench", ""))!.val;
  const made = await connection.getObject("Image", id);
  const plane = new Uint8Array(SIDE * SIDE * 2);
  await using opened = connection.openStateful("::omero::api::RawPixelsStore");
  await opened.service.setPixelsId(made.pixelsId!, false);
  for (let z = 0; z < planes; z++) await opened.service.setPlane(plane, z, 0, 0);
  return made;
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

async function allPlanes(image: Image, reuse: boolean): Promise<void> {
  for await (const { data } of image.pixels.planes(undefined, { reuse }))
    if (data.length !== SIDE * SIDE) throw new Error("too few pixels");
}

async function timed(work: () => Promise<void>): Promise<Measurement> {
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
  const plane = (SIDE * SIDE * 2) / MIB;
  const middle = (name: Way, member: keyof Measurement) => median(measurements.get(name)!.map((each) => each[member]));
  const rate = (name: Way) => bytes / MIB / middle(name, "seconds");
  const best = Math.max(...chosen.filter((name) => name.startsWith("bare")).map(rate));
  for (const name of chosen) {
    const share = best > 0 ? `${(rate(name) / best).toFixed(2)} of the best bare calls` : "no bare calls";
    const cost = `${((middle(name, "processor") * 1024 * MIB) / bytes).toFixed(2)} s of this processor a GiB`;
    const most = Math.max(...measurements.get(name)!.map(({ beyond }) => beyond)) / MIB;
    const memory = `${most.toFixed(0)} MiB beyond that before at most: ${(most / plane).toFixed(0)} planes`;
    console.log(`${TITLES[name].padEnd(26)}${rate(name).toFixed(0).padStart(6)} MiB/s  ${share}; ${cost}; ${memory}`);
  }
  console.log(`load after: ${loadavg()[0]!.toFixed(2)}; ${planes} planes of ${plane} MiB, medians of ${rounds} rounds`);
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1]!;
}
