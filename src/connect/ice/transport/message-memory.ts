/**
 * Memory of large messages, which later ones use again. Whoever has read all of an answer may give its memory back: a long
 * reading then takes that of a few messages, not all that the garbage collector leaves lying for a while.
 */

/** Smaller messages are left to the collector. */
const SMALLEST = 1 << 18;
/** Bytes that are kept at most. */
const MOST_KEPT = 16 << 20;
/** Milliseconds that they are kept while nobody gives or takes any. */
const LINGER = 1000;

class MessageMemory {
  readonly #free: ArrayBuffer[] = [];
  #kept = 0;
  #timer: NodeJS.Timeout | undefined;

  /** A buffer of that size, or somewhat more, whose bytes may be any. */
  take(size: number): ArrayBuffer | undefined {
    const index = this.#free.findIndex(({ byteLength }) => byteLength >= size && byteLength <= 1.25 * size);
    if (index < 0) return undefined;
    const [buffer] = this.#free.splice(index, 1);
    this.#kept -= buffer!.byteLength;
    return buffer;
  }

  give(buffer: ArrayBufferLike): void {
    const { byteLength } = buffer;
    if (!(buffer instanceof ArrayBuffer) || byteLength < SMALLEST || this.#kept + byteLength > MOST_KEPT) return;
    if (this.#free.includes(buffer)) return;
    this.#free.push(buffer);
    this.#kept += byteLength;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#clear(), LINGER).unref();
  }

  #clear(): void {
    this.#free.length = 0;
    this.#kept = 0;
  }
}

const memory = new MessageMemory();

/** Gives back the memory of an answer. Nobody may look at any part of it afterwards. @param bytes as a call gave them */
export function releaseMessage(bytes: Uint8Array): void {
  memory.give(bytes.buffer);
}

/** What is grown of Ice's buffers: their bytes, and the view of them. */
interface GrowingBuffer {
  b: ArrayBuffer | null;
  v: DataView;
  reserve(size: number): void;
}

/** Has the buffers of messages grow into memory that was given back. @param prototype of Ice's buffers */
export function growIntoReleasedMemory(prototype: GrowingBuffer): void {
  const { reserve } = prototype;
  prototype.reserve = function (this: GrowingBuffer, size: number): void {
    const known = size >= SMALLEST && size > (this.b?.byteLength ?? 0) ? memory.take(size) : undefined;
    if (known === undefined) {
      reserve.call(this, size);
      return;
    }
    if (this.b) new Uint8Array(known).set(new Uint8Array(this.b));
    this.b = known;
    this.v = new DataView(known);
  };
}
