import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** What log-ins leave on disk takes some hundred bytes. */
const LARGEST = 65_536;

/**
 * The text of a small file; undefined for a larger one, and for what is no file: a pipe would be waited for, a device read
 * for ever.
 * @throws the system's error where it cannot be read.
 */
export async function readSmallFile(path: string): Promise<string | undefined> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (!stats.isFile() || stats.size > LARGEST) return undefined;
  const bytes = new Uint8Array(LARGEST);
  const { bytesRead } = await file.read(bytes, 0, LARGEST, 0);
  return Buffer.from(bytes.buffer, 0, bytesRead).toString();
}
