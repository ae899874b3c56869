import { expect, test } from "vitest";
import { usageFault, withoutOptionValue } from "../../src/cli/output.js";

test.each([
  ["error: unknown option '--password=abc'\n", "error: unknown option '--password...'\n"],
  [
    "error: unknown option '--passwort=a'b\nc'\n(Did you mean --port?)\n",
    "error: unknown option '--passwort...'\n(Did you mean --port?)\n",
  ],
  ["error: unknown option '-wabc'\n", "error: unknown option '-w...'\n"],
  ["error: unknown option '--passwort'\n", "error: unknown option '--passwort'\n"],
  ["error: unknown option '-w'\n", "error: unknown option '-w'\n"],
  [
    "error: option '--port <n>' argument 'x' is invalid. a whole number\n",
    "error: option '--port <n>' argument 'x' is invalid. a whole number\n",
  ],
])("%j", (told, expected) => {
  expect(withoutOptionValue(told)).toBe(expected);
});

test.each([
  [
    "error: command-argument value 'pie' is invalid for argument 'kind'. Allowed choices are box, strip.\n",
    'kind "pie": there are box, strip',
  ],
  [
    "error: option '-n, --count <rows>' argument '1.5' is invalid. a whole number is needed\n",
    '--count "1.5": a whole number is needed',
  ],
  ["error: required option '-o, --output <path>' not specified\n", "--output <path> is needed"],
  ["error: unknown command 'haed'\n(Did you mean head?)\n", "unknown command 'haed' (Did you mean head?)"],
])("%j in a line of one's own", (told, expected) => {
  expect(usageFault(told, "omero2frame head")).toBe(`omero2frame: ${expected} (see omero2frame head --help)\n`);
});
