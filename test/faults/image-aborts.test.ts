/**
 * Aborts at random moments of what is done with images: it ends as a whole or as ABORTED, and nothing is left on the server.
 * ABORT_TRIALS is how many there are.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as api from "../../src/index.js";
import "../../src/index.js";
import type { Image } from "../../src/gateway/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { Seeded } from "../support/seeded.js";
import { expectQuiet } from "./lab.js";

const TRIALS = Number(process.env.ABORT_TRIALS ?? 150);
const SEED = Number(process.env.ABORT_SEED ?? 1);
const SIZES = { sizeX: 200, sizeY: 150, sizeZ: 4, sizeC: 2, sizeT: 3 };

let server: OmeroServer;
let connection: api.OmeroConnection;
let image: Image;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeAll(async () => {
  process.on("unhandledRejection", note);
  server = await startLabServer({ latency: 1, objects: [] });
  connection = await connectPlain(server);
  image = await connection.createImage({ name: "read", ...SIZES, planes: planes() });
  await image.channels();
});
afterAll(async () => {
  process.off("unhandledRejection", note);
  await server.close();
});

function* planes(): Generator<Uint16Array> {
  for (let plane = 0; plane < 24; plane++) yield new Uint16Array(200 * 150).fill(plane);
}

async function drained(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

const WORKS: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
  planes: (signal) => drained(image.pixels.planes(undefined, { signal })),
  tiles: (signal) => drained(image.pixels.tiles([{ x: 7 }, { c: 1, y: 9 }, { t: 2, width: 30 }], { signal })),
  hypercube: (signal) => image.pixels.hypercube({ x: [0, 200, 3], signal }),
  statistics: (signal) => image.pixels.statistics(undefined, { signal }),
  histogram: (signal) => image.pixels.histogram({ c: 1, signal }),
  render: (signal) => image.render({ z: 1, t: 1, model: "greyscale", channels: [{ index: 1 }], signal }),
  "render a projection": (signal) => image.render({ projection: "intmax", format: "png", signal }),
  thumbnail: (signal) => image.thumbnail({ size: 32, signal }),
  thumbnails: (signal) => connection.getThumbnails([image.id], { signal }),
  channels: (signal) => image.channels({ signal }),
  rois: (signal) => image.rois({ signal }),
  createImage: async (signal) => {
    const made = await connection.createImage({ name: "made", ...SIZES, planes: planes(), signal });
    await connection.deleteObjects("Image", [made.id]);
  },
};

/** What comes of a work that is aborted after some time. */
async function tryOne(name: string, milliseconds: number): Promise<string> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error("enough")), milliseconds);
  try {
    await WORKS[name]!(stop.signal);
    return "done";
  } catch (error) {
    expect([name, error]).toEqual([name, expect.objectContaining({ name: "AbortError", code: "ABORTED" })]);
    return "aborted";
  } finally {
    clearTimeout(timer);
  }
}

test(`${TRIALS} works with images that are aborted leave nothing`, async () => {
  const names = Object.keys(WORKS);
  const times = new Map<string, number>();
  for (const name of names) {
    const began = performance.now();
    await WORKS[name]!(new AbortController().signal);
    times.set(name, performance.now() - began);
  }
  const random = new Seeded(SEED);
  const outcomes: Record<string, number> = {};
  for (let trial = 0; trial < TRIALS; trial++) {
    const name = names[trial % names.length]!;
    const outcome = await tryOne(name, random.fraction() * 1.2 * times.get(name)!);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  console.log(`${TRIALS} aborts of ${names.length} works:`, outcomes, `${unhandled.length} unhandled`);
  expect(outcomes.aborted).toBeGreaterThan(TRIALS / 4);
  expect(unhandled).toEqual([]);
  const left = await connection.getQueryService().projection("select i.name from Image i", null);
  expect(left).toMatchObject([[{ val: "read" }]]);
  expect(connection.state).toBe("connected");
}, 600_000);

test("nothing else of them is left on the server once its client has gone", async () => {
  await connection.close();
  await expectQuiet(server);
});
