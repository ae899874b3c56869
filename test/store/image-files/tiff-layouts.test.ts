/** Layouts of TIFF as other programs write them: the files were made by tifffile, 9 rows of 21 pixels. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readImage, readImages, writeImage, writeImages } from "../../../src/store/image-files/image-files.js";
import { pixelType } from "../../../src/store/images/pixels.js";
import { temporaryFolder } from "../support.js";
import files from "./tiff-files.json" with { type: "json" };

const ROWS = 9;
const COLUMNS = 21;
const BITS: Record<string, number> = { uint8: 8, uint16: 16, uint32: 32, uint64: 64 };

function expected(name: string): (number | bigint)[] {
  const values = Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
    return name === "bits" ? ((row + column) % 3 === 0 ? 255 : 0) : (column * 7 + row * 31) % 97;
  });
  const type = name.split(" ")[0]!;
  if (name.includes("a plane each")) {
    // Numbers of the second and third plane are 50 and 100 more, modulo 97.
    return values.map((value) => Math.fround((value + ((value + 50) % 97) + ((value + 3) % 97)) / 3));
  }
  if (type === "int64") return values.map((value) => BigInt(value - 40));
  if (type === "uint64") return values.map((value) => BigInt(value) * (2n ** 56n - 3n));
  if (type.startsWith("int")) return values.map((value) => value - 40);
  if (type.startsWith("float")) return values.map((value) => (value - 40) / 4);
  const bits = BITS[type] ?? 8;
  return bits === 8 ? values : values.map((value) => value * (2 ** (bits - 8) - 3));
}

async function tiffOf(content: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), "page.tif");
  await writeFile(path, content);
  return path;
}

describe("a TIFF", () => {
  it.each(Object.entries(files))("%s is read", async (name, content) => {
    const { data, shape } = await readImage(await tiffOf(Buffer.from(content, "base64")));
    expect(shape).toEqual([ROWS, COLUMNS]);
    expect([...data]).toEqual(expected(name));
    const type = { bits: "uint8", float16: "float32" }[name.split(" ")[0]!] ?? name.split(" ")[0];
    expect(pixelType(data)).toBe(name.includes("colours") ? "float32" : type);
  });

  it.each(Object.entries(files))("%s that was cut or changed is refused, or other pixels", async (_, content) => {
    const whole = Buffer.from(content, "base64");
    const path = await tiffOf(whole);
    for (let step = 0; step < 40; step++) {
      const damaged = Buffer.from(whole);
      const at = Math.floor((step * whole.length) / 40);
      damaged[at] = damaged[at]! ^ 0xff;
      await writeFile(path, step % 2 === 0 ? whole.subarray(0, at) : damaged);
      const read = await readImage(path).catch((error) => error);
      if (read instanceof Error)
        expect(["MALFORMED_FILE", "UNSUPPORTED_TYPE"]).toContain((read as { code?: string }).code);
      else expect(read.data).toHaveLength(read.shape[0] * read.shape[1]);
    }
  });

  it.each([
    "uint8 colours, a plane each",
    "uint16 big-endian, LZW, differences",
    "float64 BigTIFF, big-endian, strips",
  ] as const)("%s takes pages, and keeps those it has", async (name) => {
    const content = Buffer.from(files[name], "base64");
    const path = await tiffOf(content);
    const before = await readImage(path);
    const page = { data: Uint16Array.of(1, 2, 65_535), shape: [1, 3] };
    expect(await writeImages(path, [page, page], -1)).toBe(1);
    expect(await writeImage(path, { data: Float32Array.of(0.5), shape: [1, 1] }, 1)).toBe(1);
    const [first, second, third] = await readImages(path);
    expect(first).toEqual(before);
    expect([second!.data, third!.data]).toEqual([Float32Array.of(0.5), page.data]);
    const changed = (await readFile(path)).subarray(0, content.length).filter((byte, at) => byte !== content[at]);
    expect(changed.length).toBeLessThanOrEqual(8); // where the next directory is
  });

  it("with a palette has the colours' means", async () => {
    const path = join(await temporaryFolder(), "p.tif");
    await writeImage(path, { data: Uint8Array.of(0, 1, 255), shape: [1, 3] });
    const bytes = await readFile(path);
    const palette = Buffer.alloc(768 * 2);
    for (const [at, value] of [10, 20, 30].entries()) palette.writeUInt16LE(value << 8, (at * 256 + 1) * 2); // of index 1
    const entries = bytes.readUInt32LE(4);
    bytes.writeUInt16LE(3, bytes.indexOf(Buffer.of(6, 1, 3, 0), entries) + 8);
    // The tag of the strips' height, of which there is one, becomes that of the palette.
    const entry = bytes.indexOf(Buffer.of(0x53, 1, 3, 0), entries);
    bytes.writeUInt16LE(320, entry);
    bytes.writeUInt32LE(768, entry + 4);
    bytes.writeUInt32LE(bytes.length, entry + 8);
    await writeFile(path, Buffer.concat([bytes, palette]));
    expect([...(await readImage(path)).data]).toEqual([0, 20, 0]);
    bytes.writeUInt16LE(5, bytes.indexOf(Buffer.of(6, 1, 3, 0), entries) + 8);
    await writeFile(path, Buffer.concat([bytes, palette]));
    await expect(readImage(path)).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
      message: expect.stringContaining("CMYK"),
    });
  });

  it("may have the lowest bit of a byte first", async () => {
    const path = join(await temporaryFolder(), "f.tif");
    await writeImage(path, { data: Uint8Array.of(0b1000_0000, 0b0000_0110), shape: [1, 2] });
    const bytes = await readFile(path);
    // The tag of the samples a pixel, of which there is one, becomes that of the order.
    const entry = bytes.indexOf(Buffer.of(0x15, 1, 3, 0), bytes.readUInt32LE(4));
    bytes.writeUInt16LE(266, entry);
    bytes.writeUInt16LE(2, entry + 8);
    await writeFile(path, bytes);
    expect((await readImage(path)).data).toEqual(Uint8Array.of(1, 0b0110_0000));
  });

  it("of no samples is refused", async () => {
    const bytes = Buffer.from(files["int64 BigTIFF, Deflate"], "base64");
    bytes.writeUInt16LE(0, bytes.indexOf(Buffer.of(0x15, 1, 3, 0)) + 12);
    await expect(readImage(await tiffOf(bytes))).rejects.toThrow("its size is impossible");
  });

  it("compressed in another way is refused, saying what is read", async () => {
    const bytes = Buffer.from(files["uint8 LZW"], "base64");
    const entry = bytes.indexOf(Buffer.of(3, 1, 3, 0)); // the tag of compression
    bytes.writeUInt16LE(50_000, entry + 8);
    const path = await tiffOf(bytes);
    await expect(readImage(path)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE", path });
    expect((await readFile(path)).length).toBe(bytes.length);
  });
});
