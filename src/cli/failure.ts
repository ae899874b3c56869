/** What is told of a failure, in one line, and the code the process ends with. */
import { CommanderError } from "commander";
import { ArgumentError, LoginError, OmeroError } from "../errors.js";
import { jsonLine, warn } from "./output.js";

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

/** What is known of the command that failed. */
export interface FailedCommand {
  /** Words that name it, for example `omero2frame head`. */
  readonly command: string;
  /** Whether programs read what it tells: a failure is then a line of JSON. */
  readonly json: boolean;
}

/** Tells what went wrong. @returns the exit code */
export function tellFailure(error: unknown, { command, json }: FailedCommand): number {
  const { code, message } = failureOf(error, command);
  if (message === undefined) return code;
  if (json) process.stderr.write(jsonLine({ error: { code: (error as OmeroError).code, message } }));
  else warn(message);
  return code;
}

/** The exit code, and what to say; nothing where it was said, or there is nothing to say. */
interface Failure {
  readonly code: number;
  readonly message?: string | undefined;
}

function failureOf(error: unknown, command: string, debug = process.env.OMERO2FRAME_DEBUG): Failure {
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 || error.code === "commander.help" ? EXIT.done : EXIT.usage };
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (!(error instanceof OmeroError)) return otherFailure(error);
  const isUsage = error instanceof ArgumentError && ["INVALID_ARGUMENT", "ROWS_WITH_QUERY"].includes(error.code);
  if (isUsage) return { code: EXIT.usage, message: `${inOptions(error.message)} (see ${command} --help)` };
  return { code: error instanceof LoginError ? EXIT.login : EXIT.failed, message: error.message };
}

/** A message in the command line's own words. */
export function inOptions(message: string): string {
  return message.replace(
    OPTION_NAMES,
    (name) => OTHER_NAMES[name] ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
}

/** A failure of the system, or a fault of this program. */
function otherFailure(error: unknown): Failure {
  const { code, message = String(error), port } = (error ?? {}) as NodeJS.ErrnoException & { readonly port?: number };
  if (code === "EPIPE") return { code: EXIT.brokenPipe };
  return { code: EXIT.failed, message: systemFailure(code, port) ?? (code === undefined ? faultOf(message) : message) };
}

function systemFailure(code: string | undefined, port: number | undefined): string | undefined {
  if (code === "EADDRINUSE") return `port ${port} is in use already: give another one, or 0 for any that is free`;
  if (code === "EACCES" && port !== undefined) return `this user may not listen at port ${port}: give one from 1024 on`;
  return undefined;
}

function faultOf(message: string): string {
  return `${message.split("\n")[0]}. This is a fault of omero2frame: OMERO2FRAME_DEBUG=1 shows where it is`;
}
