/** The data of a CSV text, as a scanner of bytes takes them. */
import { type CsvDialect, SPACED_DELIMITERS } from "../opening/dialect.js";
import type { ByteReader } from "./byte-reader.js";
import { SpacedReader } from "./spaced-reader.js";

/** The text from `offset` on; columns aligned by spaces are divided by tabs. */
export async function dataReader(text: ByteReader, offset: number, dialect: CsvDialect): Promise<ByteReader> {
  await skip(text, offset);
  const least = SPACED_DELIMITERS.get(dialect.delimiter);
  return least === undefined ? text : new SpacedReader(text, least, dialect.quote);
}

/** Passes over the first `count` bytes. */
async function skip(reader: ByteReader, count: number): Promise<void> {
  const scratch = new Uint8Array(Math.min(count, 64 * 1024));
  for (let left = count; left > 0; ) {
    const read = await reader.read(scratch.subarray(0, Math.min(left, scratch.length)));
    if (read === 0) return;
    left -= read;
  }
}
