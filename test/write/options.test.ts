/** Options of the reading and writing functions: a name that none of them has is an error before anything is done. */
import { describe, expect, it } from "vitest";
import {
  downloadTable,
  getTableColumns,
  getTableHeaders,
  getTableSize,
  readArrow,
  readBatches,
  readTable,
} from "../../src/read/index.js";
import {
  appendRows,
  createTileDB,
  deleteTable,
  getTableMetadata,
  registerTable,
  setTableMetadata,
  updateRows,
  uploadTable,
} from "../../src/write/index.js";

type Call = (options: never) => unknown;
const rows = { n: [1] };

const FUNCTIONS: [string, Call][] = [
  ["readTable", readTable],
  ["readArrow", readArrow],
  ["readBatches", (options: never) => readBatches(options).next()],
  ["downloadTable", downloadTable],
  ["getTableSize", getTableSize],
  ["getTableColumns", getTableColumns],
  ["getTableHeaders", getTableHeaders],
  ["getTableMetadata", getTableMetadata],
  ["setTableMetadata", (options: never) => setTableMetadata({}, options)],
  ["deleteTable", deleteTable],
  ["appendRows", (options: never) => appendRows(rows, options)],
  ["updateRows", (options: never) => updateRows(rows, options)],
  ["uploadTable", (options: never) => uploadTable(rows, "t", options)],
  ["createTileDB", (options: never) => createTileDB(rows, "/nowhere/t.tiledb", options)],
  ["registerTable", registerTable as Call],
];

const call = async (name: string, options: unknown) => {
  const [, run] = FUNCTIONS.find(([one]) => one === name)!;
  return run(options as never);
};

describe.each(FUNCTIONS.map(([name]) => name))("%s", (name) => {
  it("refuses an option that it does not have, and names the one that was probably meant", async () => {
    await expect(call(name, { signall: undefined })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(new RegExp(`^${name} .*"signall".*"signal"`)),
    });
  });

  it("refuses what are no options", async () => {
    for (const options of [[], null, "fileId"]) {
      await expect(call(name, options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
  });
});
