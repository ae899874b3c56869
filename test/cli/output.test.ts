import { expect, test } from "vitest";
import { withoutOptionValue } from "../../src/cli/output.js";

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
