/** The bytes of a local file as those of one on the server. */
import { createHash } from "node:crypto";
import type { RemoteFile } from "../connect/index.js";
import { DataError } from "../errors.js";
import type { OnProgress } from "../table.js";
import type { LocalFile } from "./local-file.js";

export interface StoreContentOptions {
  /** Bytes a call. Default 8 MiB. */
  readonly chunkSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of bytes sent. */
  readonly onProgress?: OnProgress | undefined;
}

export interface StoredContent {
  /** Bytes. */
  readonly size: number;
  /** SHA-1 in hexadecimal. */
  readonly sha1: string;
}

const DEFAULT_CHUNK = 8 << 20;

/**
 * Sends all bytes, has the server note their size and checksum, and closes the file on the server.
 * @throws DataError `CHECKSUM_MISMATCH` where what the server noted differs from what was sent
 */
export async function storeContent(
  remote: RemoteFile,
  local: LocalFile,
  options: StoreContentOptions,
): Promise<StoredContent> {
  const sent = await send(remote, local, options);
  const saved = await remote.save({ signal: options.signal });
  await remote.close();
  if (saved.size !== undefined && saved.size !== sent.size) {
    throw new DataError("CHECKSUM_MISMATCH", `the server holds ${saved.size} bytes where ${sent.size} were sent`);
  }
  if (saved.sha1 !== undefined && saved.sha1 !== sent.sha1) {
    throw new DataError("CHECKSUM_MISMATCH", `the server's SHA-1 is ${saved.sha1} where ${sent.sha1} was sent`);
  }
  return sent;
}

/** One block is in flight while the next is read and hashed. */
async function send(remote: RemoteFile, local: LocalFile, options: StoreContentOptions): Promise<StoredContent> {
  const { signal, onProgress, chunkSize = DEFAULT_CHUNK } = options;
  const hash = createHash("sha1");
  const total = local.size;
  let sent = 0;
  let writing: Promise<void> = Promise.resolve();
  onProgress?.({ done: 0, total, unit: "bytes" });
  for await (const block of local.blocks(chunkSize)) {
    hash.update(block);
    await writing;
    const position = sent;
    writing = remote.write(position, block, { signal }).then(() => {
      onProgress?.({ done: position + block.length, total, unit: "bytes" });
    });
    writing.catch(() => {}); // thrown when it is awaited
    sent += block.length;
  }
  await writing;
  return { size: sent, sha1: hash.digest("hex") };
}
