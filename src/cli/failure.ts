/** What is told of a failure, in one line, and the code the process ends with. */
import { CommanderError } from "commander";
import { ArgumentError, FileError, LoginError, OmeroError } from "../errors.js";
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
  if (error instanceof FileError && isClosedPipe(error.cause)) return { code: EXIT.brokenPipe };
  const isUsage = error instanceof ArgumentError && ["INVALID_ARGUMENT", "ROWS_WITH_QUERY"].includes(error.code);
  if (isUsage) return { code: EXIT.usage, message: `${inOptions(error.message)} (see ${command} --help)` };
  if (error instanceof LoginError) return { code: EXIT.login, message: loginFailure(error) };
  const message = error instanceof ArgumentError ? inOptions(error.message) : error.message;
  return { code: EXIT.failed, message: inWords(message) };
}

/** Places that were looked at are told where they are few. */
const MOST_LOOKED = 400;

/** What to do to be logged in. */
function loginFailure({ code, message }: LoginError): string {
  const [, looked = ""] = /Looked at (.*)\. Give server/s.exec(message) ?? [];
  if (code !== "MISSING_CREDENTIALS" || looked === "") return message;
  const where = looked.length > MOST_LOOKED ? "" : `; looked at ${looked}`;
  return `nobody is logged in: run omero2frame login SERVER, or give --server and --user, with the password in OMERO_PASSWORD${where}`;
}

const SYSTEM_WORDS: readonly (readonly [RegExp, string])[] = [
  [/ was aborted by the caller\b/, " was interrupted"],
  [/: ENOENT: no such file or directory(, .*)?$/, ": there is no such file or folder"],
  [/: EISDIR: illegal operation on a directory(, .*)?$/, ": it is a folder, and no table is in it"],
  [/: (EACCES|EPERM): [^,]*(, .*)?$/, ": this user may not"],
  [/: ENOTDIR: not a directory(, .*)?$/, ": a part of its path is no folder"],
  [/: ENOSPC: no space left on device(, .*)?$/, ": the disk is full"],
];

/** What the system says, in words. */
export function inWords(message: string): string {
  return SYSTEM_WORDS.reduce((text, [said, words]) => text.replace(said, words), message);
}

/** A message in the command line's own words. */
export function inOptions(message: string): string {
  const given = message.replace(/\bset overwrite\b/, "give --overwrite").replace(/, or format$/, ", or --format");
  return given.replace(
    OPTION_NAMES,
    (name) => OTHER_NAMES[name] ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
}

/** Whether whoever read what was written has gone. */
function isClosedPipe(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === "EPIPE";
}

/** A failure of the system, or a fault of this program. */
function otherFailure(error: unknown): Failure {
  const { code, message = String(error), port } = (error ?? {}) as NodeJS.ErrnoException & { readonly port?: number };
  if (isClosedPipe(error)) return { code: EXIT.brokenPipe };
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
