/** The program of other threads, built for a test: it cannot run from TypeScript. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { endThreads, threadProgram } from "../../src/formats/csv/write/threads/pool.js";

/** Has threads be used from now on; the function returned ends that. */
export async function provideThreads(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "omero2frame-threads-"));
  const entry = fileURLToPath(new URL("../../src/formats/csv/write/worker.ts", import.meta.url));
  const outfile = join(directory, "worker.mjs");
  await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "node", packages: "external" });
  const { processors } = threadProgram;
  Object.assign(threadProgram, { url: pathToFileURL(outfile), processors: 3 });
  return async () => {
    Object.assign(threadProgram, { url: undefined, processors });
    await endThreads();
    await rm(directory, { recursive: true, force: true });
  };
}
