/**
 * Keeps processes from writing to a store while another one opens it. LMDB, when it opens a file, sets the number of the last
 * write, which all processes share, to the one that it has read a moment before: a write between the two would be forgotten, and
 * the next one would go over its pages. So who opens leaves a file that says so, and waits until nobody writes; who writes says
 * that first, and then looks whether somebody opens.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ageOf, OwnFile, othersFiles, saidIn } from "./process-files.js";

const YES = 1;
const NO = 0;
/** Milliseconds. Nobody is waited for longer: it may be a process that was stopped. */
const LONGEST_WAIT = 10_000;
/** Milliseconds after which nobody waits for who said that it writes, and has not said it again. */
const SAID_LONG_AGO = 60_000;
/** Milliseconds after which who writes all the time says it again. */
const SAY_AFTER = 1_000;
const PAUSE = 1;
/** Milliseconds for which who writes all the time need not look again. */
const LOOK_AFTER = 5;

export class OpeningGate {
  readonly #store: string;
  #ownFile: OwnFile | undefined;
  /** Writes under way. */
  #writes = 0;
  #looked = 0;
  #renewed = 0;
  /** When those that are opening the store were first seen. */
  readonly #seen = new Map<string, number>();
  #waiting: Promise<void> | undefined;

  /** @param store its folder */
  constructor(store: string) {
    this.#store = store;
  }

  /** Does what opens the store while no other process writes. Where no file can be made, nobody can write either. */
  async open<T>(opening: () => T): Promise<T> {
    const file = OwnFile.make(this.#store, "opening");
    try {
      if (file) await this.#untilNobodyWrites();
      return opening();
    } finally {
      file?.remove();
    }
  }

  /** To be called, and waited for if it gives a promise, before each write. Writes pass in the order of their calls. */
  enter(): Promise<void> | undefined {
    this.#ownFile ??= OwnFile.make(this.#store, "writing");
    if (!this.#waiting) {
      if (this.#passes()) return undefined;
      this.#waiting = this.#wait();
    }
    return this.#waiting.then(() => this.#begin());
  }

  /** After each write that has entered, when it is done. */
  leave(): void {
    if (--this.#writes === 0) this.#say(NO);
  }

  /** Does what writes at once: the whole process waits while another one opens the store. */
  writeNow<T>(write: () => T): T {
    this.#ownFile ??= OwnFile.make(this.#store, "writing");
    while (!this.#passes()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    try {
      return write();
    } finally {
      this.leave();
    }
  }

  close(): void {
    this.#ownFile?.remove();
    this.#ownFile = undefined;
  }

  /** Whether a write may begin; it is then noted. */
  #passes(): boolean {
    const now = performance.now();
    const looks = this.#writes === 0 || now - this.#looked >= LOOK_AFTER;
    this.#begin();
    if (now - this.#renewed >= SAY_AFTER) this.#renew(now);
    if (!looks) return true;
    this.#looked = now;
    if (!this.#isOpened()) return true;
    this.leave();
    return false;
  }

  #begin(): void {
    if (this.#writes++ === 0) this.#say(YES);
  }

  /** Those who wait begin one after the other, before the one that stands for them all has left. */
  async #wait(): Promise<void> {
    do await pause(PAUSE);
    while (!this.#passes());
    setImmediate(() => {
      this.#waiting = undefined;
      this.leave();
    });
  }

  /** Says again that this process writes, where others look. */
  #renew(now: number): void {
    this.#renewed = now;
    if (this.#ownFile?.isThere() === false) {
      this.close();
      this.#ownFile = OwnFile.make(this.#store, "writing");
    }
    this.#say(YES);
  }

  #say(answer: number): void {
    try {
      this.#ownFile?.say(answer);
    } catch {
      // The disk is full. Another file is made when there is room.
      this.close();
    }
  }

  /** Whether another process is opening the store. In one process LMDB opens a store once. */
  #isOpened(): boolean {
    const opening = othersFiles(this.#store, "opening");
    if (opening.length === 0) this.#seen.clear();
    return opening.some((path) => ageOf(path) < LONGEST_WAIT && this.#seenFor(path) < LONGEST_WAIT);
  }

  /** Milliseconds; the clock by which files are dated may be set back. */
  #seenFor(path: string): number {
    const now = performance.now();
    const since = this.#seen.get(path) ?? now;
    this.#seen.set(path, since);
    return now - since;
  }

  async #untilNobodyWrites(): Promise<void> {
    const end = performance.now() + LONGEST_WAIT;
    while (othersFiles(this.#store, "writing").some(writes) && performance.now() < end) await pause(PAUSE);
  }
}

function writes(path: string): boolean {
  return ageOf(path) < SAID_LONG_AGO && saidIn(path) === YES;
}
