import { open } from "node:fs/promises";
import { clearUp, ifPossible } from "../failures.js";

/** Puts the names in a folder on the disk, where the system can do that: Windows cannot, nor can some file systems. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await ifPossible(open(path, "r"));
  await clearUp(
    () => folder?.sync(),
    () => folder?.close(),
  );
}
