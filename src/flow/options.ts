/** Options of functions: a mistyped one is an error, not something that silently does nothing. */
import { invalidArgument } from "../errors.js";
import { nearestName } from "./nearest-name.js";

type NameOf<Options> = Options extends unknown ? keyof Options : never;

/** The names of all options of a type; the compiler says which are missing, and which are too many. */
export type OptionNames<Options> = { readonly [Name in NameOf<Options>]-?: true };

/**
 * Refuses what is no object of options, and options with other names, as programs without types may pass them.
 *
 *     const COPY_OPTIONS: OptionNames<CopyOptions> = { ...CONNECTION_OPTIONS, name: true };
 *     checkOptions(options, COPY_OPTIONS, "copyTable");
 *
 * @param functionName for the message. @throws ArgumentError `INVALID_ARGUMENT`, with the name that was probably meant
 */
export function checkOptions<Options extends object>(
  options: Options,
  names: OptionNames<Options>,
  functionName: string,
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalidArgument(`${functionName} takes options as an object, for example ${exampleOf(options, names)}`);
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(names, name)) throw invalidArgument(unknownOption(name, Object.keys(names), functionName));
  }
}

/** The options of those names, for a function that takes no others. */
export function pickOptions<Options extends object>(options: Options, names: OptionNames<Options>): Options {
  const picked = Object.entries(options).filter(([name]) => Object.hasOwn(names, name));
  return Object.fromEntries(picked) as Options;
}

/** What the caller probably meant by a text, where the function takes a path. */
function exampleOf(given: unknown, names: object): string {
  if (typeof given === "string" && Object.hasOwn(names, "path")) return `{ path: ${JSON.stringify(given)} }`;
  const name = Object.hasOwn(names, "fileId") ? "fileId" : Object.keys(names)[0];
  return `{ ${name}: ... }`;
}

function unknownOption(name: string, names: readonly string[], functionName: string): string {
  const near = nearestName(name, names);
  const advice = near === undefined ? `; there are ${names.join(", ")}` : `; did you mean "${near}"?`;
  return `${functionName} takes no option "${name}"${advice}`;
}
