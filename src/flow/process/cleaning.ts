/**
 * What this process must tidy up before it ends: sessions, files that are not whole, the state of a terminal. A program that
 * ends on signals waits for that, and lets the system end it at once where there is nothing of it.
 */

/** Signals by which a process is told to end. */
export const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

type Watcher = (isPending: boolean) => void;

const pending = new Set<object>();
let watcher: Watcher | undefined;

/** Says that there is something to tidy up, until the function returned is called. */
export function beginCleaning(): () => void {
  const one = {};
  pending.add(one);
  if (pending.size === 1) watcher?.(true);
  return () => {
    if (pending.delete(one) && pending.size === 0) watcher?.(false);
  };
}

/** Tells `watch` whenever there begins to be something to tidy up, and when there is nothing of it any more. */
export function watchCleaning(watch: Watcher): void {
  watcher = watch;
  if (pending.size > 0) watch(true);
}
