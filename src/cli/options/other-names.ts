/** Options of the functions that command lines have under another name; they may be called as the functions call them, too. */
const USUAL_NAMES: Readonly<Record<string, string>> = {
  "--username": "--user",
  "--column-names": "--columns",
  "--column-types": "--column-type",
  "--links": "--link",
  "--target-path": "--output",
};

/** Arguments in which each option has the name that the command line knows. */
export function withUsualNames(args: readonly string[]): string[] {
  return args.map((argument) => {
    const [, option = "", rest = ""] = /^(--[a-z-]+)((?:=.*)?)$/s.exec(argument) ?? [];
    return Object.hasOwn(USUAL_NAMES, option) ? `${USUAL_NAMES[option]}${rest}` : argument;
  });
}
