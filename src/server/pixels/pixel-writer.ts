/** Writes the file of Pixels, and notes in the Pixels what was written. */
import { createHash, type Hash } from "node:crypto";
import { reusedBuffers } from "../../flow/reused-buffers.js";
import { rstring } from "../../rtypes.js";
import { resourceError } from "../exceptions.js";
import { eventAfter } from "../model/object-store.js";
import type { World } from "../world/world.js";
import type { StoredPixels } from "./stored-pixels.js";
import type { WholeWrites } from "./whole-writes.js";

export class PixelWriter {
  readonly #world: World;
  readonly #pixels: StoredPixels;
  readonly #file: WholeWrites | undefined;
  readonly #digest: RunningDigest;
  #modified = false;

  /** @param file a file can be written until the store that made it is closed: without it nothing is written. */
  constructor(world: World, pixels: StoredPixels, file: WholeWrites | undefined) {
    this.#world = world;
    this.#pixels = pixels;
    this.#file = file;
    this.#digest = new RunningDigest(pixels.layout.totalSize);
  }

  get isAllowed(): boolean {
    return this.#file !== undefined;
  }

  /** @throws IceUserException ResourceError unless there are as many bytes as the place takes. */
  async write(offset: number, bytes: Uint8Array, size: number): Promise<void> {
    if (bytes.length !== size) {
      throw resourceError(`${bytes.length < size ? "BufferUnderflowException" : "BufferOverflowException"}: null`);
    }
    this.#modified = true;
    await this.#file!.write(bytes, offset, () => this.#digest.add(bytes, offset));
    // They are part of the request, which nobody looks at any more.
    reusedBuffers.giveBack(bytes);
  }

  /** Notes the digest of all there is, once that is on the disk. False where nothing was written. */
  async finish(): Promise<boolean> {
    if (!this.#modified) return false;
    this.#modified = false;
    // The pixels may have been deleted meanwhile.
    if (!this.#world.store.get("Pixels", this.#pixels.id)) return false;
    await this.#file?.sync();
    const digest = this.#digest.value ?? (await this.#world.pixels.digest(this.#pixels.id));
    const object = this.#world.store.get("Pixels", this.#pixels.id);
    if (!object) return false;
    const values = { ...object.values, sha1: rstring(digest.toString("hex")) };
    this.#world.store.put({ ...object, updated: eventAfter(object.updated), values });
    return true;
  }

  async close(): Promise<void> {
    try {
      await this.finish();
    } finally {
      await this.#file?.close();
    }
  }
}

/** SHA-1 of a file that is written from its beginning to its end. */
class RunningDigest {
  readonly #total: number;
  #hash: Hash | undefined = createHash("sha1");
  #position = 0;

  constructor(total: number) {
    this.#total = total;
  }

  add(bytes: Uint8Array, offset: number): void {
    if (offset !== this.#position) this.#hash = undefined;
    this.#position += bytes.length;
    this.#hash?.update(bytes);
  }

  /** Undefined where the file was written in another order, or not all of it. */
  get value(): Buffer | undefined {
    return this.#position === this.#total ? this.#hash?.copy().digest() : undefined;
  }
}
