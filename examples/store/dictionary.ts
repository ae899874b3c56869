/**
 * A database as a dictionary: the examples of EMAN2's guide to its databases, with what comes of them.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageCount, openStore, readImage, readImages, type StoredImage, writeImage } from "omero2frame/store";

const folder = await mkdtemp(join(tmpdir(), "store-example-"));
const testImage = () => ({ data: Float32Array.from({ length: 64 * 64 }, (_, index) => index % 64), shape: [64, 64] });

/** Of the first row, without its first pixel. */
async function brightest(path: string): Promise<number> {
  const { data } = await readImage(path);
  return Math.max(...Array.from(data.subarray(1, 64), Number));
}

// Image files: append, read one, read many, count.
const stack = join(folder, "test.hdf");
for (let n = 0; n < 6; n++) await writeImage(stack, { ...testImage(), header: { serial: n } }, -1);
assert.equal((await readImage(stack, 5)).header.serial, 5);
assert.equal(await writeImage(join(folder, "test2.hdf"), await readImage(stack, 5), -1), 0);
assert.equal((await readImages(stack, [0, 1, 2])).length, 3);
assert.equal(await imageCount(stack), 6);

// A picture: between limits without outliers, or between those given.
const image = testImage();
image.data[0] = 100_000;
await writeImage(join(folder, "a.png"), image);
const spread = await brightest(join(folder, "a.png"));
await writeImage(join(folder, "a.png"), { ...image, header: { render_min: 0, render_max: 100_000 } });
const flat = await brightest(join(folder, "a.png"));
assert.ok(spread > flat && flat === 0);

await using store = await openStore(join(folder, "project.store"));
const testdb = store.open("test");

await testdb.set(0, testImage());
assert.deepEqual((await testdb.get<StoredImage>(0))!.shape, [64, 64]);

// An attribute is set and read without the pixels.
await testdb.setAttribute(0, "mykey", 5.5);
assert.equal(await testdb.getAttribute(0, "mykey"), 5.5);

// Keys may be texts, values anything, and images of other sizes.
await testdb.set("testimg", { data: new Uint8Array(6), shape: [2, 3] });
await testdb.set("alist", [1, 2, 3, 4, 5]);
assert.deepEqual(await testdb.get("alist"), [1, 2, 3, 4, 5]);

// The same by way of the image.
const whole = (await testdb.getImage(0))!;
await testdb.setImage(3, { ...whole, header: { ...whole.header, mykey: 6.5 } });
assert.equal(await testdb.getAttribute(3, "mykey"), 6.5);
assert.equal(testdb.imageCount, 4);

// Changing what was read changes nothing in the store, until it is written again.
await testdb.setMany([
  [1, ["a", "b", "c"]],
  [2, 3],
]);
const read = [...(await testdb.get<string[]>(1))!];
read[1] = "c";
assert.deepEqual(await testdb.get(1), ["a", "b", "c"]);
await testdb.set(1, read);
assert.deepEqual(await testdb.get(1), ["a", "c", "c"]);

// The whole header, read and written.
await testdb.set(2, testImage());
const header = (await testdb.getHeader(2))!;
assert.equal(header.maximum, 63);
await testdb.setHeader(2, { ...header, apix_x: 2 });
assert.equal(await testdb.getAttribute(2, "apix_x"), 2);

console.log(`${testdb.size} entries, ${testdb.imageCount} numbers: ${store.names().join(", ")}`);
await store.close();
await rm(folder, { recursive: true });
