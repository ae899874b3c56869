const UTF8 = new TextEncoder();

/** Builds the bytes of one HDF5 structure, little-endian. */
export class FieldWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  uint8(...values: readonly number[]): this {
    return this.bytes(Uint8Array.from(values));
  }

  uint16(value: number): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  uint32(value: number): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  uint64(value: number): this {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, BigInt(value), true);
    return this;
  }

  /** A file address; undefined is all bits set. */
  address(value: number | undefined): this {
    return value === undefined ? this.fill(8, 0xff) : this.uint64(value);
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  text(text: string): this {
    return this.bytes(UTF8.encode(text));
  }

  fill(length: number, value = 0): this {
    const at = this.#grow(length);
    this.#bytes.fill(value, at, at + length);
    return this;
  }

  /** Zeros up to the next multiple of 8. */
  align8(): this {
    return this.fill(-this.length & 7);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  #grow(length: number): number {
    const at = this.length;
    const end = at + length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.length = end;
    return at;
  }
}
