/**
 * Notices that a connection is silent, or next to silent, while a reply is awaited: hardly a byte comes, no end either.
 * Without it a call without a time limit would wait for ever.
 */
import type { ByteChannel } from "./byte-channel.js";

export interface StallWatchOptions {
  readonly channel: Pick<ByteChannel, "bytesReceived" | "bytesSent">;
  /** Milliseconds without progress after which the connection has stalled. */
  readonly timeout: number;
  /** Asks the peer for a sign of life. */
  readonly ping: () => void;
  readonly onStall: () => void;
}

/** Looks taken during the time-out; the peer is asked at the first that sees no progress. */
const LOOKS = 5;
/** Bytes a millisecond at which a message that is half-way counts as moving; fewer are as good as none. */
const LEAST_RATE = 1;
/** Bytes sent between two looks that are progress of a large message; heartbeats and small requests always go out. */
const SENT_IN_EARNEST = 1 << 14;
/**
 * What has gone out may still wait in the buffers of this machine, unseen, and pings behind it: so much of it at most, and
 * it may take its time at so many bytes a millisecond.
 */
const MOST_BUFFERED = 4 << 20;
const SLOWEST_RATE = 50;

/**
 * Watches between {@link start} and {@link stop}. A reply may take any time as long as the peer answers pings, and a
 * message as long as its bytes move: those that come in by as many as one look's time asks for within the time-out, those
 * that go out at 50 kB/s or more. The timer does not keep the process alive.
 */
export class StallWatch {
  readonly #options: StallWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #silentLooks = 0;
  #answered = false;
  #received = 0;
  #sent = 0;
  /** Bytes sent by the look before the last byte came: an answer to earlier ones may cross later ones. */
  #sentWhenReceived = 0;

  constructor(options: StallWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#note();
    this.#timer ??= setInterval(() => this.#look(), this.#options.timeout / LOOKS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Says that a whole message has come, however small: a sign of life. */
  answered(): void {
    this.#answered = true;
  }

  #look(): void {
    const { channel, timeout, ping, onStall } = this.#options;
    const leastReceived = (LEAST_RATE * timeout) / LOOKS;
    const moves =
      channel.bytesReceived - this.#received >= leastReceived || channel.bytesSent - this.#sent >= SENT_IN_EARNEST;
    if (moves || this.#answered) {
      this.#note();
      return;
    }
    this.#silentLooks++;
    if (this.#silentLooks === 1) ping();
    if (this.#silentLooks < LOOKS + this.#looksForBuffered()) return;
    this.stop();
    onStall();
  }

  #looksForBuffered(): number {
    const { channel, timeout } = this.#options;
    const buffered = Math.min(channel.bytesSent - this.#sentWhenReceived, MOST_BUFFERED);
    return Math.floor(buffered / SLOWEST_RATE / (timeout / LOOKS));
  }

  #note(): void {
    const { bytesReceived, bytesSent } = this.#options.channel;
    if (bytesReceived > this.#received) this.#sentWhenReceived = this.#sent;
    this.#received = bytesReceived;
    this.#sent = bytesSent;
    this.#silentLooks = 0;
    this.#answered = false;
  }
}
