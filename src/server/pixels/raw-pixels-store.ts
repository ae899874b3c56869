/** `omero::api::RawPixelsStore`: the bytes of Pixels. */

import type { PlaneDef } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage, internal, resourceError, validation } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import { StatefulServant } from "../services/stateful-servant.js";
import { planeHistogram, planeRange } from "./channel-range.js";
import { PixelSource } from "./pixel-source.js";
import { PixelWriter } from "./pixel-writer.js";
import { readPixels, type StoredPixels } from "./stored-pixels.js";

const NOT_INITIALIZED =
  "This RawPixelsStore has not been properly initialized.\n" +
  "Please set the pixels id before executing any other methods.\n";

type Numbers = ArrayLike<number>;

interface OpenPixels {
  readonly pixels: StoredPixels;
  readonly source: PixelSource;
  readonly writer: PixelWriter;
}

export class RawPixelsStore extends StatefulServant {
  #open: OpenPixels | undefined;

  /** The file is made, and can be written by this store alone, where there is none yet. */
  async setPixelsId(id: bigint, _bypassOriginalFile: boolean, current: Current): Promise<void> {
    if (this.#open?.pixels.id === id) return;
    await this.release();
    const access = this.context.access(current);
    const pixels = readPixels(this.context.world, access, id);
    if (!pixels) throw validation(`Cannot read pixels id=${id}`);
    const source = new PixelSource(this.#files, id, pixels.layout, this.context.messageSizeMax);
    const canMake = access.rights(pixels.object).edit;
    const isNew = canMake && (await this.#files.create(id, pixels.layout.totalSize));
    if (!canMake && !(await this.#files.exists(id))) throw resourceError(`There are no pixels for id=${id} yet`);
    const file = isNew ? this.#files.openForWriting(id) : undefined;
    this.#open = { pixels, source, writer: new PixelWriter(this.context.world, pixels, file) };
  }

  async prepare(): Promise<void> {}

  getPixelsId(): bigint {
    return this.#opened.pixels.id;
  }

  getPixelsPath(): string {
    return `Pixels/${this.#opened.pixels.id}`;
  }

  getPlaneSize(): bigint {
    return BigInt(this.#layout.planeSize);
  }

  getRowSize(): number {
    return this.#layout.rowSize;
  }

  getStackSize(): bigint {
    return BigInt(this.#layout.stackSize);
  }

  getTimepointSize(): bigint {
    return BigInt(this.#layout.timepointSize);
  }

  getTotalSize(): bigint {
    return BigInt(this.#layout.totalSize);
  }

  getRowOffset(y: number, z: number, c: number, t: number): bigint {
    return BigInt(this.#layout.offset({ y, z, c, t }));
  }

  getPlaneOffset(z: number, c: number, t: number): bigint {
    return BigInt(this.#layout.offset({ z, c, t }));
  }

  getStackOffset(c: number, t: number): bigint {
    return BigInt(this.#layout.offset({ c, t }));
  }

  getTimepointOffset(t: number): bigint {
    return BigInt(this.#layout.offset({ t }));
  }

  getByteWidth(): number {
    return this.#layout.kind.width;
  }

  isSigned(): boolean {
    return this.#layout.kind.isSigned;
  }

  isFloat(): boolean {
    return this.#layout.kind.isFloat;
  }

  requiresPixelsPyramid(): boolean {
    return this.#layout.requiresPyramid;
  }

  getResolutionLevels(): number {
    return this.#opened ? 1 : 0;
  }

  getResolutionLevel(): number {
    return this.#opened ? 0 : -1;
  }

  getResolutionDescriptions() {
    const { x: sizeX, y: sizeY } = this.#layout.sizes;
    return [{ iceId: "::omero::api::ResolutionDescription", sizeX, sizeY }];
  }

  setResolutionLevel(): never {
    const reason = "Cannot set resolution levels on a ROMIO pixel buffer.";
    throw internal(this.#opened && ` Wrapped Exception: (java.lang.UnsupportedOperationException):\n${reason}`);
  }

  getTileSize(): Int32Array {
    return Int32Array.from(this.#layout.tileSize);
  }

  async getTile(z: number, c: number, t: number, x: number, y: number, w: number, h: number): Promise<Uint8Array> {
    return this.#opened.source.tile(z, c, t, { x, y, width: w, height: h });
  }

  async getHypercube(offset: Numbers, size: Numbers, step: Numbers): Promise<Uint8Array> {
    return this.#opened.source.hypercube(offset, size, step);
  }

  async getRegion(size: number, offset: bigint): Promise<Uint8Array> {
    return this.#opened.source.region(size, Number(offset));
  }

  async getRow(y: number, z: number, c: number, t: number): Promise<Uint8Array> {
    return this.#opened.source.region(this.#layout.rowSize, this.#layout.offset({ y, z, c, t }));
  }

  async getCol(x: number, z: number, c: number, t: number): Promise<Uint8Array> {
    return this.#opened.source.column(x, z, c, t);
  }

  async getPlane(z: number, c: number, t: number): Promise<Uint8Array> {
    return this.#opened.source.plane(z, c, t);
  }

  /** So many pixels of a plane, from a pixel on. */
  async getPlaneRegion(z: number, c: number, t: number, size: number, offset: number): Promise<Uint8Array> {
    const { planeSize, kind } = this.#layout;
    if (size < 0 || offset < 0 || (offset + size) * kind.width > planeSize) {
      throw apiUsage(`Cannot read ${size} pixels at ${offset} of a plane of ${planeSize / kind.width}`);
    }
    return this.#opened.source.region(size * kind.width, this.#layout.offset({ z, c, t }) + offset * kind.width);
  }

  async getStack(c: number, t: number): Promise<Uint8Array> {
    return this.#opened.source.region(this.#layout.stackSize, this.#layout.offset({ c, t }));
  }

  async getTimepoint(t: number): Promise<Uint8Array> {
    return this.#opened.source.region(this.#layout.timepointSize, this.#layout.offset({ t }));
  }

  /** Whole rows only. */
  async setTile(bytes: Uint8Array, z: number, c: number, t: number, x: number, y: number, w: number, h: number) {
    const { writer } = this.#writable;
    if (x !== 0 || w !== this.#layout.sizes.x) {
      throw internal("ROMIO pixel buffer only supports full row writes.");
    }
    this.#layout.check({ y: y + h - 1 });
    await writer.write(this.#layout.offset({ y, z, c, t }), bytes, this.#layout.rowSize * h);
  }

  async setRegion(size: number, offset: bigint, bytes: Uint8Array): Promise<void> {
    const { writer } = this.#writable;
    if (size < 0 || offset < 0n || Number(offset) + size > this.#layout.totalSize || size > bytes.length) {
      throw apiUsage(`Cannot write ${size} bytes at ${offset} of ${this.#layout.totalSize}`);
    }
    await writer.write(Number(offset), bytes.subarray(0, size), size);
  }

  async setRow(bytes: Uint8Array, y: number, z: number, c: number, t: number): Promise<void> {
    await this.#writable.writer.write(this.#layout.offset({ y, z, c, t }), bytes, this.#layout.rowSize);
  }

  async setPlane(bytes: Uint8Array, z: number, c: number, t: number): Promise<void> {
    await this.#writable.writer.write(this.#layout.offset({ z, c, t }), bytes, this.#layout.planeSize);
  }

  async setStack(bytes: Uint8Array, _z: number, c: number, t: number): Promise<void> {
    await this.#writable.writer.write(this.#layout.offset({ c, t }), bytes, this.#layout.stackSize);
  }

  async setTimepoint(bytes: Uint8Array, t: number): Promise<void> {
    await this.#writable.writer.write(this.#layout.offset({ t }), bytes, this.#layout.timepointSize);
  }

  async getHistogram(channels: Numbers, bins: number, globalRange: boolean, plane: PlaneDef | null) {
    const { pixels, source } = this.#opened;
    const counts = new Map<number, Int32Array>();
    for (const channel of Array.from(channels)) {
      const known = pixels.globalRange(channel);
      // A range that ends at 1 is one that was never measured.
      const range = globalRange && known && known[1] !== 1 ? known : undefined;
      counts.set(channel, await planeHistogram(source, { channel, bins, range, plane }));
    }
    return counts;
  }

  async findMinMax(channels: Numbers): Promise<Map<number, Float64Array>> {
    const { pixels, source } = this.#opened;
    const found = new Map<number, Float64Array>();
    if (this.#layout.requiresPyramid) return found;
    const { z, t } = this.#layout.middle;
    for (const channel of Array.from(channels)) {
      pixels.channel(channel);
      found.set(channel, Float64Array.from(await planeRange(source, z, channel, t)));
    }
    return found;
  }

  async calculateMessageDigest(): Promise<Uint8Array> {
    return this.#files.digest(this.#opened.pixels.id);
  }

  /** Notes the digest in the Pixels, and returns them; null where nothing was written since. */
  async save(current: Current): Promise<Instance | null> {
    const open = this.#open;
    if (!open || !(await open.writer.finish())) return null;
    return this.context.load(this.context.access(current).in(open.pixels.object.group), open.pixels.object);
  }

  override async release(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.writer.close();
  }

  get #files() {
    return this.context.world.pixels;
  }

  get #opened(): OpenPixels {
    if (!this.#open) throw apiUsage(NOT_INITIALIZED);
    return this.#open;
  }

  get #layout() {
    return this.#opened.pixels.layout;
  }

  get #writable(): OpenPixels {
    const open = this.#opened;
    if (!open.writer.isAllowed) throw apiUsage("Write-method not permitted.");
    return open;
  }
}
