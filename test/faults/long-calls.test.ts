/**
 * Each long call of the gateway: it ends within a second of its signal, tells how far it has come, and after a lost connection reads on,
 * or ends as an error that leaves nothing of what it was making.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Image } from "../../src/gateway/index.js";
import * as api from "../../src/index.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { FaultProxy } from "./proxy.js";

const SIZES = { sizeX: 256, sizeY: 200, sizeZ: 12, sizeC: 2, sizeT: 2 };
const PLANES = 48;
/** Milliseconds that a call may take to end once its signal fires. */
const AT_ONCE = 1000;

interface Options {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { done: number; total?: number | undefined }) => void) | undefined;
}

interface Work {
  readonly name: string;
  /** The call of a server that does the most of it. */
  readonly operation: string;
  readonly run: (connection: api.OmeroConnection, options: Options) => Promise<unknown>;
  /** Whether it only reads. */
  readonly reads: boolean;
  /** Whether it tells how far it has come. */
  readonly tells: boolean;
}

let server: OmeroServer;
let connection: api.OmeroConnection;
let folder: string;
let image: Image;
let attached: number;
let tableId: number;
let beforeCall: (call: ServedCall) => void | Promise<void> = () => {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "long-"));
  server = await startLabServer({ beforeCall: (call) => beforeCall(call) });
  connection = await connectPlain(server);
  image = await connection.createImage({ name: "read", ...SIZES, planes: planes() });
  await image.thumbnail();
  writeFileSync(join(folder, "source.bin"), new Uint8Array(3 << 20).fill(7));
  attached = (await api.uploadFile(join(folder, "source.bin"), { connection, parentId: image.id })).fileId;
  tableId = (await api.uploadTable({ a: [1, 2, 3] }, "copied", { connection, parentId: image.id })).fileId;
  before = (await Promise.all(TYPES.map(idsOf))).flat();
});
afterEach(async () => {
  beforeCall = () => {};
  await removeMade();
});
afterAll(async () => {
  await connection.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

function* planes(count = PLANES): Generator<Uint16Array> {
  for (let plane = 0; plane < count; plane++) yield new Uint16Array(256 * 200).fill(plane * 3);
}

async function listed<Item, Result>(items: AsyncIterable<Item>, of: (item: Item) => Result): Promise<Result[]> {
  const all: Result[] = [];
  for await (const item of items) all.push(of(item));
  return all;
}

const same = (through: api.OmeroConnection) => through.getObject("Image", image.id);
const corners = Array.from({ length: 40 }, (_, at) => ({ z: at % 12, x: at, y: 3 * at, width: 50, height: 60 }));
const target = () => join(folder, "fetched.bin");

const TYPES = ["Image", "OriginalFile"] as const;
/** What there was at the beginning. */
let before: string[] = [];

const WORKS: readonly Work[] = [
  {
    ...{ name: "planes", operation: "getHypercube", reads: true, tells: true },
    run: async (through, options) =>
      listed((await same(through)).pixels.planes(undefined, options), ({ data }) => data[9]),
  },
  {
    ...{ name: "planes in memory that is used again", operation: "getHypercube", reads: true, tells: true },
    run: async (through, options) => {
      const { pixels } = await same(through);
      return listed(pixels.planes(undefined, { ...options, reuse: true }), ({ data }) => data[9]);
    },
  },
  {
    ...{ name: "tiles", operation: "getTile", reads: true, tells: true },
    run: async (through, options) =>
      listed((await same(through)).pixels.tiles(corners, options), ({ data }) => data[9]),
  },
  {
    ...{ name: "hypercube", operation: "getHypercube", reads: true, tells: true },
    run: async (through, options) => (await (await same(through)).pixels.hypercube({ c: 1, ...options })).data[70_000],
  },
  {
    ...{ name: "statistics", operation: "getHypercube", reads: true, tells: true },
    run: async (through, options) => (await same(through)).pixels.statistics(undefined, options),
  },
  {
    ...{ name: "histogram", operation: "getHistogram", reads: true, tells: false },
    run: async (through, { signal }) => (await same(through)).pixels.histogram({ c: 1, signal }),
  },
  {
    ...{ name: "render", operation: "renderAsPackedInt", reads: true, tells: false },
    run: async (through, { signal }) => (await same(through)).render({ z: 1, format: "rgba", signal }),
  },
  {
    ...{ name: "getThumbnails", operation: "getThumbnailByLongestSideSet", reads: true, tells: true },
    run: (through, options) => through.getThumbnails([image.id], { size: 16, ...options }),
  },
  {
    ...{ name: "exportOmeTiff", operation: "read", reads: true, tells: true },
    run: async (through, options) => listed((await same(through)).exportOmeTiff(options), ({ length }) => length),
  },
  {
    ...{ name: "downloadFile", operation: "read", reads: true, tells: true },
    run: async (through, options) => {
      await api.downloadFile({
        connection: through,
        fileId: attached,
        targetPath: target(),
        chunkSize: 1 << 18,
        ...options,
      });
      const { length } = readFileSync(target());
      rmSync(target());
      return length;
    },
  },
  {
    ...{ name: "getObjects", operation: "findAllByQuery", reads: true, tells: false },
    run: (through, { signal }) => listed(through.getObjects("Image", { ids: [image.id], signal }), ({ name }) => name),
  },
  {
    ...{ name: "createImage", operation: "setPlane", reads: false, tells: true },
    run: (through, options) => through.createImage({ name: "made", ...SIZES, planes: planes(), ...options }),
  },
  {
    ...{ name: "uploadFile", operation: "write", reads: false, tells: true },
    run: (through, options) =>
      api.uploadFile(join(folder, "source.bin"), {
        ...{ connection: through, parentId: image.id, name: "made", chunkSize: 1 << 18, ...options },
      }),
  },
  {
    ...{ name: "copyTable", operation: "addData", reads: false, tells: true },
    run: (through, options) =>
      api.copyTable({ connection: through, fileId: tableId }, { connection: through, parentId: image.id, ...options }),
  },
  {
    ...{ name: "deleteObjects", operation: "submit", reads: false, tells: false },
    run: (through, { signal }) => through.deleteObjects("Image", [image.id], { dryRun: true, signal }),
  },
  {
    ...{ name: "moveToGroup", operation: "submit", reads: false, tells: false },
    run: (through, { signal }) => through.moveToGroup("Image", [image.id], "other", { dryRun: true, signal }),
  },
];

/** What has come about since the beginning: images, files of the server, files of this machine. */
async function whatIsMade(): Promise<unknown[]> {
  const made = await Promise.all(TYPES.map((type) => idsOf(type)));
  // What has come of a file is kept, for one who fetches it again.
  const local = readdirSync(folder).filter((name) => name !== "source.bin" && !name.endsWith(".part"));
  return [...made.flat().filter((id) => !before.includes(id)), ...local];
}

async function idsOf(type: "Image" | "OriginalFile"): Promise<string[]> {
  const rows = await connection.getQueryService().projection(`select o.id from ${type} o`, null);
  return rows.map(([id]) => `${type}:${(id as unknown as { val: bigint }).val}`);
}

async function removeMade(): Promise<void> {
  for (const type of TYPES) {
    const ids = (await idsOf(type)).filter((id) => !before.includes(id)).map((id) => Number(id.split(":")[1]));
    if (ids.length > 0) await connection.deleteObjects(type, ids);
  }
}

/** Runs when the server is asked for the operation for the n-th time. */
function onCall(operation: string, time: number, then: () => void | Promise<void>): void {
  let times = 0;
  beforeCall = (call) => (call.operation === operation && ++times === time ? then() : undefined);
}

test.each(WORKS)("$name ends within a second of its signal, while a server thinks", async ({ run, operation }) => {
  const ending = new AbortController();
  let fired = 0;
  onCall(operation, 1, async () => {
    setTimeout(() => {
      fired = performance.now();
      ending.abort(new Error("enough"));
    }, 50);
    await sleep(600);
  });
  await expect(run(connection, { signal: ending.signal })).rejects.toMatchObject({
    name: "AbortError",
    code: "ABORTED",
  });
  expect(fired).toBeGreaterThan(0);
  expect(performance.now() - fired).toBeLessThan(AT_ONCE);
  expect(await whatIsMade()).toEqual([]);
});

test.each(WORKS.filter(({ tells }) => tells))(
  "$name tells how far it has come, and whether all is done",
  async ({ run }) => {
    const told: { done: number; total?: number | undefined }[] = [];
    await run(connection, { onProgress: (progress) => void told.push(progress) });
    const done = told.map((progress) => progress.done);
    expect(done).toEqual(done.toSorted((one, other) => one - other));
    expect(told.length).toBeGreaterThan(1);
    const { done: last, total = last } = told.at(-1)!;
    expect(last).toBe(total);
    await removeMade();
  },
);

test.each(WORKS)("$name meets a lost connection", async ({ run, operation, reads }) => {
  const whole = reads ? await run(connection, {}) : undefined;
  const proxy = await FaultProxy.start(server.port);
  const far = await connectPlain(proxy);
  try {
    onCall(operation, 1, () => proxy.cutAll());
    const outcome = await run(far, {}).catch((error: unknown) => error);
    beforeCall = () => {};
    if (reads) expect(outcome).toEqual(whole);
    if (outcome instanceof Error) {
      expect(outcome).toMatchObject({ code: expect.any(String) });
      expect(await whatIsMade()).toEqual([]);
    }
  } finally {
    await far.close();
    await proxy.close();
  }
});
