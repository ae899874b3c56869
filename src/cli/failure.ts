/** What is told of a failure, in one line, and the code the process ends with. */
import { CommanderError } from "commander";
import { ArgumentError, LoginError, OmeroError } from "../errors.js";
import { warn } from "./output.js";

/** Exit codes; besides, 128 and a signal's number where one has stopped the work. */
export const EXIT = {
  /** Done. */
  done: 0,
  /** It failed, and nothing is half-made. */
  failed: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** Of several pieces of work some failed. */
  someFailed: 3,
  /** Nobody could be logged in. */
  login: 4,
  /** Whoever read the output has gone. */
  brokenPipe: 141,
} as const;

/** Options of functions as command lines have them, where they are called otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  columnNames: "--columns",
  columnTypes: "--column-type",
  parentId: "--link",
  links: "--link",
  username: "--user",
  targetPath: "the target",
  tableName: "the name",
};
const OPTION_NAMES =
  /(?<![-\w"'.])(fileId|annotationId|chunkSize|sessionKey|localPath|remotePath|resolveNames|partitionRows|columnNames|columnTypes|parentId|links|username|targetPath|tableName)\b/g;

/** Tells what went wrong. @param command words that name the command, for example `omero2frame head` @returns the exit code */
export function tellFailure(error: unknown, command: string, debug = process.env.OMERO2FRAME_DEBUG): number {
  if (error instanceof CommanderError)
    return error.exitCode === 0 || error.code === "commander.help" ? EXIT.done : EXIT.usage;
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (!(error instanceof OmeroError)) return tellOther(error);
  const isUsage = error instanceof ArgumentError && ["INVALID_ARGUMENT", "ROWS_WITH_QUERY"].includes(error.code);
  warn(isUsage ? `${inOptions(error.message)} (see ${command} --help)` : error.message);
  if (isUsage) return EXIT.usage;
  return error instanceof LoginError ? EXIT.login : EXIT.failed;
}

/** A message in the command line's own words. */
export function inOptions(message: string): string {
  return message.replace(
    OPTION_NAMES,
    (name) => OTHER_NAMES[name] ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
}

/** A failure of the system, or a fault of this program. */
function tellOther(error: unknown): number {
  const { code, message = String(error), port } = (error ?? {}) as NodeJS.ErrnoException & { readonly port?: number };
  if (code === "EPIPE") return EXIT.brokenPipe;
  if (code === "EADDRINUSE") warn(`port ${port} is in use already: give another one, or 0 for any that is free`);
  else if (code === "EACCES" && port !== undefined)
    warn(`this user may not listen at port ${port}: give one from 1024 on`);
  else if (code !== undefined) warn(message);
  else warn(`${message.split("\n")[0]}. This is a fault of omero2frame: OMERO2FRAME_DEBUG=1 shows where it is`);
  return EXIT.failed;
}
