/** Runs the command line of this process. */
import { constants } from "node:os";
import { AbortError, OmeroError } from "../errors.js";
import { ENDING_SIGNALS, watchCleaning } from "../flow/process/cleaning.js";
import { warn } from "./output.js";
import { program } from "./program.js";

/** Exit codes: 0 done, 1 failed, 128 and the signal's number where one has stopped the work. */
export async function run(): Promise<void> {
  const stopping = new Stopping();
  try {
    await program(stopping.signal).parseAsync();
  } catch (error) {
    if (!(error instanceof OmeroError)) throw error;
    warn(error.message);
    // Ctrl-C at a prompt is no signal, but means the same.
    if (error instanceof AbortError) stopping.by ||= constants.signals.SIGINT;
    process.exitCode = stopping.by > 0 ? 128 + stopping.by : 1;
  }
}

/**
 * While there is something to tidy up, the first signal has what is under way stop and do so; a second one ends the process,
 * and so does the first at any other time, in the midst of a calculation too.
 */
class Stopping {
  /** Number of the signal that has come. */
  by = 0;
  readonly #interrupted = new AbortController();

  constructor() {
    watchCleaning((isPending) => this.#listen(isPending && this.by === 0));
  }

  get signal(): AbortSignal {
    return this.#interrupted.signal;
  }

  #listen(wanted: boolean): void {
    for (const signal of ENDING_SIGNALS) {
      if (wanted) process.on(signal, this.#stop);
      else process.off(signal, this.#stop);
    }
  }

  readonly #stop = (signal: NodeJS.Signals) => {
    this.by = constants.signals[signal];
    this.#listen(false);
    this.#interrupted.abort(new Error(`stopped by ${signal}`));
  };
}
