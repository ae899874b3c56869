import { expect, test } from "vitest";
import { inOptions, inWords } from "../../src/cli/failure.js";

test.each([
  ["columnNames and chunkSize", "--columns and --chunk-size"],
  [
    "x.csv exists already; remove it, or set overwrite to replace it",
    "x.csv exists already; remove it, or give --overwrite to replace it",
  ],
  ["give another ending, or format", "give another ending, or --format"],
  ['the "rows" of "fileId"', 'the "rows" of "fileId"'],
])("%s as options", (message, expected) => {
  expect(inOptions(message)).toBe(expected);
});

test.each([
  [
    "Cannot read a.csv: ENOENT: no such file or directory, open 'a.csv'",
    "Cannot read a.csv: there is no such file or folder",
  ],
  [
    "Cannot read d: EISDIR: illegal operation on a directory, read",
    "Cannot read d: it is a folder, and no table is in it",
  ],
  ["Cannot write x: EACCES: permission denied, open 'x'", "Cannot write x: this user may not"],
  ["Reading the table was aborted by the caller", "Reading the table was interrupted"],
  ["ENOENT in the middle: of a message", "ENOENT in the middle: of a message"],
])("%s in words", (message, expected) => {
  expect(inWords(message)).toBe(expected);
});
