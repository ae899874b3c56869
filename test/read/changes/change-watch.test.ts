/** What is asked of the server to see whether others changed a table, and when. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { openTable } from "../../../src/gateway/tables/open-table.js";
import { type ReadOptions, readArrow } from "../../../src/read/index.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { batchOf } from "../../support/cells.js";

const ROWS = 2000;
let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number;
let calls: string[] = [];
/** Done before the next call of that name. */
let meanwhile: { readonly operation: string; readonly change: () => Promise<void> } | undefined;

beforeAll(async () => {
  server = await startLabServer({
    tables: "hdf5",
    optimisticLocks: false,
    beforeCall: async ({ operation }) => {
      calls.push(operation);
      if (operation !== meanwhile?.operation) return;
      const { change } = meanwhile;
      meanwhile = undefined;
      await change();
    },
  });
  connection = await connectPlain(server);
  const columns = { row: Array.from({ length: ROWS }, (_, row) => row), half: new Float64Array(ROWS) };
  fileId = (await uploadTable(columns, "watched", { connection, parentId: 1 })).fileId;
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

/** What is called once the rows that were searched for are asked for, or the first of all rows. */
async function callsToRead(options: ReadOptions): Promise<string[]> {
  calls = [];
  await readArrow({ connection, fileId, route: "service", ...options });
  const first = calls.findIndex((one) => one === "slice" || one === "read");
  return calls.slice(first).filter((one) => one !== "getAllMetadata");
}

describe("what is asked beside the rows", () => {
  test("is two calls at once where a condition's rows come by one request", async () => {
    expect(await callsToRead({ query: "row < 20" })).toEqual(["slice", "getNumberOfRows", "find", "close"]);
  });

  test("is a sample as well, at the same time, where rows come by several", async () => {
    const [slice, ...rest] = await callsToRead({ query: "row < 20", chunkSize: 10 });
    expect(slice).toBe("slice");
    expect(rest.slice(0, -1).sort()).toEqual(["find", "getNumberOfRows", "slice", "slice"]);
  });

  test("is nothing where all rows come by one request", async () => {
    expect((await callsToRead({})).slice(1)).toEqual(["close"]);
  });
});

describe("a change that is closed between the search and its rows", () => {
  /** Makes row 1,000 meet the condition, which it did not when it was searched. */
  async function change(): Promise<void> {
    const table = await openTable(connection, { fileId });
    await table.update({ ...batchOf([table.fields[1]!], [[1]]), rowNumbers: Float64Array.of(1000) });
    await table.close();
  }

  test("is seen, though the rows found still meet it: all that meet it are given", async () => {
    meanwhile = { operation: "slice", change };
    const arrow = await readArrow({ connection, fileId, route: "service", query: "(row < 3) | (half == 1)" });
    expect([...arrow.getChild("row")!]).toEqual([0n, 1n, 2n, 1000n]);
  });
});
