/**
 * The threads that the writing of CSV is shared with. They are started when first used and end when long idle. Other work
 * was measured to gain nothing from threads on two processors, where it took a third more of their time.
 */
import { availableParallelism, existsSync } from "../../../node.js";
import { Thread } from "./thread.js";

/** Beside this thread; more would wait for memory. */
const MOST_THREADS = 3;
/** Tasks given to a thread at once: the next is there when one is done. */
const QUEUE = 2;
/** Milliseconds after their last use that threads are kept. */
const IDLE_TIME = 2_000;

/**
 * The program of a thread, as it lies beside this module once built; elsewhere there is none, and no threads. And the
 * processors that threads may be for.
 */
export const threadProgram: { url: URL | undefined; processors: number } = {
  url: besideThisModule("../threads/worker.js"),
  processors: availableParallelism(),
};

function besideThisModule(path: string): URL | undefined {
  if (!import.meta.url.startsWith("file:")) return undefined;
  const url = new URL(path, import.meta.url);
  return existsSync(url) ? url : undefined;
}

export class ThreadPool {
  readonly #threads: readonly Thread[];

  constructor(threads: readonly Thread[]) {
    this.#threads = threads;
  }

  /** A thread that would begin a task soon. */
  get idle(): Thread | undefined {
    let idle: Thread | undefined;
    for (const thread of this.#threads) {
      if (!thread.hasEnded && thread.pending < QUEUE && thread.pending < (idle?.pending ?? QUEUE)) idle = thread;
    }
    return idle;
  }

  /** Tasks that can be under way at once. */
  get capacity(): number {
    return QUEUE * this.#threads.length;
  }

  get isBroken(): boolean {
    return this.#threads.some((thread) => thread.hasEnded);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

let shared: ThreadPool | undefined;
let users = 0;
let ending: NodeJS.Timeout | undefined;

/** A use of the process's threads; to be ended. */
export interface ThreadUse {
  readonly pool: ThreadPool;
  end(): void;
}

/** The threads of this process, or undefined where there are none to have, or no processors for them. */
export function useThreads(): ThreadUse | undefined {
  const { url, processors } = threadProgram;
  const count = Math.min(processors - 1, MOST_THREADS);
  if (count < 1 || url === undefined) return undefined;
  if (shared?.isBroken) shared = undefined;
  clearTimeout(ending);
  shared ??= new ThreadPool(Array.from({ length: count }, () => new Thread(url)));
  const pool = shared;
  users++;
  let ended = false;
  return {
    pool,
    end() {
      if (ended) return;
      ended = true;
      users--;
      if (users === 0) ending = setTimeout(() => void endThreads(), IDLE_TIME).unref();
    },
  };
}

/** Ends the threads if nobody uses them. */
export async function endThreads(): Promise<void> {
  if (users > 0) return;
  const pool = shared;
  shared = undefined;
  await pool?.close();
}
