/** What the parts of a workbook, which is a ZIP file, hold when they are unpacked: some kilobytes of one can fill memory. */
import { DataError } from "../../errors.js";
import { LocalFile } from "../../flow/files/local-file.js";
import { createInflateRaw, createReadStream } from "./node.js";

/** Bytes that deflate makes of one, at most. */
const MOST_EXPANSION = 1032;
const DEFLATED = 8;
const LOCAL_HEADER = 30;
const DIRECTORY_ENTRY = 46;
const DIRECTORY_END = 22;
const LONGEST_COMMENT = 0xffff;
const END_SIGNATURE = Buffer.from("PK\x05\x06", "latin1");

/** A part as the file stores it. */
interface StoredPart {
  readonly method: number;
  readonly start: number;
  readonly bytes: number;
}

/**
 * Counts what a workbook holds, by unpacking it, where it could be too much.
 * @throws DataError `LIMIT_EXCEEDED` for more than `maxBytes`; `MALFORMED_FILE` for what is no ZIP file; FileError
 */
export async function checkUnpackedBytes(path: string, maxBytes: number): Promise<void> {
  const file = await LocalFile.open(path);
  try {
    if (file.size * MOST_EXPANSION <= maxBytes) return;
    const parts = await storedParts(file);
    // Readers find parts by their headers too, which no directory need list.
    const listed = parts.reduce((sum, { bytes }) => sum + bytes + LOCAL_HEADER, 0);
    let left = maxBytes - Math.max(0, file.size - listed - slack(parts.length)) * MOST_EXPANSION;
    for (const part of parts) {
      if (left < 0) break;
      left -= part.method === DEFLATED ? await inflatedBytes(path, part, left) : part.bytes;
    }
    if (left < 0) throw tooMuch(path, maxBytes);
  } finally {
    await file.close();
  }
}

/** Bytes of names, of directory entries and of what follows a part, at most, in an ordinary file. */
function slack(parts: number): number {
  return LONGEST_COMMENT + DIRECTORY_END + parts * 1024;
}

/** Stops as soon as there are more than `most`. */
async function inflatedBytes(path: string, { start, bytes }: StoredPart, most: number): Promise<number> {
  if (bytes === 0) return 0;
  const stored = createReadStream(path, { start, end: start + bytes - 1 });
  let count = 0;
  try {
    for await (const chunk of stored.pipe(createInflateRaw())) {
      count += (chunk as Buffer).length;
      if (count > most) break;
    }
  } catch {
    // Damaged: what it holds until there is counted, and its reader tells.
  } finally {
    stored.destroy();
  }
  return count;
}

async function storedParts(file: LocalFile): Promise<StoredPart[]> {
  const directory = await readDirectory(file);
  const parts: StoredPart[] = [];
  for (let at = 0; at + DIRECTORY_ENTRY <= directory.length; ) {
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const header = await bytesAt(file, directory.readUInt32LE(at + 42), LOCAL_HEADER);
    const start = directory.readUInt32LE(at + 42) + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
    parts.push({ method: directory.readUInt16LE(at + 10), start, bytes: directory.readUInt32LE(at + 20) });
    at += DIRECTORY_ENTRY + name + extra + comment;
  }
  return parts;
}

async function readDirectory(file: LocalFile): Promise<Buffer> {
  const tail = Math.min(file.size, DIRECTORY_END + LONGEST_COMMENT);
  const end = await bytesAt(file, file.size - tail, tail);
  const at = end.lastIndexOf(END_SIGNATURE);
  if (at < 0 || at + DIRECTORY_END > end.length) throw notZip(file.path);
  return bytesAt(file, end.readUInt32LE(at + 16), end.readUInt32LE(at + 12));
}

async function bytesAt(file: LocalFile, start: number, length: number): Promise<Buffer> {
  if (start + length > file.size) throw notZip(file.path);
  const bytes = Buffer.alloc(length);
  await file.handle.read(bytes, 0, length, start);
  return bytes;
}

function notZip(path: string): DataError {
  const message = `${path} cannot be read as an Excel workbook: it has no list of its parts`;
  return new DataError("MALFORMED_FILE", message, { path });
}

function tooMuch(path: string, maxBytes: number): DataError {
  const message = `${path} holds more than ${maxBytes} bytes when it is unpacked: save the sheet as CSV, or set maxBytes to how many it may hold`;
  return new DataError("LIMIT_EXCEEDED", message, { path });
}
