/** Waiting that ends when a signal fires. */
import { setTimeout as sleep } from "node:timers/promises";
import { abortError, throwIfAborted } from "../errors.js";

/** Calls `listener` once, when `signal` fires, or soon if it has fired already. The function returned ends the waiting. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  let waiting = true;
  const fire = () => {
    if (waiting) listener();
    waiting = false;
  };
  if (signal.aborted) queueMicrotask(fire);
  else signal.addEventListener("abort", fire, { once: true });
  return () => {
    waiting = false;
    signal.removeEventListener("abort", fire);
  };
}

/**
 * Settles as `promise` does, or fails as soon as `signal` fires; what the promise stands for goes on then.
 * @param label names in the error what was waited for. @throws AbortError
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, label: string): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, () => reject(abortError(signal, label)));
    promise.then(resolve, reject).finally(release);
  });
}

/** Waits for so many milliseconds. @param label names in the error what waits. @throws AbortError as soon as `signal` fires */
export async function sleepUnlessAborted(
  milliseconds: number,
  signal: AbortSignal | undefined,
  label: string,
): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => throwIfAborted(signal, label));
}
