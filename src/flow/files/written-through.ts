/** Targets that are no regular files: standard output, pipes and devices take bytes as they come, and are never replaced. */
import { write } from "node:fs";
import { open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { clearUp, ifPossible } from "../failures.js";

/** Stands for standard output. */
export const STANDARD_OUTPUT = "-";

/** Whether what is at a path is to be written to as it is. */
export async function isWrittenThrough(path: string): Promise<boolean> {
  if (path === STANDARD_OUTPUT) return true;
  const found = await ifPossible(stat(path));
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** Takes bytes in their order, all of them before the promise resolves. */
export interface ByteStream {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens a pipe, which waits for one who reads it, or a device; or takes standard output. */
export async function openWrittenThrough(path: string): Promise<ByteStream> {
  if (path === STANDARD_OUTPUT) return STANDARD_OUTPUT_STREAM;
  const file = await open(path, "w");
  return { write: (bytes) => writeThrough(file.fd, bytes), close: () => clearUp(() => file.close()) };
}

const STANDARD_OUTPUT_FD = 1;
const STANDARD_OUTPUT_STREAM: ByteStream = {
  write: (bytes) => writeThrough(STANDARD_OUTPUT_FD, bytes),
  close: async () => {},
};

/** Milliseconds between attempts to write to a pipe that is full and does not wait. */
const FULL_PAUSE = 5;

async function writeThrough(fd: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const written = await writeOnce(fd, bytes.subarray(done));
    if (written === 0) await sleep(FULL_PAUSE);
    done += written;
  }
}

/** Bytes written; 0 where there is no room at the moment. */
function writeOnce(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, null, (error, count) => {
      if (error === null) resolve(count);
      else if (error.code === "EAGAIN") resolve(0);
      else reject(error);
    });
  });
}
