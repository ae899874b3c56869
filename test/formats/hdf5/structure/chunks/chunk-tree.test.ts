import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChunkPlace, readChunkTree } from "../../../../../src/formats/hdf5/structure/chunks/chunk-tree.js";
import { ChunkTreeWriter } from "../../../../../src/formats/hdf5/structure/chunks/chunk-tree-writer.js";
import { FileSpace } from "../../../../../src/formats/hdf5/structure/file-space.js";
import { Hdf5File } from "../../../../../src/formats/hdf5/structure/local-file.js";
import { temporaryDirectory } from "../../stored-tables.js";

const SHAPE = { length: 3, valueSize: 8 };
const CHUNK_BYTES = 24;

async function newFile(): Promise<Hdf5File> {
  return Hdf5File.open(join(temporaryDirectory(), `${Math.random()}.bin`), "create");
}

const plain = (address: number): ChunkPlace => ({ address, storedBytes: CHUNK_BYTES, skipped: 0 });

describe("a chunk tree", () => {
  it("of any width gives the chunks added, in any portions, also after it was read again", async () => {
    const cases = fc.record({
      width: fc.integer({ min: 1, max: 4 }),
      portions: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 8 }),
      rereads: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ width, portions, rereads }) => {
        const file = await newFile();
        const space = new FileSpace(96);
        const chunks: ChunkPlace[] = [];
        let writer = new ChunkTreeWriter({ chunks: [], leaves: [], lastNodes: [] }, width, SHAPE);
        for (const [turn, count] of portions.entries()) {
          for (let index = 0; index < count; index++) {
            chunks.push(plain(space.allocate(CHUNK_BYTES)));
            writer.add(chunks.at(-1)!, space);
          }
          await writer.writeFresh(file);
          await file.extend(space.end);
          await writer.writeChanged(file);
          const tree = await readChunkTree(file, writer.rootAddress, width, SHAPE, "a list");
          expect(tree.chunks).toEqual(chunks);
          if (rereads[turn]) writer = new ChunkTreeWriter(tree, width, SHAPE);
        }
        await file.close();
      }),
      { numRuns: 60 },
    );
  });

  it("of filtered chunks keeps their sizes and masks, and where they moved", async () => {
    const shape = { ...SHAPE, filtered: true };
    const file = await newFile();
    const space = new FileSpace(96);
    const chunks = Array.from({ length: 23 }, (_, index) => {
      const storedBytes = 5 + index;
      return { address: space.allocate(storedBytes), storedBytes, skipped: index % 4 };
    });
    const writer = new ChunkTreeWriter({ chunks: [], leaves: [], lastNodes: [] }, 2, shape);
    for (const chunk of chunks) writer.add(chunk, space);
    await writer.writeFresh(file);
    await file.extend(space.end);
    await writer.writeChanged(file);
    const tree = await readChunkTree(file, writer.rootAddress, 2, shape, "a list");
    expect(tree.chunks).toEqual(chunks);
    const again = new ChunkTreeWriter(tree, 2, shape);
    for (const number of [0, 9, 22]) {
      chunks[number] = { address: space.allocate(CHUNK_BYTES), storedBytes: CHUNK_BYTES, skipped: 15 };
      again.move(number, chunks[number]!);
    }
    await file.extend(space.end);
    await again.writeChanged(file);
    expect((await readChunkTree(file, again.rootAddress, 2, shape, "a list")).chunks).toEqual(chunks);
    await file.close();
  });

  it("damaged in any byte is malformed, or gives as many chunks", async () => {
    const file = await newFile();
    const space = new FileSpace(96);
    const writer = new ChunkTreeWriter({ chunks: [], leaves: [], lastNodes: [] }, 2, SHAPE);
    const treeStart = space.end + 40 * CHUNK_BYTES;
    const chunks = Array.from({ length: 40 }, () => space.allocate(CHUNK_BYTES));
    for (const chunk of chunks) writer.add(plain(chunk), space);
    await writer.writeFresh(file);
    await file.extend(space.end);
    const { bytes } = await file.fields(treeStart, space.end - treeStart, "the tree");
    const outcomes = new Set<string>();
    for (let at = 0; at < bytes.length; at += 3) {
      await file.write(Uint8Array.of(bytes[at]! ^ 0x41), treeStart + at);
      const outcome = await readChunkTree(file, writer.rootAddress, 2, SHAPE, "a list").then(
        ({ chunks: found }) => `${found.length} chunks`,
        (error) => error.code ?? error.name,
      );
      outcomes.add(outcome);
      await file.write(Uint8Array.of(bytes[at]!), treeStart + at);
    }
    await file.close();
    expect([...outcomes].sort()).toEqual(["40 chunks", "MALFORMED_FILE"]);
  });
});
