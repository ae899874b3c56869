/** Writes the file of Pixels, and notes in the Pixels what was written. */
import { rstring } from "../../rtypes.js";
import { resourceError } from "../exceptions.js";
import { eventAfter } from "../model/object-store.js";
import type { World } from "../world/world.js";
import type { StoredPixels } from "./stored-pixels.js";

export class PixelWriter {
  /** A file can be written until the store that made it is closed. */
  readonly isAllowed: boolean;
  readonly #world: World;
  readonly #pixels: StoredPixels;
  #modified = false;

  constructor(world: World, pixels: StoredPixels, isAllowed: boolean) {
    this.#world = world;
    this.#pixels = pixels;
    this.isAllowed = isAllowed;
  }

  /** @throws IceUserException ResourceError unless there are as many bytes as the place takes. */
  async write(offset: number, bytes: Uint8Array, size: number): Promise<void> {
    if (bytes.length !== size) {
      throw resourceError(`${bytes.length < size ? "BufferUnderflowException" : "BufferOverflowException"}: null`);
    }
    this.#modified = true;
    await this.#world.pixels.write(this.#pixels.id, offset, bytes);
  }

  /** Notes the digest of all there is. False where nothing was written. */
  async finish(): Promise<boolean> {
    if (!this.#modified) return false;
    this.#modified = false;
    const digest = await this.#world.pixels.digest(this.#pixels.id);
    const object = this.#world.store.get("Pixels", this.#pixels.id);
    // The pixels may have been deleted meanwhile.
    if (!object) return false;
    const values = { ...object.values, sha1: rstring(digest.toString("hex")) };
    this.#world.store.put({ ...object, updated: eventAfter(object.updated), values });
    return true;
  }
}
