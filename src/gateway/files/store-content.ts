/** The bytes of a local file as those of one on the server. */
import { createHash } from "node:crypto";
import type { OnProgress } from "../../columns/table.js";
import { DataError } from "../../errors.js";
import type { LocalFile } from "../../flow/files/local-file.js";
import { WriteBehind } from "../../flow/write-behind.js";
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
 * One block is under way while the next is read. All go through one store: each of several would take the checksum of the
 * whole file and note it when it is closed.
 */
async function send(remote: RemoteFile, local: LocalFile, options: StoreContentOptions): Promise<StoredContent> {
  const { signal, onProgress, chunkSize = DEFAULT_CHUNK } = options;
  const sum = createHash("sha1");
  const progress = (done: number) => onProgress?.({ done, total: local.size, unit: "bytes" });
  const writes = new WriteBehind();
  let sent = 0;
  progress(sent);
  try {
    for await (const block of local.blocks(chunkSize, 1)) {
      sum.update(block);
      const start = sent;
      sent += block.length;
      const end = sent;
      await writes.next(() => remote.write(start, block, { signal }).then(() => progress(end)));
    }
    await writes.done();
    return { size: sent, sha1: sum.digest("hex") };
  } finally {
    await writes.settled();
  }
}
