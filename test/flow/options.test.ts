import { describe, expect, test } from "vitest";
import { checkOptions, type OptionNames, pickOptions } from "../../src/flow/options.js";

interface Options {
  readonly chunkSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const NAMES: OptionNames<Options> = { chunkSize: true, signal: true };
const check = (options: unknown) => checkOptions(options as Options, NAMES, "copy");

describe("options", () => {
  test("of known names pass, those that are undefined too", () => {
    check({});
    check({ chunkSize: 1, signal: undefined });
  });

  test.each<[unknown, string]>([
    [{ chunksize: 1 }, 'copy takes no option "chunksize"; did you mean "chunkSize"?'],
    [{ chunkSize: 1, singal: undefined }, 'copy takes no option "singal"; did you mean "signal"?'],
    [{ toString: 1 }, 'copy takes no option "toString"; there are chunkSize, signal'],
    [null, "copy takes options as an object, for example { chunkSize: ... }"],
    ["chunkSize", "copy takes options as an object"],
    [[], "copy takes options as an object"],
  ])("%j are refused", (options, message) => {
    expect(() => check(options)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    expect(() => check(options)).toThrow(message);
  });

  test("never show the values given", () => {
    expect(() => check({ pass: "secret" })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("secret") }),
    );
  });

  test("tell of a path that was given in place of an object", () => {
    const paths = { path: true, fileId: true } as const;
    const call = (given: unknown, names: object) => () => checkOptions(given as object, names as never, "readTable");
    expect(call("cells.csv", paths)).toThrow('for example { path: "cells.csv" }');
    expect(call("cells.csv", { server: true, fileId: true })).toThrow("for example { fileId: ... }");
  });

  test("can be picked for a function that takes fewer", () => {
    const options = { chunkSize: 1, overwrite: true };
    expect(pickOptions<Options>(options, NAMES)).toEqual({ chunkSize: 1 });
  });
});
