import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkGlobalHeaps } from "../../../../src/formats/hdf5/format/heap-check.js";
import { fixtureBytes, fixtureFile, openThroughLibrary, temporaryDirectory } from "../stored-tables.js";

/** The fixture with every type, and where its heap's free space begins. */
function heap(): { bytes: Buffer; free: number } {
  const bytes = Buffer.from(fixtureBytes("every-type"));
  let free = bytes.indexOf("GCOL") + 16;
  while (bytes.readUInt16LE(free) !== 0) free += 16 + 8 * Math.ceil(Number(bytes.readBigUInt64LE(free + 8)) / 8);
  return { bytes, free };
}

it.each(["every-type", "two-masks", "no-rows", "compressed"])("takes the heaps of %s", async (name) => {
  await checkGlobalHeaps(fixtureFile(name));
});

it.each([0n, 8n, 15n])("refuses free space of %d bytes, which the library would go over for ever", async (size) => {
  const { bytes, free } = heap();
  bytes.writeBigUInt64LE(size, free + 8);
  const path = join(temporaryDirectory(), "heap.h5");
  writeFileSync(path, bytes);
  await expect(checkGlobalHeaps(path)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  await expect(openThroughLibrary(path)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
});
