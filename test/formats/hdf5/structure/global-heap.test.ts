import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FileSpace } from "../../../../src/formats/hdf5/structure/file-space.js";
import {
  type ByteSequences,
  GlobalHeap,
  HEAP_REFERENCE_SIZE,
  storeSequences,
} from "../../../../src/formats/hdf5/structure/global-heap.js";
import { Hdf5File } from "../../../../src/formats/hdf5/structure/local-file.js";
import { temporaryDirectory } from "../stored-tables.js";

/** A few bytes, or thousands. */
const sequence = fc.oneof(
  fc.uint8Array({ maxLength: 50 }),
  fc.integer({ min: 2000, max: 9000 }).map((length) => new Uint8Array(length).fill(length)),
);

function packed(parts: readonly Uint8Array[]): ByteSequences {
  const offsets = new Int32Array(parts.length + 1);
  for (const [index, part] of parts.entries()) offsets[index + 1] = offsets[index]! + part.length;
  return { offsets, bytes: Uint8Array.from(Buffer.concat(parts)) };
}

function expectEqual(found: ByteSequences, expected: ByteSequences): void {
  expect(Buffer.compare(found.bytes, expected.bytes)).toBe(0);
  const bytesOf = ({ offsets }: ByteSequences) => Buffer.from(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  expect(Buffer.compare(bytesOf(found), bytesOf(expected))).toBe(0);
}

describe("a global heap", () => {
  it("gives back sequences of any length, in any order", async () => {
    const directory = temporaryDirectory();
    let number = 0;
    const sequences = fc.array(sequence, { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sequences, async (parts) => {
        const file = await Hdf5File.open(join(directory, `${number++}`), "create");
        const space = new FileSpace(96);
        const references = await storeSequences(file, space, packed(parts));
        await file.extend(space.end);
        const heap = new GlobalHeap(file);
        expectEqual(await heap.resolve(references, "masks"), packed(parts));
        const last = references.subarray(Math.max(0, references.length - HEAP_REFERENCE_SIZE));
        expectEqual(await heap.resolve(last, "masks"), packed(parts.slice(-1)));
        await file.close();
      }),
      { numRuns: 30 },
    );
  });

  it("spreads what is too much for one collection, by bytes and by number", async () => {
    const file = await Hdf5File.open(join(temporaryDirectory(), "heap"), "create");
    const space = new FileSpace(96);
    const many = packed([
      ...Array.from({ length: 70_000 }, (_, index) => Uint8Array.of(index)),
      new Uint8Array(3 << 20).fill(7),
    ]);
    const references = await storeSequences(file, space, many);
    await file.extend(space.end);
    const found = await new GlobalHeap(file).resolve(references, "masks");
    expectEqual(found, many);
    await file.close();
  });

  it("takes references to nothing, and refuses ones to what is not there", async () => {
    const file = await Hdf5File.open(join(temporaryDirectory(), "heap"), "create");
    const references = await storeSequences(file, new FileSpace(96), packed([Uint8Array.of(1, 2, 3)]));
    const heap = new GlobalHeap(file);
    expect((await heap.resolve(new Uint8Array(HEAP_REFERENCE_SIZE), "masks")).bytes).toHaveLength(0);
    const wrongIndex = references.slice();
    wrongIndex[12] = 9;
    const tooLong = references.slice();
    tooLong[0] = 200;
    const outside = references.slice();
    outside[7] = 1;
    for (const wrong of [wrongIndex, tooLong, outside]) {
      await expect(heap.resolve(wrong, "masks")).rejects.toMatchObject({ code: "MALFORMED_FILE" });
    }
    await file.close();
  });
});
