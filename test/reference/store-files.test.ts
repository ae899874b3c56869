/** Image files of the store and those of h5py and mrcfile, both ways. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { imageCount, readImage, readImages, writeImage, writeImages } from "../../src/store/image-files/image-files.js";

const ENVIRONMENT = process.env.OMERO2FRAME_REFERENCE ?? fileURLToPath(new URL("../../.reference", import.meta.url));
const PYTHON = join(ENVIRONMENT, "bin", "python");
const PROGRAM = fileURLToPath(new URL("store_files.py", import.meta.url));
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "store-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function python(what: "check" | "make"): Promise<string> {
  return (await promisify(execFile)(PYTHON, [PROGRAM, what, folder])).stdout;
}

it("h5py and mrcfile read what is written here, by the rules of EMAN2 and of MRC2014", async () => {
  const data = Float32Array.from({ length: 24 }, (_, index) => index / 2);
  const header = {
    apix_x: 1.5,
    label: "Zelle ä",
    on: true,
    off: false,
    numbers: [1, 2, 3],
    fractions: [0.5, 1.5],
    whole: 7,
  };
  const volume = { data, shape: [2, 3, 4], header };
  const plane = {
    data: Uint16Array.from(data.subarray(0, 12)),
    shape: [3, 4],
    header: { apix_x: 2, apix_y: 2, apix_z: 2 },
  };
  await writeImages(join(folder, "a.hdf"), [volume, plane]);
  await writeImage(join(folder, "a.hdf"), volume, -1, { renderBits: 8, renderMin: 0, renderMax: 12.75 });
  await writeImage(join(folder, "b.mrc"), { ...volume, header: { apix_x: 1, apix_y: 2, apix_z: 3 } });
  for (let n = 0; n < 3; n++) {
    // Different ones: statistics of the first would be wrong for all.
    await writeImage(join(folder, "c.mrcs"), { ...plane, data: plane.data.map((value) => value * (n + 1)) }, -1);
    await writeImage(join(folder, "d.mrcs"), { ...volume, data: data.map((value) => value - n) }, -1);
  }
  await writeImage(join(folder, "e.mrc"), plane);
  // The others stay as they were written where one is replaced.
  await writeImages(join(folder, "f.hdf"), [volume, volume], 0, { renderBits: 12, renderMin: 0, renderMax: 12.75 });
  await writeImage(join(folder, "f.hdf"), plane, 1);
  const found = JSON.parse(await python("check"));
  expect(found["a.hdf"][0]).toMatchObject({ type: "float32", shape: [2, 3, 4], sum: 138, chunks: null });
  expect(found["a.hdf"][0].attributes).toMatchObject({
    apix_x: [1.5],
    label: "Zelle ä",
    on: [84],
    off: [70],
    numbers: [1, 2, 3],
    fractions: [0.5, 1.5],
    whole: [7],
    datatype: [7],
    is_complex: [0],
    maximum: [11.5],
  });
  expect(found["a.hdf"][1]).toMatchObject({ type: "uint16", shape: [3, 4], sum: 30 });
  expect(found["a.hdf"][2]).toMatchObject({ type: "uint8", chunks: [1, 3, 4], sum: 24 * 115 });
  expect(found["a.hdf"][2].attributes).toMatchObject({ stored_renderbits: [8], stored_rendermax: [12.75] });
  expect(found["b.mrc"]).toEqual({
    type: "float32",
    shape: [2, 3, 4],
    sum: 138,
    stack: false,
    voxel: [1, 2, 3],
    valid: true,
  });
  expect(found["c.mrcs"]).toEqual({
    type: "uint16",
    shape: [3, 3, 4],
    sum: 180,
    stack: true,
    voxel: [2, 2, 2],
    valid: true,
  });
  expect(found["d.mrcs"]).toMatchObject({ shape: [3, 2, 3, 4], sum: 3 * 138 - 24 - 48, valid: true });
  expect(found["e.mrc"]).toMatchObject({ shape: [3, 4], voxel: [2, 2, 2], valid: true });
  expect(found["f.hdf"][0]).toMatchObject({
    type: "uint16",
    chunks: [1, 3, 4],
    attributes: { stored_renderbits: [12] },
  });
  expect(found["f.hdf"][1]).toMatchObject({ type: "uint16", chunks: null, sum: 30 });
});

it("what h5py and mrcfile write is read here", async () => {
  await python("make");
  const stack = join(folder, "peer.hdf");
  expect(await imageCount(stack)).toBe(2);
  const { data, shape, header } = await readImage(stack, 1);
  expect([...data.slice(0, 3)]).toEqual([1, 2, 3]);
  expect(shape).toEqual([3, 4]);
  expect(header).toMatchObject({ apix_x: 1.5, label: "Zelle ä", on: true, numbers: [1, 2, 3] });
  const [unusual, unpacked] = await readImages(join(folder, "unusual.hdf"));
  expect([...unusual!.data]).toEqual(Array.from({ length: 12 }, (_, index) => index));
  expect(unusual!.header).toMatchObject({
    truth: true,
    text: "Ä €",
    big: 2n ** 60n + 1n,
    swapped: [1.5, 2.5],
    TiltAngle: 30,
  });
  expect(unpacked!.data).toEqual(Float32Array.of(-1, 0, 1, 2));
  const [old] = await readImages(join(folder, "eman1.hdf"));
  expect([old!.shape, old!.header.apix_x, old!.data[11]]).toEqual([[3, 4], 1.5, 11]);
  expect(await imageCount(join(folder, "stack.mrcs"))).toBe(2);
  expect(await readImage(join(folder, "stack.mrcs"), 1)).toMatchObject({
    data: Int16Array.from({ length: 12 }, (_, index) => 12 + index),
    header: { apix_x: 2.5 },
  });
  const volume = await readImage(join(folder, "volume.mrc"));
  expect([volume.shape, volume.header.apix_z, volume.data[23]]).toEqual([[2, 3, 4], 3, 23]);
  expect([...(await readImage(join(folder, "half.mrc"))).data]).toEqual([0.5, -2, 1.0132789611816406e-6, 65_504]);
  expect(await imageCount(join(folder, "volumes.mrc"))).toBe(2);
  expect((await readImage(join(folder, "volumes.mrc"), 1)).data[0]).toBe(24);
});
