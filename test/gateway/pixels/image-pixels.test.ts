import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { ImagePixels } from "../../../src/gateway/pixels/image-pixels.js";
import type { PixelArray } from "../../../src/gateway/pixels/pixel-arrays.js";
import { rstring } from "../../../src/rtypes.js";
import type { OmeroServer, ServedCall } from "../../../src/server/index.js";
import { openStore } from "../../../src/store/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { FaultProxy } from "../../faults/proxy.js";
import { type MadeImage, madeImage } from "../embedded-images.js";

let server: OmeroServer;
let connection: OmeroConnection;
let made: MadeImage;
const calls: string[] = [];
let beforeCall: (call: ServedCall) => void | Promise<void> = () => {};

beforeAll(async () => {
  server = await startLabServer({
    beforeCall: (call) => {
      calls.push(call.operation);
      return beforeCall(call);
    },
  });
  connection = await connectPlain(server);
  made = await madeImage(connection);
});
afterEach(() => {
  beforeCall = () => {};
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

const counted = (operation: string) => calls.filter((call) => call === operation).length;

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("pixels", () => {
  it.each([Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array])(
    "come as they were sent: %o",
    async (array) => {
      const { pixels, planes } = await madeImage(connection, { array });
      const read = await collected(pixels.planes());
      expect(read.map(({ data }) => data)).toEqual(planes);
      expect(read[0]!.data).toBeInstanceOf(array);
      expect(read[5]).toMatchObject({ shape: [12, 16], z: 1, c: 0, t: 1, x: 0, y: 0 });
    },
  );

  it("come one by one, in parts, and with places left out", async () => {
    const { pixels, planeOf } = made;
    expect((await pixels.getPlane({ z: 2, c: 1, t: 1 })).data).toEqual(planeOf(2, 1, 1));
    expect((await pixels.getPlane()).data).toEqual(planeOf(0, 0, 0));
    const tile = await pixels.getTile({ c: 1, x: 3, y: 4, width: 2, height: 3 });
    expect(tile).toMatchObject({ shape: [3, 2], x: 3, y: 4 });
    expect([...tile.data]).toEqual([4, 5, 6].flatMap((y) => [...planeOf(0, 1, 0).subarray(y * 16 + 3, y * 16 + 5)]));
  });

  it("come in any order, the same one twice too", async () => {
    const places = [
      [2, 1, 0],
      [0, 0, 1],
      [2, 1, 0],
      [1, 1, 1],
      [0, 0, 0],
    ].map(([z, c, t]) => ({ z, c, t }));
    const read = await collected(made.pixels.planes(places));
    expect(read.map(({ data }) => data)).toEqual(places.map(({ z, c, t }) => made.planeOf(z!, c!, t!)));
    const one = (function* () {
      yield { z: 1 };
    })();
    expect((await collected(made.pixels.planes(one)))[0]!.data).toEqual(made.planeOf(1, 0, 0));
    expect(await collected(made.pixels.planes([]))).toEqual([]);
  });

  it("come by few calls: planes that make up a box by one", async () => {
    const pixels = new ImagePixels(connection, made.info);
    const before = calls.length;
    await collected(pixels.planes());
    const names = calls.slice(before).filter((name) => name !== "close" && name !== "addProxies");
    expect(names).toEqual(["createRawPixelsStore", "setPixelsId", "getHypercube"]);
  });

  it("come one after the other through one store, which is closed a moment later", async () => {
    const pixels = new ImagePixels(connection, made.info);
    const before = calls.length;
    for (const z of [0, 1, 2]) expect((await pixels.getPlane({ z })).data).toEqual(made.planeOf(z, 0, 0));
    const names = calls.slice(before).filter((name) => name !== "addProxies" && name !== "close");
    expect(names).toEqual(["createRawPixelsStore", "setPixelsId", "getPlane", "getPlane", "getPlane"]);
    await expect
      .poll(() => calls.slice(before).filter((name) => name === "close").length, { timeout: 5000 })
      .toBeGreaterThan(0);
  });

  it("come one by one where a server gives no boxes", async () => {
    beforeCall = ({ operation }) => {
      if (operation === "getHypercube") throw new Error("not of this kind");
    };
    expect((await collected(made.pixels.planes())).map(({ data }) => data)).toEqual(made.planes);
    const { data } = await new ImagePixels(connection, made.info).hypercube({
      t: 1,
      c: 1,
      z: 2,
      x: [1, 16, 4],
      y: [2, 12, 5],
    });
    expect([...data]).toEqual([2, 7].flatMap((y) => [1, 5, 9, 13].map((x) => made.planeOf(2, 1, 1)[y * 16 + x])));
  });

  it("come in memory that is used again, where that is wanted", async () => {
    const sizes = { sizeX: 180, sizeY: 200, sizeZ: 9, sizeC: 2, sizeT: 1 };
    const { pixels, planes } = await madeImage(connection, { array: Float64Array, ...sizes });
    const bytes = ({ buffer, byteOffset, byteLength }: PixelArray) =>
      Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
    const buffers = new Set<unknown>();
    let next = 0;
    for await (const { data } of pixels.planes(undefined, { reuse: true })) {
      expect(bytes(data).equals(bytes(planes[next++]!))).toBe(true);
      buffers.add(data.buffer);
    }
    expect([next, buffers.size < 9]).toEqual([18, true]);
    const { data } = await pixels.hypercube({ c: 1, z: [2, 4] });
    expect(bytes(data).equals(Buffer.concat([planes[5]!, planes[7]!].map(bytes)))).toBe(true);
    await using store = await openStore(join(tmpdir(), `omero2frame-reuse-${process.pid}`));
    await expect(collected(pixels.planes([], { reuse: true, store }))).rejects.toThrow(/does not go with a store/);
  });

  it("come in tiles of a grid", async () => {
    const places = made.pixels.tileGrid({ z: 1, width: 10, height: 7 });
    expect(places.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
      [0, 0, 10, 7],
      [10, 0, 6, 7],
      [0, 7, 10, 5],
      [10, 7, 6, 5],
    ]);
    const tiles = await collected(made.pixels.tiles(places));
    expect(tiles[3]!.data[0]).toBe(made.planeOf(1, 0, 0)[7 * 16 + 10]);
    expect(made.pixels.tileGrid()).toHaveLength(1);
    expect(() => made.pixels.tileGrid({ width: 0 })).toThrow(/width of tiles is 0/);
    expect(() => made.pixels.tileGrid({ z: 3 })).toThrow(/z is 3/);
  });

  it("of a small image are kept in one size", async () => {
    expect(await made.pixels.resolutionLevels()).toEqual([{ level: 0, sizeX: 16, sizeY: 12 }]);
    expect(await made.pixels.atLevel(0)).toBe(made.pixels);
    await expect(made.pixels.atLevel(1)).rejects.toThrow(/level is 1; the image has 1/);
  });

  it("come as a cube, every so many pixels of it too", async () => {
    const { data, shape } = await made.pixels.hypercube({ z: [1, 3], c: 1, x: [0, 16, 4], y: [2, 12, 5] });
    expect(shape).toEqual([2, 1, 2, 2, 4]);
    const rows = [2, 7].flatMap((y) => [0, 4, 8, 12].map((x) => y * 16 + x));
    const expected = [0, 1].flatMap((t) => [1, 2].flatMap((z) => rows.map((at) => made.planeOf(z, 1, t)[at])));
    expect([...data]).toEqual(expected);
    expect((await made.pixels.hypercube()).shape).toEqual([2, 2, 3, 12, 16]);
  });

  it("have figures and histograms", async () => {
    const values = [...made.planeOf(1, 1, 0)];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const sigma = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    const figures = await made.pixels.statistics([{ z: 1, c: 1 }]);
    expect(figures).toMatchObject({ count: 192, minimum: Math.min(...values), maximum: Math.max(...values) });
    expect(figures.mean).toBeCloseTo(mean, 10);
    expect(figures.sigma).toBeCloseTo(sigma, 10);
    const all = await made.pixels.statistics();
    expect(all.count).toBe(192 * 12);
    const counts = await made.pixels.histogram({ z: 1, c: 1, bins: 10 });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(192);
  });

  it.each([
    [{ z: 3 }, /z is 3; the image has 3 sections, counted from 0/],
    [{ c: -1 }, /c is -1; the image has 2 channels/],
    [{ t: 0.5 }, /t is 0.5/],
    [{ x: 10, width: 7 }, /width is 7 from 10 on; the image has 16 columns/],
    [{ zz: 1 } as object, /no "zz"/],
  ])("are refused before anything is sent where they are not in the image: %o", async (place, message) => {
    const before = calls.length;
    await expect(made.pixels.getTile(place)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message });
    await expect(collected(made.pixels.tiles([{}, place]))).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(calls.length).toBe(before);
  });

  it("refuse cubes and options that make no sense", async () => {
    await expect(made.pixels.hypercube({ z: [2, 2] })).rejects.toThrow(/z is \[2,2\]; give a number/);
    await expect(made.pixels.hypercube({ w: 1 } as object)).rejects.toThrow(/no option "w"/);
    await expect(collected(made.pixels.planes(undefined, { signall: 1 } as object))).rejects.toThrow(/"signal"/);
    await expect(made.pixels.histogram({ bins: 0 })).rejects.toThrow(/bins is 0/);
    await expect(collected(made.pixels.planes({ z: 0 } as never))).rejects.toThrow(/a list of places/);
  });

  it("say whose fault it is where places, or those who are told, fail", async () => {
    const failing = function* () {
      yield { z: 0 };
      throw new Error("no more");
    };
    const cause = { message: "no more" };
    await expect(collected(made.pixels.planes(failing()))).rejects.toMatchObject({ code: "SOURCE_FAILED", cause });
    const onProgress = () => {
      throw new Error("not listening");
    };
    await expect(made.pixels.getPlane({ onProgress })).rejects.toMatchObject({ code: "CALLBACK_FAILED" });
    await expect(made.pixels.statistics([{ z: 0 }], { onProgress })).rejects.toMatchObject({ code: "CALLBACK_FAILED" });
  });

  it("of places without end are read as they are wanted", async () => {
    const endless = function* () {
      for (let place = 0; ; place++) yield { z: place % 3, x: place % 5, width: 3 };
    };
    let read = 0;
    for await (const { data } of made.pixels.tiles(endless())) {
      expect(data.length).toBe(36);
      if (++read === 100) break;
    }
    expect(read).toBe(100);
  });

  it("report progress, and stop when the signal fires", async () => {
    const told: string[] = [];
    const onProgress = ({ done, total, unit }: { done: number; total: number | undefined; unit: string }) =>
      void told.push(`${done}/${total} ${unit}`);
    await collected(made.pixels.planes([{ z: 0 }, { z: 1 }], { onProgress }));
    expect(told).toEqual(["0/2 planes", "1/2 planes", "2/2 planes"]);
    const ending = new AbortController();
    let answer = () => {};
    beforeCall = ({ operation }) => {
      if (operation !== "getPlane") return;
      ending.abort(new Error("enough"));
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    await expect(made.pixels.getPlane({ signal: ending.signal })).rejects.toMatchObject({ code: "ABORTED" });
    answer();
  });

  it("are read on after a lost connection", async () => {
    const proxy = await FaultProxy.start(server.port);
    const far = await connectPlain(proxy);
    try {
      const pixels = new ImagePixels(far, made.info);
      const read: unknown[] = [];
      for await (const { data } of pixels.planes([{ z: 0 }, { z: 2, c: 1 }, { z: 1, t: 1 }, { z: 0, c: 1 }])) {
        if (read.length === 1) proxy.cutAll();
        read.push(data);
      }
      expect(read).toEqual([
        made.planeOf(0, 0, 0),
        made.planeOf(2, 1, 0),
        made.planeOf(1, 0, 1),
        made.planeOf(0, 1, 0),
      ]);
      proxy.cutAll();
      expect((await pixels.getPlane({ z: 1 })).data).toEqual(made.planeOf(1, 0, 0));
    } finally {
      await far.close();
      await proxy.close();
    }
  });
});

describe("a store", () => {
  it("keeps planes and tiles as long as the pixels are the same, and asks whether they may be read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "omero2frame-planes-"));
    await using store = await openStore(join(folder, "store"));
    const first = await collected(made.pixels.planes([{ z: 1 }, { z: 2 }], { store }));
    const before = counted("getHypercube") + counted("getPlane");
    const again = await collected(made.pixels.planes([{ z: 1 }, { z: 2 }], { store }));
    expect((await made.pixels.getPlane({ z: 2, store })).data).toEqual(first[1]!.data);
    expect(counted("getHypercube") + counted("getPlane")).toBe(before);
    expect(again).toEqual(first);
    const tiles = counted("getTile");
    for (const _ of [1, 2]) expect((await made.pixels.getTile({ z: 2, x: 1, width: 3, store })).data).toHaveLength(36);
    expect(counted("getTile")).toBe(tiles + 1);
    const cyd = await connectPlain(server, { username: "cyd", password: "pass-cyd" });
    await expect(new ImagePixels(cyd, made.info).getPlane({ z: 1, store })).rejects.toMatchObject({
      code: "SECURITY_VIOLATION",
    });
    await cyd.close();
    await rm(folder, { recursive: true });
  });

  it("fetches again what has changed on the server", async () => {
    const folder = await mkdtemp(join(tmpdir(), "omero2frame-planes-"));
    await using store = await openStore(join(folder, "store"));
    const { info, pixels } = await madeImage(connection);
    await pixels.getPlane({ z: 1, store });
    const query = connection.getQueryService();
    const object = (await query.find("Pixels", info.id))!;
    await connection.getUpdateService().saveObject({ ...object, methodology: rstring("other") } as never);
    const before = counted("getPlane");
    await pixels.getPlane({ z: 1, store });
    await pixels.getPlane({ z: 1, store });
    expect(counted("getPlane")).toBe(before + 1);
    await rm(folder, { recursive: true });
  });

  it("gives no pixels that are none of the tile's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "omero2frame-planes-"));
    await using store = await openStore(join(folder, "store"));
    const { data } = await made.pixels.getPlane({ z: 1, store });
    const kept = store.open("cache/omero");
    const [key] = await collected(kept.keys());
    for (const other of ["no pixels", data.slice(1), Float64Array.from(data as ArrayLike<number>), null]) {
      await kept.set(key!, other as never);
      expect((await made.pixels.getPlane({ z: 1, store })).data).toEqual(data);
    }
    await rm(folder, { recursive: true });
  });

  it("must be one", async () => {
    await expect(made.pixels.getPlane({ store: "here" as never })).rejects.toThrow(/openStore/);
  });
});
