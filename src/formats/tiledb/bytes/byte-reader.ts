/** Reads little-endian bytes of a TileDB file; every read is checked against the bytes there are. */
import { DataError } from "../../../errors.js";

const TEXT = new TextDecoder("utf-8", { fatal: true });

export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #path: string;
  position = 0;

  constructor(bytes: Uint8Array, path: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#path = path;
  }

  get remaining(): number {
    return this.#bytes.length - this.position;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A uint64 that counts or measures something in the file, so it is a safe integer. */
  size(): number {
    const value = this.#view.getBigUint64(this.#take(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.malformed(`a size of ${value}`);
    return Number(value);
  }

  /** How many items of `itemBytes` each follow; refused where the file cannot hold them. */
  count(itemBytes: number): number {
    return this.#fitting(this.size(), itemBytes);
  }

  count32(itemBytes: number): number {
    return this.#fitting(this.uint32(), itemBytes);
  }

  sizes(count: number): number[] {
    return Array.from({ length: this.#fitting(count, 8) }, () => this.size());
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(): string {
    return this.decodeText(this.bytes(this.uint32()));
  }

  decodeText(bytes: Uint8Array): string {
    try {
      return TEXT.decode(bytes);
    } catch (cause) {
      throw this.malformed("text that is not UTF-8", cause);
    }
  }

  malformed(found: string, cause?: unknown): DataError {
    return malformedArray(this.#path, `${found} near byte ${this.position}`, cause);
  }

  #fitting(count: number, itemBytes: number): number {
    if (count * itemBytes > this.remaining)
      throw this.malformed(`${count} items declared, ${this.remaining} bytes left`);
    return count;
  }

  #take(count: number): number {
    const at = this.position;
    if (count > this.remaining) throw this.malformed(`${count} bytes wanted, ${this.remaining} left`);
    this.position += count;
    return at;
  }
}

/** The error for a TileDB file whose content is not what the format says. */
export function malformedArray(path: string, found: string, cause?: unknown): DataError {
  return new DataError("MALFORMED_FILE", `${path} is no readable TileDB file: ${found}`, { path, cause });
}

/** The error for what TileDB can do and this reader cannot. */
export function unsupportedArray(path: string, feature: string): DataError {
  const message = `${path}: ${feature} cannot be read here; rewrite the array with createTileDB, or read it with TileDB itself`;
  return new DataError("UNSUPPORTED_TYPE", message, { path });
}
