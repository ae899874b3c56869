/** The bytes of a local file as those of one on the server. */
import { createHash } from "node:crypto";
import type { OnProgress } from "../../columns/table.js";
import { DataError } from "../../errors.js";
import type { LocalFile } from "../../flow/local-file.js";
import type { RemoteFile } from "./raw-file.js";

export interface StoreContentOptions {
  /** Bytes a call. Default 4 MiB. */
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

const DEFAULT_CHUNK = 4 << 20;
/** Calls in flight. */
const IN_FLIGHT = 3;

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

/**
 * A few blocks are in flight while the next is read; each names its place, so their order does not matter. The first goes
 * alone: it makes the file on the server, which two at once could each begin anew.
 */
async function send(remote: RemoteFile, local: LocalFile, options: StoreContentOptions): Promise<StoredContent> {
  const { signal, onProgress, chunkSize = DEFAULT_CHUNK } = options;
  const sum = createHash("sha1");
  const total = local.size;
  const writing: Promise<void>[] = [];
  let sent = 0;
  let done = 0;
  onProgress?.({ done, total, unit: "bytes" });
  try {
    for await (const block of local.blocks(chunkSize, IN_FLIGHT)) {
      const write = remote.write(sent, block, { signal }).then(() => {
        done += block.length;
        onProgress?.({ done, total, unit: "bytes" });
      });
      write.catch(() => {}); // thrown when it is awaited
      writing.push(write);
      sum.update(block);
      const inFlight = sent === 0 ? 1 : IN_FLIGHT;
      sent += block.length;
      if (writing.length >= inFlight) await writing.shift();
    }
    await Promise.all(writing);
    return { size: sent, sha1: sum.digest("hex") };
  } finally {
    await Promise.allSettled(writing);
  }
}
