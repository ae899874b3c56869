#!/usr/bin/env node
/** The command line: `omero2frame --help`. */
import { constants } from "node:os";
import { AbortError, OmeroError } from "../errors.js";
import { program } from "./program.js";

/** Exit codes: 0 done, 1 failed, 128 and the signal's number where one has stopped the work. */
const interrupted = new AbortController();
let stoppedBy = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // What is under way cleans up after itself; a second signal ends the process.
  process.once(signal, () => {
    stoppedBy ||= constants.signals[signal];
    interrupted.abort(new Error(`stopped by ${signal}`));
  });
}

try {
  await program(interrupted.signal).parseAsync();
} catch (error) {
  if (!(error instanceof OmeroError)) throw error;
  process.stderr.write(`omero2frame: ${error.message}\n`);
  // Ctrl-C at a prompt is no signal, but means the same.
  if (error instanceof AbortError) stoppedBy ||= constants.signals.SIGINT;
  process.exitCode = stoppedBy > 0 ? 128 + stoppedBy : 1;
}
