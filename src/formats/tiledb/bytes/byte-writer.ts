/** Builds little-endian bytes, as every number in a TileDB file is stored. */
const TEXT = new TextEncoder();

export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  uint8(...values: number[]): this {
    for (const value of values) {
      const at = this.#room(1);
      this.#bytes[at] = value;
    }
    return this;
  }

  uint32(...values: number[]): this {
    for (const value of values) {
      const at = this.#room(4);
      this.#view.setUint32(at, value >>> 0, true);
    }
    return this;
  }

  /** Also signed values: the low 64 bits are stored. */
  uint64(...values: (number | bigint)[]): this {
    for (const value of values) {
      const at = this.#room(8);
      this.#view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
    }
    return this;
  }

  float64(value: number): this {
    const at = this.#room(8);
    this.#view.setFloat64(at, value, true);
    return this;
  }

  bytes(...pieces: Uint8Array[]): this {
    for (const piece of pieces) {
      const at = this.#room(piece.length);
      this.#bytes.set(piece, at);
    }
    return this;
  }

  /** A uint32 byte length and the UTF-8 bytes. */
  text(text: string): this {
    const bytes = TEXT.encode(text);
    return this.uint32(bytes.length).bytes(bytes);
  }

  /** The bytes so far; valid until the next write. */
  result(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Makes room, which may move the bytes: take the position first, then write. */
  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** The bytes of a typed array, not copied. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
