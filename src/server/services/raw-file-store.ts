/** `omero::api::RawFileStore`: the bytes of an OriginalFile. */

import type { Current } from "../../connect/ice/serve/served-object.js";
import { WireError } from "../../errors.js";
import { reusedBuffers } from "../../flow/reused-buffers.js";
import { rlong } from "../../rtypes.js";
import { apiUsage, securityViolation, validation } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { StoredObject } from "../model/object-store.js";
import { StatefulServant } from "./stateful-servant.js";

const NOT_INITIALIZED =
  "This RawFileStore has not been properly initialized.\nPlease set the file id before executing any other methods.\n";

export class RawFileStore extends StatefulServant {
  #fileId: bigint | undefined;
  #canWrite = false;
  #modified = false;

  async setFileId(id: bigint, current: Current): Promise<void> {
    await this.#saveIfModified();
    const access = this.context.access(current);
    const file = this.context.world.get(access, "OriginalFile", id);
    this.#fileId = id;
    this.#canWrite = access.rights(file).edit;
  }

  getFileId() {
    return this.#fileId === undefined ? null : rlong(this.#fileId);
  }

  async exists(): Promise<boolean> {
    return (await this.#files.size(this.#file.id)) !== undefined;
  }

  async size(): Promise<bigint> {
    return BigInt((await this.#files.size(this.#file.id)) ?? 0);
  }

  /** @throws WireError `LIMIT_EXCEEDED` for more than an answer can hold: a file takes no space where it has holes. */
  async read(position: bigint, length: number): Promise<Uint8Array> {
    if (position < 0n || length < 0) throw apiUsage(`Cannot read ${length} bytes at ${position}`);
    const { messageSizeMax } = this.context;
    if (length > messageSizeMax) {
      const text = `an answer of ${length} bytes exceeds the limit of ${messageSizeMax}`;
      throw new WireError("LIMIT_EXCEEDED", `::Ice::MemoryLimitException: ${text}`);
    }
    return padded(await this.#files.read(this.#file.id, Number(position), length), length);
  }

  /** Writes the first `length` bytes of `buffer`. */
  async write(buffer: Uint8Array, position: bigint, length: number): Promise<void> {
    const id = this.#writable.id;
    if (length < 0 || length > buffer.length) {
      throw apiUsage(`Cannot write ${length} bytes of a buffer of ${buffer.length}`);
    }
    this.#modified = true;
    await this.#files.write(id, Number(position), buffer.subarray(0, length));
    // It is part of the request, which nobody looks at any more.
    reusedBuffers.giveBack(buffer);
  }

  async truncate(length: bigint): Promise<boolean> {
    const id = this.#writable.id;
    const done = await this.#files.truncate(id, Number(length));
    this.#modified ||= done;
    return done;
  }

  /** Notes size and checksum in the OriginalFile, and returns it. */
  async save(current: Current): Promise<Instance | null> {
    if (this.#fileId !== undefined && !(await this.exists())) await this.#makeEmpty(this.#fileId);
    if (!this.#modified) return null;
    await this.#saveIfModified();
    const access = this.context.access(current);
    return this.#fileId === undefined ? null : this.context.load(access.in(this.#file.group), this.#file);
  }

  override async release(): Promise<void> {
    await this.#saveIfModified();
    this.#fileId = undefined;
  }

  async #makeEmpty(id: bigint): Promise<void> {
    if (!this.#canWrite) return;
    await this.#files.write(id, 0, new Uint8Array(0));
    this.#modified = true;
  }

  async #saveIfModified(): Promise<void> {
    if (!this.#modified || this.#fileId === undefined) return;
    this.#modified = false;
    await this.context.world.describeContent(this.#fileId);
  }

  get #files() {
    return this.context.world.files;
  }

  get #file(): StoredObject {
    if (this.#fileId === undefined) throw apiUsage(NOT_INITIALIZED);
    const file = this.context.world.store.get("OriginalFile", this.#fileId);
    if (!file) throw validation(`OriginalFile ${this.#fileId} was deleted`);
    return file;
  }

  get #writable(): StoredObject {
    const file = this.#file;
    if (!this.#canWrite) throw securityViolation(`Current user cannot write to file ${file.id}`);
    return file;
  }
}

/** As many bytes as were asked for, zeros after the end of the file. */
function padded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  const whole = reusedBuffers.take(length);
  whole.set(bytes);
  whole.fill(0, bytes.length);
  reusedBuffers.giveBack(bytes);
  return whole;
}
