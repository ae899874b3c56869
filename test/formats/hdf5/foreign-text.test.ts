import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { createHdf5Table, openHdf5Table } from "../../../src/formats/hdf5/index.js";
import { batchOf } from "../../support/cells.js";
import { temporaryDirectory } from "./stored-tables.js";

it("names the row whose text is not UTF-8, and reads the others", async () => {
  const path = join(temporaryDirectory(), "table.h5");
  const fields = [field("number", "Long"), field("text", "String", 8)];
  const made = await createHdf5Table(path, fields);
  await made.addData(
    batchOf(fields, [
      [1n, 2n, 3n],
      ["one", "caf_", "three"],
    ]),
  );
  await made.close();
  const bytes = readFileSync(path);
  bytes[bytes.indexOf("caf_") + 3] = 0xe9;
  writeFileSync(path, bytes);
  await using table = await openHdf5Table(path);
  const error = { code: "MALFORMED_FILE", path, column: "text", row: 1, message: expect.stringContaining("not UTF-8") };
  await expect(table.read([0, 1], 0, 3)).rejects.toMatchObject(error);
  await expect(table.slice([1], Float64Array.of(2, 1))).rejects.toMatchObject(error);
  expect((await table.read([0], 0, 3)).rowCount).toBe(3);
  expect((await table.slice([1], Float64Array.of(0, 2))).rowCount).toBe(2);
});
