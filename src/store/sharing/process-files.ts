/** Small files of a store by which processes tell each other what they do. The name of each begins with its kind and its process. */
import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { markIn, ownerOfMark, ownMark } from "./process-mark.js";

/** Of the store. */
const FOLDER = "processes";

/** Who is opening the store, and who writes to it. */
export type FileKind = "opening" | "writing";

/** Milliseconds. Processes of other namespaces that run touch their files more often, or make new ones. */
const FORGOTTEN_AFTER = 3_600_000;

/** A file of this process: it says one byte. */
export class OwnFile {
  readonly #path: string;
  readonly #descriptor: number;

  private constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  /** Undefined where it cannot be made. */
  static make(store: string, kind: FileKind): OwnFile | undefined {
    const folder = join(store, FOLDER);
    const path = join(folder, `${kind}-${ownMark()}-${randomUUID()}`);
    try {
      mkdirSync(folder, { recursive: true });
      return new OwnFile(path, openSync(path, "wx+"));
    } catch {
      return undefined;
    }
  }

  say(byte: number): void {
    writeSync(this.#descriptor, Uint8Array.of(byte), 0, 1, 0);
  }

  /** Whether others still see it. */
  isThere(): boolean {
    return fstatSync(this.#descriptor).nlink > 0;
  }

  remove(): void {
    closeSync(this.#descriptor);
    rmSync(this.#path, { force: true });
  }
}

/** Paths of the files of other processes. Those that killed processes have left are removed. */
export function othersFiles(store: string, kind: FileKind): string[] {
  const folder = join(store, FOLDER);
  const names = namesIn(folder).filter((name) => name.startsWith(`${kind}-`));
  return names.filter((name) => isOfOther(folder, name, kind)).map((name) => join(folder, name));
}

/** Marks of the processes that have the store open to write. */
export function writersOf(store: string): Set<string> {
  const names = namesIn(join(store, FOLDER)).filter((name) => name.startsWith("writing-"));
  return new Set(names.map((name) => markIn(name.slice("writing-".length))));
}

/** Milliseconds since a file was last written; of a file that is gone, endless. */
export function ageOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? Date.now() - found.mtimeMs : Number.POSITIVE_INFINITY;
}

/** What a file says; undefined where it says nothing, or is gone. */
export function saidIn(path: string): number | undefined {
  const byte = new Uint8Array(1);
  try {
    const descriptor = openSync(path, "r");
    try {
      return readSync(descriptor, byte, 0, 1, 0) === 1 ? byte[0] : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

function isOfOther(folder: string, name: string, kind: FileKind): boolean {
  const owner = ownerOfMark(name.slice(kind.length + 1));
  if (owner === "own" || owner === "running") return owner === "running";
  const path = join(folder, name);
  if (owner === "unseen" && ageOf(path) < FORGOTTEN_AFTER) return true;
  rmSync(path, { force: true });
  return false;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
