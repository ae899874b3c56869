import { onAbort } from "../flow/abort.js";

/** Keeps the process alive until `signal` fires, or `end` settles. */
export async function untilStopped(signal: AbortSignal, end?: Promise<unknown>): Promise<void> {
  const keepRunning = setInterval(() => {}, 2 ** 30);
  const stopped = new Promise<void>((resolve) => onAbort(signal, resolve));
  await Promise.race([stopped, end ?? stopped]).finally(() => clearInterval(keepRunning));
}
