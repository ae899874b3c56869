/**
 * Joins a {@link ByteChannel} to an Ice connection: bytes in are queued and copied once, into the message they belong
 * to; bytes out are handed over as views of the message. When the connection does not keep up, the channel is paused.
 */

import { nextBytes, type SplitBuffer } from "../codec/split-buffer.js";
import type { ByteChannel } from "./byte-channel.js";
import type { IceBuffer, IceLocalException, IceRuntime, IceTransceiver } from "./ice-runtime.js";

/** Bytes handed to the channel at a time, so that the progress of a slow transfer is seen. */
const WRITE_SIZE = 1 << 18;
/** Queued bytes at which the channel is paused, and below which it is resumed. */
const PAUSE_AT = 1 << 20;
const RESUME_BELOW = 1 << 18;

/** Bytes that a message must still lack for them to be read straight into it. */
const WORTH_DIRECTING = 1 << 16;

const SOCKET_READY = 0;

export class ChannelTransceiver implements IceTransceiver {
  readonly #ice: IceRuntime;
  readonly #channel: ByteChannel;
  readonly #queue: Uint8Array[] = [];
  /** Bytes of the queue's first element already read. */
  #taken = 0;
  #queued = 0;
  #paused = true;
  #registered = false;
  /** Bytes handed over wait for room, and the connection with them. */
  #writing = false;
  /** The message buffer that the last read left unfilled. */
  #unfinished: IceBuffer | undefined;
  #closed = false;
  #failure: IceLocalException | null = null;
  #bytesAvailable: () => void = () => {};
  #bytesWritten: () => void = () => {};

  constructor(ice: IceRuntime, channel: ByteChannel) {
    this.#ice = ice;
    this.#channel = channel;
    channel.listen({
      data: (bytes) => this.#enqueue(bytes),
      room: () => this.#room(),
      filled: (room, count) => this.#filled(room, count),
      closed: (error) => this.#fail(error),
    });
  }

  setCallbacks(_connected: () => void, bytesAvailable: () => void, bytesWritten: () => void): void {
    this.#bytesAvailable = bytesAvailable;
    this.#bytesWritten = bytesWritten;
  }

  initialize(): number {
    if (this.#failure) throw this.#failure;
    return SOCKET_READY;
  }

  register(): void {
    if (this.#closed) return;
    this.#registered = true;
    this.#resume();
    if (this.#queue.length > 0 || this.#failure) setImmediate(() => this.#signal());
  }

  unregister(): void {
    this.#registered = false;
    this.#pause();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#registered = false;
    this.#queue.length = 0;
    this.#channel.destroy();
  }

  write(buffer: IceBuffer & Partial<SplitBuffer>): boolean {
    if (this.#failure) throw this.#failure;
    while (buffer.remaining > 0) {
      const bytes = nextBytes(buffer, WRITE_SIZE);
      buffer.position += bytes.length;
      const sent = buffer.remaining === 0 ? buffer.sent : undefined;
      this.#writing = !this.#channel.write(bytes, () => this.#drained(), sent);
      if (this.#writing) return false;
    }
    return true;
  }

  read(buffer: IceBuffer, moreData: { value: boolean }): boolean {
    if (!this.#registered) {
      moreData.value = false;
      return false;
    }
    this.#fill(buffer);
    if (buffer.remaining > 0 && this.#failure) throw this.#failure;
    moreData.value = this.#queue.length > 0 || this.#failure !== null;
    if (this.#queued < RESUME_BELOW) this.#resume();
    this.#unfinished = buffer.remaining === 0 ? undefined : buffer;
    return buffer.remaining === 0;
  }

  type(): string {
    return this.#channel.transport;
  }

  getInfo(): { underlying: null } {
    return { underlying: null };
  }

  checkSendSize(): void {}

  setBufferSize(): void {}

  toString(): string {
    return this.#channel.description;
  }

  #fill(buffer: IceBuffer): void {
    if (buffer.remaining === 0 || this.#queue.length === 0) return;
    const target = new Uint8Array(buffer.b, 0, buffer.limit);
    let position = buffer.position;
    let used = 0;
    while (position < target.length && used < this.#queue.length) {
      const bytes = this.#queue[used]!;
      const count = Math.min(bytes.length - this.#taken, target.length - position);
      target.set(
        this.#taken === 0 && count === bytes.length ? bytes : bytes.subarray(this.#taken, this.#taken + count),
        position,
      );
      position += count;
      this.#taken += count;
      if (this.#taken === bytes.length) {
        this.#taken = 0;
        used++;
      }
    }
    this.#queue.splice(0, used);
    this.#queued -= position - buffer.position;
    buffer.position = position;
  }

  #enqueue(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#closed) return;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#signal();
    this.#keepUnread(bytes);
    if (this.#queued >= PAUSE_AT) this.#pause();
  }

  /** What nobody has read yet is copied: the channel uses its memory again. */
  #keepUnread(bytes: Uint8Array): void {
    const last = this.#queue.length - 1;
    if (this.#queue[last] !== bytes) return;
    const taken = last === 0 ? this.#taken : 0;
    this.#queue[last] = bytes.slice(taken);
    if (last === 0) this.#taken = 0;
  }

  /** The rest of the message that is coming, if it is large and nothing is queued before it. */
  #room(): Uint8Array | undefined {
    const buffer = this.#unfinished;
    if (!buffer?.b || buffer.remaining < WORTH_DIRECTING || this.#queue.length > 0 || !this.#registered)
      return undefined;
    return new Uint8Array(buffer.b, buffer.position, buffer.remaining);
  }

  #filled(room: Uint8Array, count: number): void {
    const buffer = this.#unfinished;
    if (this.#closed) return;
    if (buffer?.b === room.buffer && buffer.position === room.byteOffset && this.#queue.length === 0) {
      buffer.position += count;
      // A full buffer is not read again, and its position then serves other ends.
      if (buffer.remaining === 0) this.#unfinished = undefined;
      this.#signal();
    } else {
      this.#enqueue(room.slice(0, count));
    }
  }

  /**
   * Not at once: an error may arise within a write, whose caller must return first. A connection that waits to write
   * learns of it too: it may not be reading.
   */
  #fail(error?: Error): void {
    this.#failure = this.#translate(error);
    setImmediate(() => {
      this.#signal();
      if (this.#writing) this.#drained();
    });
  }

  #signal(): void {
    if (this.#registered) this.#bytesAvailable();
  }

  #drained(): void {
    this.#writing = false;
    if (!this.#closed) this.#bytesWritten();
  }

  #pause(): void {
    if (this.#paused || this.#closed) return;
    this.#paused = true;
    this.#channel.pause();
  }

  #resume(): void {
    if (!this.#paused || this.#closed) return;
    this.#paused = false;
    this.#channel.resume();
  }

  #translate(error?: Error): IceLocalException {
    const code = error && "code" in error ? String(error.code) : error?.message;
    return new this.#ice.ConnectionLostException(code, error);
  }
}
