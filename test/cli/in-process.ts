/** The command line within the process of a test: what it writes, and the code it would end with. */
import { Readable } from "node:stream";
import { tellFailure } from "../../src/cli/failure.js";
import { withUsualNames } from "../../src/cli/options/other-names.js";
import { program } from "../../src/cli/program.js";
import type { Ended } from "./command-line.js";

export interface RunOptions {
  readonly input?: string;
  /** Output upon which the command is stopped, for those that run until then. */
  readonly until?: RegExp;
}

/** @param env all of the environment */
export function inProcess(env: Readonly<Record<string, string>>) {
  return async (args: readonly string[], { input, until }: RunOptions = {}): Promise<Ended> => {
    const stopping = new AbortController();
    const written = { output: "", errors: "" };
    const undo = [
      replaced(process, "env", { PATH: process.env.PATH, ...env }),
      replaced(process, "stdin", Readable.from(input === undefined ? [] : [Buffer.from(input)])),
      replaced(process.stdout, "write", (text: string | Uint8Array) => {
        written.output += text;
        if (until?.test(written.output)) stopping.abort();
        return true;
      }),
      replaced(process.stderr, "write", (text: string | Uint8Array) => {
        written.errors += text;
        return true;
      }),
    ];
    const { exitCode } = process;
    process.exitCode = undefined;
    const given = withUsualNames(["node", "omero2frame", ...args]);
    const running = { command: "omero2frame", json: given.includes("--json") };
    try {
      await program(stopping.signal, running).parseAsync(given);
      return { code: Number(process.exitCode ?? 0), ...written };
    } catch (error) {
      return { code: tellFailure(error, running), ...written };
    } finally {
      for (const back of undo) back();
      process.exitCode = exitCode;
    }
  };
}

/** Puts another value in a property's place, until the function returned is called. */
function replaced(object: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: true });
  return () => {
    if (own) Object.defineProperty(object, name, own);
    else delete (object as Record<string, unknown>)[name];
  };
}
