/** A folder of this process that vanishes with it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

export function scratchPath(name: string): string {
  folder ??= makeFolder();
  return join(folder, name);
}

function makeFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "hostile-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}
