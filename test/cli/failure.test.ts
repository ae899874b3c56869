import { expect, test, vi } from "vitest";
import { EXIT, inOptions, inWords, tellFailure } from "../../src/cli/failure.js";
import { FileError } from "../../src/errors.js";

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

test("says nothing where whoever read the output has gone", () => {
  const cause = Object.assign(new Error("EPIPE: broken pipe, write"), { code: "EPIPE" });
  const failure = new FileError("CANNOT_WRITE_FILE", "Cannot write -: EPIPE: broken pipe, write", { path: "-", cause });
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(tellFailure(failure, { command: "omero2frame csv", json: false })).toBe(EXIT.brokenPipe);
  expect(told).not.toHaveBeenCalled();
  told.mockRestore();
});
