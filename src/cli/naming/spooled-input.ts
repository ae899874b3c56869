/** Standard input as a file, for what reads tables by their paths. */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FileError, invalidArgument, throwIfAborted } from "../../errors.js";
import { beginCleaning } from "../../flow/process/cleaning.js";

/** A file that lasts as long as it is used. */
export interface SpooledInput extends AsyncDisposable {
  readonly path: string;
}

/** @throws ArgumentError `INVALID_ARGUMENT` where a person would have to type it; FileError `CANNOT_WRITE_FILE` */
export async function spoolInput(signal: AbortSignal): Promise<SpooledInput> {
  if (process.stdin.isTTY) throw invalidArgument("- is standard input, but nothing is piped into this command");
  const endCleaning = beginCleaning();
  const folder = await mkdtemp(join(tmpdir(), "omero2frame-"));
  const path = join(folder, "standard-input");
  const dispose = async () => {
    await rm(folder, { recursive: true, force: true });
    endCleaning();
  };
  try {
    await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (cause) {
    await dispose();
    throwIfAborted(signal, "reading standard input");
    throw new FileError("CANNOT_WRITE_FILE", `Cannot keep standard input in ${path}: ${(cause as Error).message}`, {
      path,
      cause,
    });
  }
  return { path, [Symbol.asyncDispose]: dispose };
}
