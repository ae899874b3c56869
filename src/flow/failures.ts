/** What becomes of a failure that is not thrown where it happens: the only places that let one pass. */

/** For a promise that is awaited later, or by someone else. Until then its failure is not an unhandled one. */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/**
 * Does what clears up, one step after the other. It comes after a failure, or must leave nothing in the way of what
 * follows: that a step fails is no news, and the next is done nevertheless.
 */
export async function clearUp(...steps: readonly (() => unknown)[]): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch {
      // See above.
    }
  }
}

/**
 * For what is good to have done, and nobody waits for: a farewell, a sign of life, a thing prepared. Whoever depends on it
 * finds out by itself that it failed.
 */
export function inBackground(promise: Promise<unknown>): void {
  promise.catch(() => {});
}

/** The result, or undefined where it cannot be had: a file that is not there, an answer that is not needed. */
export function ifPossible<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}

/** Keeps a promise in a map unless it fails: the next who asks tries again. Gives the promise, whose failure is the caller's. */
export function keepUnlessFailed<Key, T>(
  map: { set(key: Key, promise: Promise<T>): unknown; delete(key: Key): unknown },
  key: Key,
  promise: Promise<T>,
): Promise<T> {
  map.set(key, promise);
  promise.catch(() => map.delete(key));
  return promise;
}
