/**
 * Keeps processes from writing to a store while another one opens it. LMDB, when it opens a file, sets the number of the last
 * write, which all processes share, to the one that it has read a moment before: a write between the two would be forgotten, and
 * the next one would go over its pages. So who opens leaves a file that says so, and waits until nobody writes; who writes says
 * that first, and then looks whether somebody opens.
 */
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ownMark, processOfMark } from "./process-mark.js";

/** Of the store, with a file for each process that writes to it or is opening it. */
const FOLDER = "processes";
const OPENING = "opening-";
const WRITING = "writing-";
const YES = Uint8Array.of(1);
const NO = Uint8Array.of(0);
/** Milliseconds. Nobody is waited for longer: it may be a process that was stopped. */
const LONGEST_WAIT = 10_000;
const PAUSE = 1;
/** Milliseconds for which who writes all the time need not look again. */
const LOOK_AFTER = 5;

interface OwnFile {
  readonly path: string;
  readonly descriptor: number;
}

export class OpeningGate {
  readonly #folder: string;
  #ownFile: OwnFile | undefined;
  /** Writes under way. */
  #writes = 0;
  #looked = 0;
  #waiting: Promise<void> | undefined;

  constructor(store: string) {
    this.#folder = join(store, FOLDER);
  }

  /** Does what opens the store while no other process writes. Where no file can be made, nobody can write either. */
  async open<T>(opening: () => T): Promise<T> {
    const file = this.#made(OPENING);
    try {
      if (file) await this.#untilNobodyWrites();
      return opening();
    } finally {
      remove(file);
    }
  }

  /** To be called, and waited for if it gives a promise, before each write. Writes pass in the order of their calls. */
  enter(): Promise<void> | undefined {
    this.#ownFile ??= this.#made(WRITING);
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
    this.#ownFile ??= this.#made(WRITING);
    while (!this.#passes()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    try {
      return write();
    } finally {
      this.leave();
    }
  }

  close(): void {
    remove(this.#ownFile);
    this.#ownFile = undefined;
  }

  /** Whether a write may begin; it is then noted. */
  #passes(): boolean {
    const now = performance.now();
    const looks = this.#writes === 0 || now - this.#looked >= LOOK_AFTER;
    this.#begin();
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

  #say(answer: Uint8Array): void {
    if (!this.#ownFile) return;
    try {
      writeSync(this.#ownFile.descriptor, answer, 0, 1, 0);
    } catch {
      // The disk is full. Another file is made when there is room.
      this.close();
    }
  }

  /** Whether another process is opening the store. In one process LMDB opens a store once. */
  #isOpened(): boolean {
    return this.#others(OPENING).some((path) => ageOf(path) < LONGEST_WAIT);
  }

  async #untilNobodyWrites(): Promise<void> {
    const end = performance.now() + LONGEST_WAIT;
    while (this.#others(WRITING).some(saysYes) && performance.now() < end) await pause(PAUSE);
  }

  /** Files of other processes. Those of processes that were killed are removed. */
  #others(kind: string): string[] {
    const paths: string[] = [];
    for (const name of namesIn(this.#folder)) {
      if (!name.startsWith(kind)) continue;
      const owner = processOfMark(name.slice(kind.length));
      if (owner === "own") continue;
      if (owner === "other") paths.push(join(this.#folder, name));
      else rmSync(join(this.#folder, name), { force: true });
    }
    return paths;
  }

  /** Undefined where it cannot be made. */
  #made(kind: string): OwnFile | undefined {
    const path = join(this.#folder, `${kind}${ownMark()}-${randomUUID()}`);
    try {
      mkdirSync(this.#folder, { recursive: true });
      return { path, descriptor: openSync(path, "wx+") };
    } catch {
      return undefined;
    }
  }
}

function remove(file: OwnFile | undefined): void {
  if (!file) return;
  closeSync(file.descriptor);
  rmSync(file.path, { force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Milliseconds; of a file that is gone, endless. */
function ageOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? Date.now() - found.mtimeMs : Number.POSITIVE_INFINITY;
}

function saysYes(path: string): boolean {
  const answer = Uint8Array.of(0);
  try {
    const descriptor = openSync(path, "r");
    try {
      readSync(descriptor, answer, 0, 1, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
  return answer[0] === YES[0];
}
