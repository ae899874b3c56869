/**
 * Writes of a pixel file of which nobody ever sees a half, whenever the process is killed. What is about to be written is
 * noted in a file beside it: where, if nothing was there yet, and the bytes, too, if something was. The next start makes
 * zeros of the first, and writes the second again.
 */
import { type FileHandle, open, rm } from "node:fs/promises";
import { clearUp } from "../../flow/failures.js";
import { writeAll } from "../../flow/files/write-all.js";
import { DirectFile, wholeBlocks } from "./direct-file.js";
import { Extents } from "./extents.js";

/** Of the file beside a pixel file. */
export const NOTE_SUFFIX = ".writing";

/** What is noted: whether bytes follow (8 bytes), where they go and how many they are (64 bits each). */
const NOTE_SIZE = 24;
const KINDS = { fresh: 1n, again: 2n } as const;
const ZEROS = 1 << 20;
/** Pixel files that are open for writing at once. */
const MOST_OPEN = 64;
/** Bytes of the system's cache from which on they are sent to the disk while more are coming. */
const WORTH_SENDING = 16 << 20;
/** Bytes that are worth a way past the cache. */
const WORTH_DIRECTING = 1 << 20;

interface OpenFiles {
  readonly file: FileHandle;
  readonly notes: FileHandle;
  /** Opened for the first large write; null where there is none. */
  direct?: DirectFile | null;
}

export class WholeWrites {
  readonly #path: string;
  readonly #recent: RecentWrites;
  readonly #written = new Extents();
  #open: OpenFiles | undefined;
  #isBusy = false;
  /** Bytes in the system's cache since it was last sent to the disk. */
  #unsent = 0;
  #sending: Promise<void> | undefined;
  /** What sending to the disk failed with: the system tells it once. */
  #failure: unknown;

  /**
   * @param path a file of zeros, which nobody else writes.
   * @param recent keeps few files open at once.
   */
  constructor(path: string, recent = new RecentWrites()) {
    this.#path = path;
    this.#recent = recent;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * All of it or, if it fails, nothing where nothing was. One write at a time.
   * @param meanwhile other work on the bytes, for which there is time while the system writes them.
   */
  async write(bytes: Uint8Array, position: number, meanwhile?: () => void): Promise<void> {
    if (bytes.length === 0) return;
    this.#isBusy = true;
    try {
      await this.#recent.use(this);
      const open = await this.#opened();
      await this.#write(open, bytes, position, meanwhile);
      this.#sendOn(open.file);
    } finally {
      this.#isBusy = false;
    }
  }

  async #write(
    open: OpenFiles,
    bytes: Uint8Array,
    position: number,
    meanwhile: (() => void) | undefined,
  ): Promise<void> {
    const { file, notes } = open;
    const end = position + bytes.length;
    const isFresh = !this.#written.overlaps(position, end);
    if (!isFresh) await writeAll(notes, bytes, NOTE_SIZE);
    await writeAll(notes, noteOf(isFresh ? KINDS.fresh : KINDS.again, position, bytes.length), 0);
    try {
      await this.#openDirect(open, bytes.length);
      const writing = this.#put(open, bytes, position);
      meanwhile?.();
      await writing;
    } catch (error) {
      if (isFresh) await clearUp(() => clear(file, position, bytes.length));
      throw error;
    }
    await writeAll(notes, noteOf(0n, 0, 0), 0);
    if (!isFresh) await notes.truncate(NOTE_SIZE);
    this.#written.add(position, end);
  }

  async #openDirect(open: OpenFiles, length: number): Promise<void> {
    if (length < WORTH_DIRECTING || open.direct !== undefined) return;
    open.direct = (await DirectFile.open(this.#path)) ?? null;
  }

  /** Whole blocks go to the disk at once if they are many, and what is left by way of the system's cache. */
  async #put({ file, direct }: OpenFiles, bytes: Uint8Array, position: number): Promise<void> {
    const { start, end } = wholeBlocks(position, bytes.length);
    const isLarge = end - start >= WORTH_DIRECTING;
    const done = isLarge && direct ? await direct.write(bytes.subarray(start, end), position + start) : 0;
    await writeAll(file, bytes.subarray(0, done === 0 ? bytes.length : start), position);
    if (done > 0) await writeAll(file, bytes.subarray(start + done), position + start + done);
    this.#unsent += bytes.length - done;
  }

  /** Has the disk work while bytes come, so that {@link sync} has little to wait for. */
  #sendOn(file: FileHandle): void {
    if (this.#sending || this.#unsent < WORTH_SENDING) return;
    this.#unsent = 0;
    this.#sending = file
      .datasync()
      .catch((error) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#sending = undefined;
        if (this.#open?.file === file) this.#sendOn(file);
      });
  }

  /** Returns when what was written is on the disk. */
  async sync(): Promise<void> {
    await this.#sending;
    if (this.#failure !== undefined) throw this.#failure;
    const { file } = await this.#opened();
    await file.datasync();
  }

  /** Closes the files until the next write. Only between writes. */
  async rest(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await this.#sending;
    await open?.direct?.close();
    await open?.file.close();
    await open?.notes.close();
  }

  async close(): Promise<void> {
    this.#recent.forget(this);
    await this.rest();
    await rm(this.#path + NOTE_SUFFIX, { force: true });
  }

  async #opened(): Promise<OpenFiles> {
    if (this.#open) return this.#open;
    const file = await open(this.#path, "r+");
    try {
      this.#open = { file, notes: await open(this.#path + NOTE_SUFFIX, "w", 0o600) };
      return this.#open;
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}

/** Those that wrote last have their files open, and no others: many may be written at once. */
export class RecentWrites {
  readonly #most: number;
  readonly #recent = new Set<WholeWrites>();

  constructor(most = MOST_OPEN) {
    this.#most = most;
  }

  async use(writes: WholeWrites): Promise<void> {
    this.#recent.delete(writes);
    this.#recent.add(writes);
    for (const old of [...this.#recent]) {
      if (this.#recent.size <= this.#most) return;
      if (old.isBusy) continue;
      this.#recent.delete(old);
      await old.rest();
    }
  }

  forget(writes: WholeWrites): void {
    this.#recent.delete(writes);
  }
}

/** Ends, or undoes, the write of a file that the process did not live to end. */
export async function recoverWrites(path: string): Promise<void> {
  const notesPath = path + NOTE_SUFFIX;
  const notes = await open(notesPath, "r");
  try {
    const [kind, position, length] = await readNote(notes);
    if (kind === KINDS.fresh || kind === KINDS.again) {
      const file = await open(path, "r+");
      try {
        if (kind === KINDS.again) await copyBytes(notes, file, position, length);
        else await clear(file, position, length);
        await file.datasync();
      } finally {
        await file.close();
      }
    }
  } finally {
    await notes.close();
  }
  await rm(notesPath, { force: true });
}

function noteOf(kind: bigint, position: number, length: number): Uint8Array {
  const note = Buffer.alloc(NOTE_SIZE);
  note.writeBigUInt64LE(kind, 0);
  note.writeBigUInt64LE(BigInt(position), 8);
  note.writeBigUInt64LE(BigInt(length), 16);
  return note;
}

async function readNote(notes: FileHandle): Promise<[kind: bigint, position: number, length: number]> {
  const note = Buffer.alloc(NOTE_SIZE);
  const { bytesRead } = await notes.read(note, 0, NOTE_SIZE, 0);
  if (bytesRead < NOTE_SIZE) return [0n, 0, 0];
  return [note.readBigUInt64LE(0), Number(note.readBigUInt64LE(8)), Number(note.readBigUInt64LE(16))];
}

/** Zeros as far as the file goes. */
async function clear(file: FileHandle, position: number, length: number): Promise<void> {
  const { size } = await file.stat();
  const end = Math.min(position + length, size);
  const zeros = new Uint8Array(Math.min(ZEROS, length));
  for (let at = position; at < end; at += zeros.length) {
    await writeAll(file, zeros.subarray(0, Math.min(zeros.length, end - at)), at);
  }
}

async function copyBytes(notes: FileHandle, file: FileHandle, position: number, length: number): Promise<void> {
  const buffer = new Uint8Array(Math.min(ZEROS, length));
  for (let done = 0; done < length; ) {
    const wanted = Math.min(buffer.length, length - done);
    const { bytesRead } = await notes.read(buffer, 0, wanted, NOTE_SIZE + done);
    if (bytesRead === 0) return;
    await writeAll(file, buffer.subarray(0, bytesRead), position + done);
    done += bytesRead;
  }
}
