/** Runs the command line of this process. */
import { constants } from "node:os";
import { AbortError } from "../errors.js";
import { ENDING_SIGNALS, watchCleaning } from "../flow/process/cleaning.js";
import { EXIT, tellFailure } from "./failure.js";
import { withUsualNames } from "./options/other-names.js";
import { program } from "./program.js";

/** Exit codes are those of {@link EXIT}. */
export async function run(): Promise<void> {
  endWithReader();
  const stopping = new Stopping();
  const args = withUsualNames(process.argv);
  const running = { command: "omero2frame", json: args.includes("--json") };
  try {
    await program(stopping.signal, running).parseAsync(args);
  } catch (error) {
    const code = tellFailure(error, running);
    // Ctrl-C at a prompt is no signal, but means the same.
    if (error instanceof AbortError) stopping.by ||= constants.signals.SIGINT;
    process.exitCode = stopping.by > 0 ? 128 + stopping.by : code;
  }
}

/** Where whoever reads the output goes away, as `head` does, there is nothing more to do and nothing to tell. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.brokenPipe);
  });
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
