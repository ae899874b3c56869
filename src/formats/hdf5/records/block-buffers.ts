/** Bytes of records read or written at a time. */
export const BLOCK_BYTES = 1 << 20;

/**
 * Two buffers for blocks of records, one being read or written while the other is worked on. Kept from call to call, as
 * buffers of this size are given back late; calls must not overlap.
 */
export class BlockBuffers {
  readonly #buffers: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];

  /** The first `length` bytes of a buffer; what is in them is of no use. */
  take(turn: 0 | 1, length: number): Uint8Array {
    if (this.#buffers[turn].length < length) this.#buffers[turn] = new Uint8Array(length);
    return this.#buffers[turn].subarray(0, length);
  }

  /** Gives the memory back. */
  release(): void {
    this.#buffers.fill(new Uint8Array(0));
  }
}

/** Rows of a block, at least one. */
export function rowsInBlock(recordSize: number): number {
  return Math.max(1, Math.floor(BLOCK_BYTES / recordSize));
}
