/** Reads of a pixel file: planes, tiles, columns and cubes, none larger than an answer may be. */
import type { FileHandle } from "node:fs/promises";
import { WireError } from "../../errors.js";
import { reusedBuffers } from "../../flow/reused-buffers.js";
import { apiUsage } from "../exceptions.js";
import { type PixelFiles, readExactly } from "./pixel-files.js";
import { type PixelValues, pixelValues } from "./pixels-kinds.js";
import type { PixelsLayout } from "./pixels-layout.js";

/** Part of a plane. */
export interface PlaneRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Five = ArrayLike<number>;

/** Parts of rows, the first of which begins at `start`: how many bytes of each, and how many before them are left out. */
interface RowCut {
  readonly rowSize: number;
  readonly rows: number;
  readonly start: number;
  readonly skip: number;
}

/** Rows of a tile that are read at once, in bytes. */
const STRIP = 8 << 20;

export class PixelSource {
  readonly layout: PixelsLayout;
  readonly id: bigint;
  readonly #files: PixelFiles;
  readonly #sizeMax: number;

  /** @param sizeMax largest answer, in bytes. */
  constructor(files: PixelFiles, id: bigint, layout: PixelsLayout, sizeMax: number) {
    this.#files = files;
    this.id = id;
    this.layout = layout;
    this.#sizeMax = sizeMax;
  }

  /** Bytes of the file as they are. */
  async region(size: number, offset: number, buffer?: Uint8Array): Promise<Uint8Array> {
    const { totalSize } = this.layout;
    if (size < 0 || offset < 0 || offset + size > totalSize) {
      throw apiUsage(`Cannot read ${size} bytes at ${offset} of ${totalSize}`);
    }
    this.#checkSize(size);
    return this.#files.read(this.id, offset, size, buffer);
  }

  async plane(z: number, c: number, t: number): Promise<Uint8Array> {
    return this.region(this.layout.planeSize, this.layout.offset({ z, c, t }));
  }

  /** The numbers of a part of a plane, at once. */
  async values(z: number, c: number, t: number, region: PlaneRegion): Promise<PixelValues> {
    return pixelValues(this.layout.kind, await this.tile(z, c, t, region));
  }

  /** For several reads; to be closed. */
  open(): Promise<FileHandle> {
    return this.#files.openForReading(this.id);
  }

  /**
   * The numbers of a plane, or of a part of it, some rows at a time: a plane may be larger than the memory. They are gone
   * when the next are asked for.
   */
  async *strips(z: number, c: number, t: number, region?: PlaneRegion): AsyncGenerator<PixelValues> {
    const { x, y } = this.layout.sizes;
    const whole = region ?? { x: 0, y: 0, width: x, height: y };
    const height = Math.max(1, Math.floor(STRIP / this.layout.rowSize));
    for (let row = 0; row < whole.height; row += height) {
      const strip = { ...whole, y: whole.y + row, height: Math.min(height, whole.height - row) };
      const tile = await this.tile(z, c, t, strip);
      yield pixelValues(this.layout.kind, tile);
      reusedBuffers.giveBack(tile);
    }
  }

  async tile(z: number, c: number, t: number, region: PlaneRegion): Promise<Uint8Array> {
    this.#checkTile(z, c, t, region);
    const file = await this.open();
    try {
      return await this.tileOf(file, z, c, t, region);
    } finally {
      await file.close();
    }
  }

  /** As {@link tile}, of the file that {@link open} gave. @param buffer where the tile is put, if it is given. */
  async tileOf(
    file: FileHandle,
    z: number,
    c: number,
    t: number,
    region: PlaneRegion,
    buffer?: Uint8Array,
  ): Promise<Uint8Array> {
    this.#checkTile(z, c, t, region);
    const { layout } = this;
    const { x, y, width, height } = region;
    const rowSize = width * layout.kind.width;
    const start = layout.offset({ y, z, c, t });
    const target = (buffer ?? reusedBuffers.take(rowSize * height)).subarray(0, rowSize * height);
    if (width === layout.sizes.x) return readExactly(file, start, target.length, target);
    await this.#cutRows(file, target, { rowSize, rows: height, start, skip: x * layout.kind.width });
    return target;
  }

  #checkTile(z: number, c: number, t: number, { x, y, width, height }: PlaneRegion): void {
    const { layout } = this;
    layout.check({ x, y, z, c, t });
    layout.check({ x: x + width - 1, y: y + height - 1 });
    this.#checkSize(width * layout.kind.width * height);
  }

  /** One column of a plane, top to bottom. */
  async column(x: number, z: number, c: number, t: number): Promise<Uint8Array> {
    return this.tile(z, c, t, { x, y: 0, width: 1, height: this.layout.sizes.y });
  }

  async #cutRows(file: FileHandle, target: Uint8Array, cut: RowCut): Promise<void> {
    const whole = this.layout.rowSize;
    const rowsAtOnce = Math.max(1, Math.floor(STRIP / whole));
    for (let row = 0; row < cut.rows; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, cut.rows - row);
      const strip = await readExactly(file, cut.start + row * whole, count * whole);
      for (let index = 0; index < count; index++) {
        const from = index * whole + cut.skip;
        target.set(strip.subarray(from, from + cut.rowSize), (row + index) * cut.rowSize);
      }
      reusedBuffers.giveBack(strip);
    }
  }

  /** Every `step`-th pixel of a box; offset, size and step in the order X, Y, Z, C, T. */
  async hypercube(offset: Five, size: Five, step: Five): Promise<Uint8Array> {
    this.#checkCube(offset, size, step);
    const counts = Array.from({ length: 5 }, (_, axis) => Math.ceil(size[axis]! / step[axis]!));
    const [columns, rows] = [counts[0]!, counts[1]!];
    const { width } = this.layout.kind;
    const total = counts.reduce((product, count) => product * count, width);
    this.#checkSize(total);
    const { x, y } = this.layout.sizes;
    if (columns === x && rows === y && step[2] === 1) return this.#stacks(offset, counts, step);
    const result = new Uint8Array(total);
    const box = { x: offset[0]!, y: offset[1]!, width: size[0]!, height: size[1]! };
    let at = 0;
    for (const [z, c, t] of planesOf(offset, size, step)) {
      const tile = await this.tile(z, c, t, box);
      for (let row = 0; row < rows; row++, at += columns * width) {
        const line = tile.subarray(row * step[1]! * size[0]! * width, (row * step[1]! + 1) * size[0]! * width);
        result.set(step[0] === 1 ? line : everyNth(line, step[0]!, width), at);
      }
    }
    return result;
  }

  /** Whole planes of neighbouring sections, which lie one behind the other in the file. */
  async #stacks(offset: Five, counts: readonly number[], step: Five): Promise<Uint8Array> {
    const size = counts[2]! * this.layout.planeSize;
    const stacks: Uint8Array[] = [];
    for (let t = 0; t < counts[4]!; t++) {
      for (let c = 0; c < counts[3]!; c++) {
        const place = { z: offset[2]!, c: offset[3]! + c * step[3]!, t: offset[4]! + t * step[4]! };
        stacks.push(await this.region(size, this.layout.offset(place)));
      }
    }
    return stacks.length === 1 ? stacks[0]! : Buffer.concat(stacks);
  }

  #checkCube(...lists: Five[]): void {
    const [offset, size, step] = lists as [Five, Five, Five];
    if (lists.some((list) => list.length !== 5))
      throw apiUsage("Offset, size and step are five numbers each: X, Y, Z, C, T");
    if (Array.from(size).some((count) => count < 1) || Array.from(step).some((stride) => stride < 1)) {
      throw apiUsage("Invalid size or step: they must be greater than 0");
    }
    const [x, y, z, c, t] = Array.from(offset) as [number, number, number, number, number];
    const last = Array.from(offset, (start, axis) => start + size[axis]! - 1) as typeof offset & number[];
    this.layout.check({ x, y, z, c, t });
    this.layout.check({ x: last[0]!, y: last[1]!, z: last[2]!, c: last[3]!, t: last[4]! });
  }

  /** @throws WireError `LIMIT_EXCEEDED` for more than an answer can hold. */
  #checkSize(size: number): void {
    if (size <= this.#sizeMax) return;
    const text = `an answer of ${size} bytes exceeds the limit of ${this.#sizeMax}`;
    throw new WireError("LIMIT_EXCEEDED", `::Ice::MemoryLimitException: ${text}`);
  }
}

/** Every n-th element of some bytes. */
function everyNth(bytes: Uint8Array, step: number, width: number): Uint8Array {
  const chosen = new Uint8Array(Math.ceil(bytes.length / (step * width)) * width);
  for (let from = 0, to = 0; from < bytes.length; from += step * width, to += width) {
    for (let byte = 0; byte < width; byte++) chosen[to + byte] = bytes[from + byte]!;
  }
  return chosen;
}

function* planesOf(offset: Five, size: Five, step: Five): Generator<[number, number, number]> {
  for (let t = offset[4]!; t < offset[4]! + size[4]!; t += step[4]!) {
    for (let c = offset[3]!; c < offset[3]! + size[3]!; c += step[3]!) {
      for (let z = offset[2]!; z < offset[2]! + size[2]!; z += step[2]!) yield [z, c, t];
    }
  }
}
