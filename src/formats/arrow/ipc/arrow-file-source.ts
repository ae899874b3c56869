/** Files of Arrow's IPC format, of both kinds, batch by batch. */

import type * as Arrow from "apache-arrow";
import { OmeroError } from "../../../errors.js";
import { LocalFile } from "../../../flow/files/local-file.js";
import { damagedFiles } from "../../damaged-files.js";
import type { BatchStreamOptions, Source } from "../../format.js";
import type { FileHandle } from "../../node.js";
import { type ChunkedColumns, chunkedColumns, openChunks } from "../arrow-source.js";
import { checkBlocks, checkStream } from "./check-messages.js";
import { registerDecompressors } from "./decompressors.js";
import { ARROW_MAGIC, isArrowFile } from "./magic.js";

const { reading, malformed } = damagedFiles("Arrow");

/** The footer's length and the magic bytes. */
const END_BYTES = 4 + ARROW_MAGIC.length;

/**
 * Opens a file of record batches, of either kind, plain or compressed (ZSTD, LZ4).
 * @throws FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE`, and for values no column can hold
 */
export async function openArrowFile(path: string | URL, options: BatchStreamOptions): Promise<Source> {
  const columns = await openArrowColumns(path, options.signal);
  try {
    return await openChunks(columns, options);
  } catch (error) {
    await columns.close();
    // What a batch refers to is looked at when its columns are taken.
    throw error instanceof OmeroError ? error : malformed({ path: String(path) }, (error as Error).message, error);
  }
}

/** The same as columns that can be read any number of times. @throws FileError, DataError as {@link openArrowFile} */
export async function openArrowColumns(path: string | URL, signal: AbortSignal | undefined): Promise<ChunkedColumns> {
  const file = await LocalFile.open(path);
  try {
    await reading(file, () => checkMessages(file));
    await registerDecompressors();
    const schema = await reading(file, async () => (await openReader(file)).schema);
    const batches = () => recordBatches(file);
    return chunkedColumns({ schema, batches, close: () => file.close() }, signal);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function* recordBatches(file: LocalFile): AsyncGenerator<Arrow.RecordBatch, void, undefined> {
  const reader = await reading(file, () => openReader(file));
  for (;;) {
    const next = await reading(file, async () => reader.next());
    if (next.done) return;
    const batch = next.value as Arrow.RecordBatch;
    checkLengths(file, batch);
    yield batch;
  }
}

function checkLengths(file: LocalFile, { numRows, data }: Arrow.RecordBatch): void {
  const wrong = data.children.find(({ length }) => length !== numRows);
  if (wrong) throw malformed(file, `a column has ${wrong.length} rows in a batch of ${numRows}`);
}

async function openReader(file: LocalFile): Promise<Arrow.RecordBatchReader> {
  const arrow = await import("apache-arrow");
  const reader = await arrow.RecordBatchReader.from(notClosing(file) as FileHandle);
  return reader.open({ autoDestroy: false });
}

/** A handle that stays open when Arrow has done with it: the file is read again. */
function notClosing({ handle }: LocalFile) {
  return {
    fd: handle.fd,
    stat: () => handle.stat(),
    read: (buffer: Uint8Array, offset: number, length: number, position: number) =>
      handle.read(buffer, offset, length, position),
    close: async () => {},
  };
}

/** Arrow would make room for as much as damaged lengths claim. */
async function checkMessages(file: LocalFile): Promise<void> {
  const head = new Uint8Array(8);
  await file.handle.read(head, 0, 8, 0);
  if (!isArrowFile(head)) return checkStream(file);
  const end = new Uint8Array(END_BYTES);
  await file.handle.read(end, 0, END_BYTES, Math.max(0, file.size - END_BYTES));
  if (!isArrowFile(end.subarray(4))) throw new RangeError("its end is missing");
  const length = new DataView(end.buffer).getInt32(0, true);
  await checkBlocks(file, length, file.size - END_BYTES);
}
