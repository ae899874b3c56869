/** The bytes of long records, in pieces of 1 MiB: LMDB takes no value over 2 GB, and a part is read without the rest. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfAborted } from "../../errors.js";
import { damaged, type Pages, readLmdb, type Snapshot } from "./environment.js";

export const PIECE_BYTES = 1024 * 1024;
/** So much is read before other work of the process has a turn. */
export const TURN_BYTES = 16 * PIECE_BYTES;

/** Piece `n` of content `id` has the key `[id, n]`. */
export type ContentPages = Pages<[number, number]>;

/** A number no content has, within a write. */
export function newContentId(pages: ContentPages): number {
  for (const [id] of pages.getKeys({ reverse: true, limit: 1 })) return id + 1;
  return 0;
}

/** Within a write: `bytes` as pieces from number `first` on. */
export function writePieces(pages: ContentPages, id: number, bytes: Uint8Array, first = 0): void {
  for (let piece = 0; piece * PIECE_BYTES < bytes.length; piece++) {
    pages.putSync([id, first + piece], bytes.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES));
  }
}

/** Within a write. */
export function removePieces(pages: ContentPages, id: number): void {
  const keys = [...pages.getKeys({ start: [id, 0], end: [id + 1, 0] })];
  for (const key of keys) pages.removeSync(key);
}

export interface ContentReadOptions {
  readonly snapshot?: Snapshot | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Copies parts of one content. */
export class ContentReader {
  readonly #pages: ContentPages;
  readonly #id: number;
  readonly #options: { transaction?: Snapshot };
  readonly #signal: AbortSignal | undefined;
  readonly #base: number;
  #sinceTurn = 0;

  /** Reads content `id`, as if it began at its byte `base`. */
  constructor(pages: ContentPages, id: number, { snapshot, signal }: ContentReadOptions = {}, base = 0) {
    this.#base = base;
    this.#pages = pages;
    this.#id = id;
    this.#options = snapshot === undefined ? {} : { transaction: snapshot };
    this.#signal = signal;
  }

  /**
   * Copies the bytes from `start` on into `target`.
   * @throws DataError `MALFORMED_FILE`
   */
  copy(target: Uint8Array, start: number): void {
    for (let done = 0; done < target.length; ) {
      const position = this.#base + start + done;
      const piece = Math.floor(position / PIECE_BYTES);
      const offset = position % PIECE_BYTES;
      const length = Math.min(PIECE_BYTES - offset, target.length - done);
      this.#copyPart(target.subarray(done, done + length), piece, offset);
      done += length;
    }
    this.#sinceTurn += target.length;
  }

  /**
   * A copy of a content of one piece.
   * @throws DataError `MALFORMED_FILE`
   */
  onlyPiece(length: number): Uint8Array {
    const bytes = fastBytes(this.#pages, [this.#id, 0], this.#options);
    if (bytes === undefined || bytes.length < length) throw damaged("An entry of the store");
    return new Uint8Array(bytes.subarray(0, length));
  }

  /**
   * Looks whether the content has so many bytes, before memory is taken for them.
   * @throws DataError `MALFORMED_FILE`
   */
  check(length: number): void {
    const end = this.#base + length;
    const piece = Math.ceil(end / PIECE_BYTES) - 1;
    if (length === 0) return;
    const last = fastBytes(this.#pages, [this.#id, piece], this.#options);
    if (last === undefined || last.length < end - piece * PIECE_BYTES) throw damaged("An entry of the store");
  }

  /** Lets other work of the process have its turn, where it is time. Only with a snapshot: without, the state may change. */
  async rest(): Promise<void> {
    throwIfAborted(this.#signal, "reading from the store");
    if (this.#sinceTurn < TURN_BYTES) return;
    this.#sinceTurn = 0;
    await nextTurn();
  }

  #copyPart(target: Uint8Array, piece: number, offset: number): void {
    const bytes = fastBytes(this.#pages, [this.#id, piece], this.#options);
    if (bytes === undefined || bytes.length < offset + target.length) throw damaged("An entry of the store");
    target.set(bytes.subarray(offset, offset + target.length));
  }
}

/** All of a content, in this turn. */
export function readContent(reader: ContentReader, length: number): Uint8Array {
  if (length > 0 && length <= PIECE_BYTES) return reader.onlyPiece(length);
  reader.check(length);
  const bytes = new Uint8Array(length);
  reader.copy(bytes, 0);
  return bytes;
}

/** All of a content of a snapshot, in several turns. */
export async function readInTurns(reader: ContentReader, length: number): Promise<Uint8Array> {
  reader.check(length);
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += TURN_BYTES) {
    reader.copy(bytes.subarray(start, start + TURN_BYTES), start);
    await reader.rest();
  }
  return bytes;
}

/** The bytes of an entry in LMDB's own memory: good until the next read. */
export function fastBytes<Key>(
  pages: { getBinaryFast(key: Key): Uint8Array | undefined },
  key: Key,
  options: { transaction?: Snapshot },
): Uint8Array | undefined {
  return readLmdb(() => (pages as unknown as FastReader<Key>).getBinaryFast(key, options));
}

interface FastReader<Key> {
  getBinaryFast(key: Key, options: { transaction?: Snapshot }): Uint8Array | undefined;
}
