/** Room for the large requests of all connections of a server: so many bytes of them are read and worked on at a time. */

/** Bytes from which on a message is large: smaller ones need no room. */
export const LARGE_MESSAGE = 1 << 16;
/** Milliseconds in which a message that others wait for must come, and besides them those that it takes at 50 bytes each. */
const PATIENCE = 10_000;
const LEAST_RATE = 50;
const LOOK_INTERVAL = 1000;

/** A message that takes room, or waits for it. */
export interface RoomRequest {
  readonly bytes: number;
  /** Says that there is room now. */
  readonly granted: () => void;
  /** Ends a message that takes too long to come. */
  readonly tooSlow: () => void;
}

export class RequestRoom {
  readonly #most: number;
  #taken = 0;
  /** First come first. */
  readonly #waiting = new Set<RoomRequest>();
  /** Those that are not whole yet, and when they must be. */
  readonly #coming = new Map<RoomRequest, number>();
  #looking: NodeJS.Timeout | undefined;

  constructor(bytes: number) {
    this.#most = bytes;
  }

  /** Whether there is room at once. Else `granted` tells when there is. Alone, a message may exceed all the room. */
  take(request: RoomRequest): boolean {
    if (this.#waiting.size === 0 && this.#fits(request)) {
      this.#grant(request);
      return true;
    }
    this.#waiting.add(request);
    this.#looking ??= setInterval(() => this.#look(), LOOK_INTERVAL).unref();
    return false;
  }

  /** Says that a message is whole: it takes its room until {@link give}. */
  whole(request: RoomRequest): void {
    this.#coming.delete(request);
  }

  /** Gives back the room of a message, or the wish for it. */
  give(request: RoomRequest): void {
    this.#coming.delete(request);
    if (!this.#waiting.delete(request)) this.#taken -= request.bytes;
    for (const next of this.#waiting) {
      if (!this.#fits(next)) break;
      this.#waiting.delete(next);
      this.#grant(next);
      next.granted();
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
  }

  #fits({ bytes }: RoomRequest): boolean {
    return this.#taken === 0 || this.#taken + bytes <= this.#most;
  }

  #grant(request: RoomRequest): void {
    this.#taken += request.bytes;
    this.#coming.set(request, performance.now() + PATIENCE + request.bytes / LEAST_RATE);
  }

  #look(): void {
    const now = performance.now();
    for (const [request, deadline] of this.#coming) if (now > deadline) request.tooSlow();
  }
}
