/**
 * Closes what is open when the process ends: when its event loop runs empty, when it calls `process.exit`, and on
 * SIGINT, SIGTERM and SIGHUP. Nothing is installed while nothing is open.
 */

import { beginCleaning, ENDING_SIGNALS } from "./cleaning.js";

export interface ClosedAtExit {
  close(): Promise<void>;
  /** Does what can be done without waiting. Must not throw. */
  closeNow(): void;
}

/** Milliseconds that closing may take once a signal has come. */
const CLOSING_TIME = 5_000;

const open = new Set<ClosedAtExit>();

/** Has `closable` closed with the process. Returns a function that ends this. */
export function closeAtExit(closable: ClosedAtExit): () => void {
  if (open.size === 0) install();
  open.add(closable);
  const endCleaning = beginCleaning();
  return () => {
    endCleaning();
    if (open.delete(closable) && open.size === 0) uninstall();
  };
}

function install(): void {
  process.on("beforeExit", closeAll);
  process.on("exit", closeAllNow);
  // First in line, so that a listener of the program that serves only once is still seen to be there.
  for (const signal of ENDING_SIGNALS) process.prependListener(signal, onSignal);
}

function uninstall(): void {
  process.off("beforeExit", closeAll);
  process.off("exit", closeAllNow);
  for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
}

async function closeAll(): Promise<void> {
  await Promise.allSettled([...open].map((closable) => closable.close()));
}

function closeAllNow(): void {
  for (const closable of open) closable.closeNow();
}

let ending = false;

/**
 * Closes, then lets the signal do what it does by default; a second signal does not wait. A program with a listener of
 * its own decides itself what a signal means, so nothing is done then.
 */
async function onSignal(signal: NodeJS.Signals): Promise<void> {
  if (process.listenerCount(signal) > 1) return;
  if (!ending) {
    ending = true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSING_TIME);
    });
    await Promise.race([closeAll(), limit]);
    clearTimeout(timer);
  }
  open.clear();
  uninstall();
  process.kill(process.pid, signal);
}
