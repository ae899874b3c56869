#!/usr/bin/env node
/** The command line: `omero2frame --help`. */
import { OmeroError } from "../errors.js";
import { program } from "./program.js";

/** Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort(new Error("interrupted")));

try {
  await (await program(interrupted.signal)).parseAsync();
} catch (error) {
  if (!(error instanceof OmeroError)) throw error;
  process.stderr.write(`omero2frame: ${error.message}\n`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}
