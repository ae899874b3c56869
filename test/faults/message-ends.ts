const HEADER = 14;
const SIZE_AT = 10;

/** Finds the ends of Ice messages in one direction of a connection. */
export class MessageEnds {
  /** Bytes seen so far. */
  position = 0;
  readonly #header = Buffer.alloc(HEADER);
  /** Bytes of the present message seen so far, and all that it has once its header is there. */
  #seen = 0;
  #size = Number.POSITIVE_INFINITY;

  /** Positions at which messages end in the next bytes of the stream. */
  add(bytes: Uint8Array): number[] {
    const ends: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const wanted = (this.#seen < HEADER ? HEADER : this.#size) - this.#seen;
      const taken = bytes.subarray(at, at + wanted);
      if (this.#seen < HEADER) this.#header.set(taken, this.#seen);
      this.#seen += taken.length;
      at += taken.length;
      this.position += taken.length;
      if (this.#seen === HEADER) this.#size = this.#header.readInt32LE(SIZE_AT);
      if (this.#seen < this.#size) continue;
      ends.push(this.position);
      this.#seen = 0;
      this.#size = Number.POSITIVE_INFINITY;
    }
    return ends;
  }
}
