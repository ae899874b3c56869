import { createRequire } from "node:module";
import { tableFromArrays } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, field } from "../../../src/columns/batch.js";
import { byteView, type Pixels } from "../../../src/store/images/pixels.js";
import { collect, openedStore } from "../support.js";

const sameBytes = (one: Pixels, other: Pixels) => Buffer.from(byteView(one)).equals(byteView(other));
const ramp = (length: number) => Float32Array.from({ length }, (_, index) => index);

describe("images of a dictionary", () => {
  it("are appended, counted with holes, and lie beside images of other sizes and other values", async () => {
    const dictionary = (await openedStore()).open("images");
    expect(dictionary.imageCount).toBe(0);
    expect(await dictionary.setImage(-1, { data: ramp(6), shape: [2, 3] })).toBe(0);
    expect(await dictionary.setImage(5, { data: new Uint16Array(24), shape: [2, 3, 4] })).toBe(5);
    await dictionary.set("a list", [1, 2]);
    await dictionary.setImage("by name", { data: new BigInt64Array([-1n, 3n]), shape: [2] });
    expect(dictionary.imageCount).toBe(6);
    expect(await dictionary.setImage(-1, { data: ramp(1), shape: [1] })).toBe(6);
    expect(dictionary.size).toBe(5);
    expect((await dictionary.getImages([6, 0, "by name"])).map(({ shape }) => shape)).toEqual([[1], [2, 3], [2]]);
    expect((await dictionary.getImages({ from: 1 })).length).toBe(3);
    expect((await dictionary.getImages(new Set([6]))).length).toBe(1);
    await expect(dictionary.getImages([0, 1])).rejects.toMatchObject({ code: "NO_SUCH_ENTRY" });
    expect(await dictionary.getImage(1)).toBeUndefined();
    await expect(dictionary.getImage("a list")).rejects.toThrow('What is kept as "a list" is no image but a value');
  });

  it("are kept many at once, from a number on or after the last, as they come", async () => {
    const dictionary = (await openedStore()).open("images");
    const image = (length: number) => ({ data: ramp(length), shape: [length], header: { length, list: [length] } });
    await dictionary.setImage(1, image(9));
    expect(await dictionary.setImages(0, [image(3), image(2)])).toEqual([0, 1]);
    const come = async function* () {
      for (const length of [1, 5 * 2 ** 20, 2 ** 20, 3 * 2 ** 20, 4]) yield image(length);
    };
    expect(await dictionary.setImages(-1, come())).toEqual([2, 3, 4, 5, 6]);
    const lengths = [3, 2, 1, 5 * 2 ** 20, 2 ** 20, 3 * 2 ** 20, 4];
    for (const [n, length] of lengths.entries()) {
      const { data, header } = (await dictionary.getImage(n))!;
      expect([data.length, data.at(-1), header.length, header.list]).toEqual([length, length - 1, length, [length]]);
    }
    expect(await dictionary.setImages(-1, [])).toEqual([]);
    await expect(dictionary.setImages("a" as never, [])).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(dictionary.setImages(Number.MAX_SAFE_INTEGER, [image(1), image(1)])).rejects.toThrow("is a key");
    expect(dictionary.size).toBe(7);
  });

  it("are kept many at once or not at all", async () => {
    const store = await openedStore();
    const dictionary = store.open("images");
    await dictionary.setImage(1, { data: ramp(2), shape: [2] });
    const bytes = () => store.usage()[0]!.bytes;
    const before = bytes();
    const small = { data: new Uint8Array(9 * 2 ** 20), shape: [9, 2 ** 20] };
    const long = { data: new Uint8Array(20 * 2 ** 20), shape: [20, 2 ** 20] };
    const failing = async function* () {
      yield* [small, small, long, small];
      expect(dictionary.size).toBe(1);
      expect(bytes()).toBeGreaterThan(35 * 2 ** 20);
      throw new Error("the file is damaged");
    };
    await expect(dictionary.setImages(0, failing())).rejects.toThrow("the file is damaged");
    await expect(dictionary.setImages(0, [small, { data: ramp(3), shape: [2] }])).rejects.toThrow("its data has 3");
    const controller = new AbortController();
    const stopped = function* () {
      yield* [small, small];
      controller.abort();
      yield long;
    };
    const { signal } = controller;
    await expect(dictionary.setImages(-1, stopped(), { signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect([dictionary.size, bytes(), (await dictionary.getImage(1))!.data]).toEqual([1, before, ramp(2)]);
  });

  it("have headers with the statistics of their pixels", async () => {
    const dictionary = (await openedStore()).open("images");
    await dictionary.setImage(0, {
      data: Float32Array.of(0, 2, Number.NaN, 4),
      shape: [2, 2],
      header: { apix_x: 1.5, nx: 99, mean: 7 },
    });
    expect(await dictionary.getHeader(0)).toEqual({
      apix_x: 1.5,
      nx: 2,
      ny: 2,
      nz: 1,
      minimum: 0,
      maximum: 4,
      mean: 2,
      sigma: Math.sqrt(8 / 3),
      square_sum: 20,
      mean_nonzero: 3,
      sigma_nonzero: 1,
    });
    expect(await dictionary.getHeader(1)).toBeUndefined();
  });

  it("refuse what is none, with an error of ours", async () => {
    const dictionary = (await openedStore()).open("images");
    await dictionary.setImage(0, { data: ramp(6), shape: [2, 3] });
    const bad: (() => Promise<unknown>)[] = [
      ...[
        null,
        5,
        {},
        { start: [0, 0] },
        { start: [0, "0"], shape: [1, 1] },
        { start: [0, 0], shape: [2 ** 26, 2 ** 26] },
      ].map((region) => () => dictionary.getImage(0, { region: region as never })),
      ...[null, 5, "ab", [1]].flatMap((header) => [
        () => dictionary.setHeader(0, header as never),
        () => dictionary.setAttributes(0, header as never),
      ]),
      ...[null, undefined, 5, {}].flatMap((name) => [
        () => dictionary.getAttribute(0, name as never),
        () => dictionary.setAttribute(0, name as never, 1),
        () => dictionary.getAttributes(0, name as never),
      ]),
      ...[null, 5, "ab", {}].flatMap((many) => [
        () => dictionary.setImages(-1, many as never),
        () => dictionary.setTable("t", many as never),
      ]),
      ...[[null], [5], [{}]].flatMap((many) => [
        () => dictionary.setImages(-1, many as never),
        () => dictionary.setTable("t", many as never),
      ]),
      () => dictionary.getImage(0, { regoin: {} } as never),
    ];
    for (const call of bad) await expect(call(), String(call)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(dictionary.size).toBe(1);
  });

  it("have attributes that are set without touching their pixels", async () => {
    const dictionary = (await openedStore()).open("images");
    const data = ramp(3 * 2 ** 18 + 5);
    await dictionary.setImage(0, { data, shape: [data.length], header: { kept: "ä" } });
    await dictionary.setAttribute(0, "mykey", 5.5);
    expect(await dictionary.getAttribute(0, "mykey")).toBe(5.5);
    expect(await dictionary.getAttribute(0, "missing")).toBeUndefined();
    await dictionary.setAttributes(0, { list: [1n, 2n], mykey: undefined });
    expect(await dictionary.getAttributes(0, ["kept", "list", "mykey", "nx"])).toEqual({
      kept: "ä",
      list: [1n, 2n],
      nx: data.length,
    });
    expect(await dictionary.getAttributes([0, 1], ["kept"])).toEqual(new Map([[0, { kept: "ä" }]]));
    expect(await dictionary.getAttribute([0, 1], "kept")).toEqual(new Map([[0, "ä"]]));
    expect(await dictionary.getAttribute([0, 1], "missing")).toEqual(new Map());
    await dictionary.setHeader(0, { ...(await dictionary.getHeader(0)), apix_x: 2 });
    expect(await dictionary.getAttribute(0, "apix_x")).toBe(2);
    await dictionary.setHeader(0, (await dictionary.getImage(0))!);
    expect(await dictionary.getAttribute(0, "apix_x")).toBe(2);
    await dictionary.setHeader(0, { data: Float32Array.of(1), gone: undefined });
    expect(Object.keys((await dictionary.getHeader(0))!).slice(0, 2)).toEqual(["data", "nx"]);
    await expect(dictionary.setAttribute(0, "nx", 1)).rejects.toThrow("follows from the pixels");
    await expect(dictionary.setAttribute(7, "x", 1)).rejects.toMatchObject({ code: "NO_SUCH_ENTRY" });
    await expect(dictionary.setHeader(0, null as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(sameBytes((await dictionary.getImage(0))!.data, data)).toBe(true);
  });

  it("are read in parts, where 0 is around them, and written in parts", async () => {
    const dictionary = (await openedStore()).open("images");
    await dictionary.setImage("volume", { data: ramp(2 * 3 * 4), shape: [2, 3, 4], header: { kept: 1 } });
    const part = await dictionary.getImage("volume", { region: { start: [1, -1, 2], shape: [2, 3, 3] } });
    expect([...part!.data]).toEqual([0, 0, 0, 14, 15, 0, 18, 19, 0, ...new Array(9).fill(0)]);
    expect(part!.header).toMatchObject({ kept: 1, nx: 3, maximum: 19 });
    await dictionary.setRegion("volume", [1, 2, 2], { data: Float32Array.of(100, 101), shape: [1, 1, 2] });
    const whole = (await dictionary.getImage("volume"))!;
    expect([...whole.data.slice(20)]).toEqual([20, 21, 100, 101]);
    expect(whole.header).toMatchObject({ kept: 1, maximum: 101 });
    const one = { data: Float32Array.of(1), shape: [1, 1, 1] };
    await expect(dictionary.setRegion("volume", [2, 0, 0], one)).rejects.toThrow("reaches beyond");
    await expect(
      dictionary.setRegion("volume", [0, 0, 0], { data: new Uint8Array(1), shape: [1, 1, 1] }),
    ).rejects.toThrow("uint8");
    await expect(dictionary.setRegion("none", [0, 0, 0], one)).rejects.toMatchObject({ code: "NO_SUCH_ENTRY" });
    await expect(dictionary.getImage("volume", { region: { start: [0], shape: [1] } })).rejects.toThrow(
      "3 whole numbers",
    );
  });

  it("are copies, also of a Buffer", async () => {
    const dictionary = (await openedStore()).open("images");
    const data = Buffer.from([1, 2, 3, 4]);
    const writing = dictionary.setImage(0, { data, shape: [4] });
    data[0] = 99;
    await writing;
    expect((await dictionary.getImage(0))!.data).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  it("of many pieces come back whole, and their parts from the right place", async () => {
    const dictionary = (await openedStore()).open("images");
    const data = Uint32Array.from({ length: 9 * 2 ** 20 }, (_, index) => index);
    await dictionary.setImage(0, { data, shape: [9, 2 ** 20] });
    expect(sameBytes((await dictionary.getImage(0))!.data, data)).toBe(true);
    const { data: part } = (await dictionary.getImage(0, { region: { start: [7, 262_143], shape: [2, 2] } }))!;
    const at = 7 * 2 ** 20 + 262_143;
    expect([...part]).toEqual([at, at + 1, at + 2 ** 20, at + 2 ** 20 + 1]);
    await dictionary.setImage(0, { data: new Uint8Array(1), shape: [1] });
    const store = await openedStore();
    expect(store.names()).toEqual([]);
  });
});

describe("tables of a dictionary", () => {
  const batch = (start: number): ColumnBatch => ({
    fields: [field("id", "Long"), field("name", "String", 8)],
    columns: [
      { kind: "long", values: BigInt64Array.of(2n ** 60n + BigInt(start)) },
      { kind: "string", offsets: Int32Array.of(0, 2), bytes: new TextEncoder().encode("ä") },
    ],
    rowCount: 1,
    rowNumbers: { start, step: 1 },
  });

  it("come back batch by batch, and all at once", async () => {
    const dictionary = (await openedStore()).open("tables");
    const all = [batch(0), batch(1), batch(2)];
    await dictionary.setTable("t", all);
    expect(await collect(dictionary.batches("t"))).toEqual(all);
    expect(await dictionary.get("t")).toEqual(all);
    expect(await collect(dictionary.summaries())).toMatchObject([{ key: "t", kind: "table", rowCount: 3 }]);
    await dictionary.setTable("none", []);
    expect(await collect(dictionary.batches("none"))).toEqual([]);
  });

  it("are not seen before they are whole", async () => {
    const store = await openedStore();
    const dictionary = store.open("tables");
    await dictionary.setTable("t", [batch(0)]);
    const failing = async function* () {
      yield batch(5);
      expect(await collect(dictionary.batches("t"))).toEqual([batch(0)]);
      throw new Error("the server is gone");
    };
    await expect(dictionary.setTable("t", failing())).rejects.toThrow("the server is gone");
    expect(await collect(dictionary.batches("t"))).toEqual([batch(0)]);
    await expect(collect(dictionary.batches("other"))).rejects.toMatchObject({ code: "NO_SUCH_ENTRY" });
  });

  it("may be those of Arrow", async () => {
    const dictionary = (await openedStore()).open("tables");
    await dictionary.set("t", tableFromArrays({ id: BigInt64Array.of(1n, 2n), name: ["a", "ä"] }));
    const table = (await dictionary.get<{ toArray(): { toJSON(): object }[] }>("t"))!;
    expect(table.toArray().map((row) => row.toJSON())).toEqual([
      { id: 1n, name: "a" },
      { id: 2n, name: "ä" },
    ]);
    await expect(dictionary.update("t", () => 1)).rejects.toThrow("cannot be changed in place");
    await dictionary.set("batch", tableFromArrays({ id: [1, 2] }).batches[0]!);
    expect((await dictionary.get<{ numRows: number }>("batch"))!.numRows).toBe(2);
    const other = createRequire(import.meta.url)("apache-arrow") as { tableFromArrays: typeof tableFromArrays };
    await expect(dictionary.set("t", other.tableFromArrays({ id: [1] }))).rejects.toThrow("another copy");
  });
});
