/** Keys of sessions on command lines: whoever sees one can join the session. */
import { FileError } from "../errors.js";
import { readSmallFile } from "../flow/files/small-file.js";

const OPTION = /^(--session-key=|-k(?=.))/s;

/** Command line arguments without the key of a session, where there is one among them. */
export function withoutSessionKey(args: readonly string[]): string[] | undefined {
  const shown = args.map((argument, index) => {
    if (args[index - 1] === "--session-key" || args[index - 1] === "-k") return "...";
    const [option] = OPTION.exec(argument) ?? [];
    return option === undefined ? argument : `${option}...`;
  });
  return shown.some((argument, index) => argument !== args[index]) ? shown : undefined;
}

/** Has the list of processes show the command line without the key of a session, where the system can do that. */
export function hideSessionKey(): void {
  const shown = withoutSessionKey(process.argv.slice(2));
  if (shown !== undefined) process.title = ["omero2frame", ...shown].join(" ");
}

/** @throws FileError `CANNOT_READ_FILE` */
export function readSessionKey(path: string): Promise<string> {
  return readSecret(path, "key of a session");
}

/** The only word of a file. @param what names it in errors @throws FileError `CANNOT_READ_FILE` */
export async function readSecret(path: string, what: string): Promise<string> {
  const failed = (why: string, cause?: unknown) =>
    new FileError("CANNOT_READ_FILE", `Cannot read the ${what} from ${path}: ${why}`, { path, cause });
  const text = await readSmallFile(path).catch((cause) => {
    throw failed(cause.message, cause);
  });
  const key = text?.trim() ?? "";
  if (/^\S+$/.test(key)) return key;
  throw failed("it is no file that holds one, and nothing else");
}
