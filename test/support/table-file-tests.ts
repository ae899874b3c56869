/** What is true of files as users have them, on whichever server. */
import { describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { roundTrips } from "./round-trips.js";
import type { Uploads } from "./stored-files.js";
import { TABLE_FILES } from "./table-files.js";

/** The tests; uploads and connection are there when they run. */
export function testTableFiles(uploads: () => Uploads, connection: () => OmeroConnection): void {
  describe.each(TABLE_FILES)("$file", ({ file, content, fields, rows, error }) => {
    const expected = error === undefined ? { fields, rows } : { error: expect.stringContaining(error[1]) };

    test("by uploadTable", async () => {
      expect(await uploads().byFunction(file, content)).toEqual(expected);
    });

    test("by the command line", async () => {
      expect(await uploads().byCommand(file, content)).toEqual(expected);
    });
  });

  test("300 tables come back byte for byte", async () => {
    expect(await roundTrips(connection(), 300)).toEqual([]);
  }, 300_000);
}
