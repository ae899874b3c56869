/**
 * Large buffers that are used again. One that is made anew for each use is freed by the next garbage collection only, which
 * comes late and takes long.
 */

/** Smaller ones are cheaper to make anew. */
const WORTH_REUSING = 1 << 18;
/** Buffers are this part of a power of two larger than asked for, at most: then they fit others, too. */
const STEPS = 8;
const MOST_IDLE_BYTES = 64 << 20;
/** Milliseconds after which buffers that nobody uses are left to the garbage collection. */
const IDLE_TIME = 2_000;

export class ReusedBuffers {
  readonly #mostIdle: number;
  /** Used last, last. */
  #idle: ArrayBuffer[] = [];
  #idleBytes = 0;
  readonly #lent = new WeakSet<ArrayBufferLike>();
  #clearing: NodeJS.Timeout | undefined;

  constructor(mostIdle = MOST_IDLE_BYTES) {
    this.#mostIdle = mostIdle;
  }

  /** Exactly so many bytes, which may hold anything: whoever takes them writes all of them. */
  take(size: number): Uint8Array<ArrayBuffer> {
    if (size < WORTH_REUSING) return new Uint8Array(size);
    const buffer = this.#find(size) ?? new ArrayBuffer(roundedUp(size));
    this.#lent.add(buffer);
    return new Uint8Array(buffer, 0, size);
  }

  /** Says that nobody looks at bytes any more. Does nothing unless they were taken here, and not given back since. */
  giveBack({ buffer }: ArrayBufferView): void {
    if (!this.#lent.delete(buffer) || this.#idleBytes + buffer.byteLength > this.#mostIdle) return;
    this.#idle.push(buffer as ArrayBuffer);
    this.#idleBytes += buffer.byteLength;
    this.#clearing ??= setTimeout(() => this.#clear(), IDLE_TIME).unref();
    this.#clearing.refresh();
  }

  /** Of those that fit without much waste, the one used last. */
  #find(size: number): ArrayBuffer | undefined {
    const most = 2 * size;
    const at = this.#idle.findLastIndex(({ byteLength }) => byteLength >= size && byteLength <= most);
    if (at < 0) return undefined;
    const [buffer] = this.#idle.splice(at, 1);
    this.#idleBytes -= buffer!.byteLength;
    return buffer;
  }

  #clear(): void {
    this.#clearing = undefined;
    this.#idle = [];
    this.#idleBytes = 0;
  }
}

function roundedUp(size: number): number {
  const step = 2 ** Math.floor(Math.log2(size)) / STEPS;
  return Math.ceil(size / step) * step;
}

/** Of this process. */
export const reusedBuffers = new ReusedBuffers();
