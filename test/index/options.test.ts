/** Every exported function that takes options refuses one that it does not have, before anything else. */
import { describe, expect, test } from "vitest";
import * as api from "../../src/index.js";
import * as server from "../../src/server/index.js";
import * as store from "../../src/store/index.js";

type Call = (options: never) => unknown;

const batches = (async function* () {})();
const connection = {} as api.OmeroConnection;

/** By exported function: a call with nothing but options, which are looked at first. */
const TAKE_OPTIONS: Readonly<Record<string, Call>> = {
  connectToOmero: api.connectToOmero,
  toArrowTable: (options) => api.toArrowTable(batches, options),
  toArrowStream: (options) => api.toArrowStream(batches, options).next(),
  toDataFrame: (options) => api.toDataFrame(batches, options),
  openTable: (options) => api.openTable(connection, { fileId: 1 }, options),
  newTable: (options) => api.newTable(connection, "cells", options),
  listFiles: api.listFiles,
  listTables: api.listTables,
  listOrphanTables: api.listOrphanTables,
  downloadFile: api.downloadFile,
  uploadFile: (options) => api.uploadFile("missing.pdf", options),
  downloadCsv: api.downloadCsv,
  readCsv: api.readCsv,
  readCsvArrow: api.readCsvArrow,
  downloadTable: api.downloadTable,
  getTableColumns: api.getTableColumns,
  getTableHeaders: api.getTableHeaders,
  getTableSize: api.getTableSize,
  readArrow: api.readArrow,
  readBatches: (options) => api.readBatches(options).next(),
  readTable: api.readTable,
  tableObjects: (options) => api.tableObjects("Image", options).next(),
  describeTable: api.describeTable,
  plotTable: api.plotTable,
  planScan: api.planScan,
  readPartition: (options) => api.readPartition({} as never, options).next(),
  readTileDB: (options) => api.readTileDB("missing.tiledb", options),
  readTileDBArrow: (options) => api.readTileDBArrow("missing.tiledb", options),
  readTileDBBatches: (options) => api.readTileDBBatches("missing.tiledb", options).next(),
  appendRows: (options) => api.appendRows("missing.csv", options),
  copyTable: (options) => api.copyTable({ connection, fileId: 1 }, { connection, parentId: 1 }, options),
  createTileDB: (options) => api.createTileDB("missing.csv", "missing.tiledb", options),
  deleteTable: api.deleteTable,
  getTableMetadata: api.getTableMetadata,
  setTableMetadata: (options) => api.setTableMetadata({}, options),
  registerTable: api.registerTable,
  updateRows: (options) => api.updateRows("missing.csv", options),
  uploadTable: (options) => api.uploadTable("missing.csv", "cells", options),
  startServer: server.startServer,
  openStore: (options) => store.openStore("missing.store", options),
  importEman2Database: (options) => store.importEman2Database("missing", {} as never, options),
  renderLimits: (options) => store.renderLimits({} as never, options),
  readImage: (options) => store.readImage("missing.hdf", 0, options),
  readImages: (options) => store.readImages("missing.hdf", [0], options),
  writeImage: (options) => store.writeImage("missing.hdf", {} as never, 0, options),
  writeImages: (options) => store.writeImages("missing.hdf", [], 0, options),
};

const TAKE_NONE = [
  ...["field", "rowNumberArray", "rowNumberAt", "throwIfAborted", "abortError"],
  ...["rbool", "rint", "rlong", "rfloat", "rdouble", "rstring", "rtime", "rlist", "isRType"],
  ...["queryParameters", "inGroup", "quoteName", "parseScanJob"],
  ...["allOf", "anyOf", "not", "column", "checkCondition", "compileCondition", "parseCondition"],
  ...["eightBitPixels", "imageCount", "imageStatistics", "isImageFile"],
];

/** Option groups inside options. */
const NESTED: Readonly<Record<string, Call>> = {
  "csv of uploadTable": (csv) => api.uploadTable("missing.csv", "cells", { connection, parentId: 1, csv }),
  "csv of createTileDB": (csv) => api.createTileDB("missing.csv", "missing.tiledb", { csv }),
  "csv of appendRows": (csv) => api.appendRows("missing.csv", { connection, fileId: 1, csv }),
  "csv of updateRows": (csv) => api.updateRows("missing.csv", { connection, fileId: 1, rows: [0], csv }),
  "csv of readCsv": (csv) => api.readCsv({ connection, fileId: 1, csv }),
  "web of uploadTable": (web) => api.uploadTable([], "cells", { connection, parentId: 1, localPath: "missing", web }),
  "web of registerTable": (web) =>
    api.registerTable({ connection, remotePath: "/missing", tableName: "cells", parentId: 1, token: "t", web }),
  "web of startServer": (web) => server.startServer({ web }),
  "file of openTable": (file) => api.openTable(connection, file),
  "source of copyTable": (source) => api.copyTable(source, { connection, parentId: 1 }),
  "options of registerTable": (options) => api.registerTable(connection, "/missing", options),
};

const isFunction = ([name, value]: [string, unknown]) => typeof value === "function" && /^[a-z]/.test(name);

async function refusal(call: Call, options: object): Promise<unknown> {
  try {
    return await call(options as never);
  } catch (error) {
    return error;
  }
}

describe("an option that a function does not have", () => {
  test("is looked for by all functions there are", () => {
    const exported = [api, server, store].flatMap((module) => Object.entries(module).filter(isFunction));
    const known = [...Object.keys(TAKE_OPTIONS), ...TAKE_NONE].sort();
    expect(known).toEqual(exported.map(([name]) => name).sort());
  });

  test.each(Object.entries(TAKE_OPTIONS))("is refused by %s", async (name, call) => {
    expect(await refusal(call, { unheardOf: 1 })).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining(`${name} takes no option "unheardOf"`),
    });
  });

  test.each(Object.entries(NESTED))("is refused in %s", async (_name, call) => {
    expect(await refusal(call, { unheardOf: 1 })).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining('takes no option "unheardOf"'),
    });
  });

  test("is answered by the one that was probably meant", async () => {
    const near = { chunkSize: "chunksize", onProgress: "onprogress", parentId: "parentID" };
    for (const [meant, given] of Object.entries(near)) {
      expect(await refusal(TAKE_OPTIONS.uploadFile!, { [given]: 1 })).toMatchObject({
        message: `uploadFile takes no option "${given}"; did you mean "${meant}"?`,
      });
    }
  });
});
