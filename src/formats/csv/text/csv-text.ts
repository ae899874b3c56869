/** The text of a CSV file from its beginning: inflated, decoded to UTF-8, without byte order mark. */
import { type ByteReader, PrefixedReader, readFully } from "./byte-reader.js";
import { decodeReader, detectEncoding, encodingLabel } from "./decoded-reader.js";
import { refuseForeignContent } from "./foreign-content.js";
import { inflateReader, isGzip } from "./inflated-reader.js";

/** As much is read ahead to find out the encoding. */
const SNIFFED = 4096;

export interface CsvText {
  readonly reader: ByteReader;
  readonly encoding: string;
  /** Whether the bytes are read as they are stored, so that the size of the file is that of the text. */
  readonly verbatim: boolean;
}

/** Text that a compressed file may hold, unless something else is said: 2 GiB. */
export const MOST_INFLATED_BYTES = 2 ** 31;

/**
 * @param encoding detected if undefined
 * @param maxBytes text that a compressed file may hold
 * @throws DataError `MALFORMED_FILE` for what is no text, naming what it is; `LIMIT_EXCEEDED`, there or from the reader
 */
export async function openText(
  stored: ByteReader,
  encoding: string | undefined,
  maxBytes = MOST_INFLATED_BYTES,
): Promise<CsvText> {
  const packed = await sniff(stored);
  refuseForeignContent(packed.bytes);
  const gzip = isGzip(packed.bytes);
  const { bytes, reader } = gzip ? await sniff(await inflateReader(packed.reader, maxBytes)) : packed;
  if (gzip) refuseForeignContent(bytes);
  const detected = detectEncoding(bytes);
  const label = encoding === undefined ? detected.encoding : encodingLabel(encoding);
  if (label === detected.encoding) await readFully(reader, new Uint8Array(detected.markLength));
  return { reader: decodeReader(reader, label), encoding: label, verbatim: !gzip && label === "utf-8" };
}

/** The first bytes of a reader, and a reader that begins with them. */
async function sniff(reader: ByteReader): Promise<{ bytes: Uint8Array; reader: ByteReader }> {
  const buffer = new Uint8Array(SNIFFED);
  const bytes = buffer.subarray(0, await readFully(reader, buffer));
  return { bytes, reader: new PrefixedReader(bytes, reader) };
}
