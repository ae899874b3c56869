/** Keeps what a stream gave until it is wanted again: in memory at first, then in a temporary file. */
import { deserialize, serialize } from "node:v8";
import { fillFromFile } from "./fill-from-file.js";
import { openTemporaryFile, type TemporaryFile } from "./temporary-file.js";

const KEPT_IN_MEMORY = 32 * 1024 * 1024;

/** Items are anything structured cloning can copy: arrays, typed arrays, maps, dates, bigints. */
export class Spool<Item> {
  readonly #limit: number;
  readonly #kept: Uint8Array[] = [];
  readonly #lengths: number[] = [];
  #bytes = 0;
  /** Bytes in the file. */
  #written = 0;
  #file: TemporaryFile | undefined;
  #closed = false;

  constructor(limit = KEPT_IN_MEMORY) {
    this.#limit = limit;
  }

  /** @throws FileError `CANNOT_WRITE_FILE` */
  async append(item: Item): Promise<void> {
    const bytes = serialize(item);
    this.#bytes += bytes.length;
    if (this.#file === undefined && this.#bytes <= this.#limit) this.#kept.push(bytes);
    else await this.#write(bytes);
  }

  /** All items from the first. */
  async *items(): AsyncGenerator<Item, void, undefined> {
    for (const bytes of this.#kept) yield deserialize(bytes);
    let position = 0;
    for (const length of this.#lengths) {
      const bytes = new Uint8Array(length);
      const found = await fillFromFile(this.#file!.handle, bytes, position);
      if (found < length) throw new Error("a temporary file was cut short");
      position += length;
      yield deserialize(bytes);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#kept.length = 0;
    await this.#file?.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) return;
    this.#file ??= await openTemporaryFile();
    await this.#file.write(bytes, this.#written);
    this.#written += bytes.length;
    this.#lengths.push(bytes.length);
  }
}
