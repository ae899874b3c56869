/** What other threads are given and answer. */
import type { ColumnBatch } from "../../../../columns/batch.js";

/** Asks for the rows of a batch as lines of CSV. */
export interface TaskRequest {
  readonly id: number;
  readonly batch: ColumnBatch;
}

export interface TaskAnswer {
  readonly id: number;
  /** Blocks of text in UTF-8. */
  readonly lines?: Uint8Array[];
  /** Why it failed. */
  readonly failure?: string;
}

/** The buffers under typed arrays, wherever in a value they are: what can be handed to another thread without a copy. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength > 0) found.add(value.buffer);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return found;
}
