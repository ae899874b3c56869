/** Checksums of files, by the names of OMERO's ChecksumAlgorithms. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

const HASHES: Record<string, string> = { "SHA1-160": "sha1", "MD5-128": "md5" };

/** Bytes summed up at a time. */
const PART = 1 << 20;

export interface ChecksumOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is waited for before each part. */
  readonly turn?: (() => Promise<void>) | undefined;
}

/**
 * In lower-case hexadecimal digits. Null for Adler-32, CRC-32 and Murmur3, which nobody but importers asks for: a file
 * without a checksum is an everyday case.
 * @throws the system's errors; an `AbortError` of Node's if `signal` fires.
 */
export async function checksumOf(
  path: string,
  algorithm: string,
  { signal, turn }: ChecksumOptions = {},
): Promise<string | null> {
  if (algorithm === "File-Size-64") return (await stat(path)).size.toString(16).padStart(16, "0");
  if (!Object.hasOwn(HASHES, algorithm)) return null;
  const hash = createHash(HASHES[algorithm]!);
  for await (const part of createReadStream(path, { highWaterMark: PART, ...(signal && { signal }) })) {
    await turn?.();
    hash.update(part as Buffer);
  }
  return hash.digest("hex");
}
