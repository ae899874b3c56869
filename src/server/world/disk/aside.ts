/** Content that no object knows of: it is kept, out of the way, for whoever runs the server to look at. */
import { randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";

/**
 * Moves it into the folder `unknown` beside the folder that it lies in.
 * @returns where it now is.
 */
export async function moveAside(folder: string, name: string, prefix = ""): Promise<string> {
  const aside = join(folder, "..", "unknown");
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const target = join(aside, `${prefix}${name}-${randomUUID()}`);
  await rename(join(folder, name), target);
  return target;
}

/** Closes a folder, and the files in it whose names match, to all but their owner. Nothing happens where there is none. */
export async function keepPrivate(folder: string, names: RegExp): Promise<void> {
  await chmod(folder, 0o700).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  for (const name of await listNames(folder)) if (names.test(name)) await chmod(join(folder, name), 0o600);
}

/** None where there is no such folder. */
export async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
