/**
 * Reads while others write: rows of two states of a table are never given as one, where that can be seen. CHANGE_TRIALS is how
 * often each way of reading meets a writer.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { type ReadOptions, readArrow, readBatches } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { appendRows, updateRows, uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { outcomeOf } from "./lab.js";

const TRIALS = Number(process.env.CHANGE_TRIALS ?? 8);
const ROWS = 10_000;
/** A file is found not to be what was noted of it before the server notes what it has become. */
const TOLD = /^(TABLE_CHANGED|CHECKSUM_MISMATCH)$/;

describe.each([
  ["that says so", true],
  ["that says nothing of it, as those of today", false],
])("on a server %s", (_, optimisticLocks) => {
  let server: OmeroServer;
  let reader: OmeroConnection;
  let writer: OmeroConnection;
  let fileId: number;
  let state = 0;
  beforeAll(async () => {
    server = await startLabServer({ tables: "hdf5", optimisticLocks });
    reader = await connectPlain(server);
    writer = await connectPlain(server);
    const zeros = new Array(ROWS).fill(0);
    const columns = { state: zeros, also: zeros, row: Array.from({ length: ROWS }, (_each, row) => row) };
    fileId = (await uploadTable(columns, "changing", { connection: reader, parentId: 1 })).fileId;
  });
  afterAll(async () => {
    await reader.close();
    await writer.close();
    await server.close();
  });

  /** Puts the table into its next state by one call. */
  async function change(): Promise<void> {
    state++;
    await updateRows({ state, also: state }, { connection: writer, fileId, rows: {}, chunkSize: ROWS });
  }

  /** The states that rows were given in, and how many they were; the writer comes at a random moment. */
  async function readMeanwhile(options: ReadOptions): Promise<{ states: Set<bigint>; rows: number }> {
    const states = new Set<bigint>();
    let rows = 0;
    const changing = sleep(Math.random() * 30).then(change);
    try {
      for await (const { columns, rowCount } of readBatches({ connection: reader, fileId, ...options })) {
        for (const column of columns.slice(0, 2)) {
          if (column.kind === "long") for (const value of column.values) states.add(value);
        }
        rows += rowCount;
      }
    } finally {
      await changing;
    }
    return { states, rows };
  }

  test.each<[string, ReadOptions]>([
    ["by the service", { route: "service", chunkSize: 500 }],
    ["by the file", { route: "file" }],
    ["as it comes", {}],
  ])("all rows read %s are of one state, or the change is told", async (_name, options) => {
    const outcomes: Record<string, number> = {};
    for (let trial = 0; trial < TRIALS; trial++) {
      const outcome = await outcomeOf(readMeanwhile(options));
      if ("value" in outcome) {
        expect(outcome.value.rows).toBe(ROWS);
        expect(outcome.value.states.size).toBe(1);
      } else expect(outcome.error.code).toMatch(TOLD);
      const code = "value" in outcome ? "one state" : outcome.error.code;
      outcomes[code] = (outcomes[code] ?? 0) + 1;
    }
    console.log(`${TRIALS} reads:`, outcomes);
  });

  test.each<[string, string[] | undefined]>([
    ["with the column that is asked about", undefined],
    ["without it", ["row"]],
  ])("rows that meet a condition, %s, meet it, or the change is told", async (_name, columnNames) => {
    for (let trial = 0; trial < TRIALS; trial++) {
      const asked = BigInt(state);
      const query = `state == ${asked}`;
      const outcome = await outcomeOf(readMeanwhile({ query, columnNames, route: "service", chunkSize: 500 }));
      if ("error" in outcome) expect(outcome.error.code).toBe("TABLE_CHANGED");
      else if (columnNames === undefined) {
        expect([...outcome.value.states].filter((found) => found !== asked)).toEqual([]);
        expect([0, ROWS]).toContain(outcome.value.rows);
      } else expect([0, ROWS]).toContain(outcome.value.rows);
    }
  });

  test("a change between two batches that were given is told before the third", async () => {
    let given = 0;
    const reading = (async () => {
      for await (const _batch of readBatches({
        connection: reader,
        fileId,
        query: `state == ${state}`,
        chunkSize: 500,
      })) {
        if (++given === 1) await change();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "TABLE_CHANGED" });
    expect(given).toBeLessThan(ROWS / 500);
  });

  test("a table read whole is read again, and so is of one state", async () => {
    let changed: Promise<void> | undefined;
    const onProgress = () => {
      changed ??= change();
    };
    const arrow = await readArrow({ connection: reader, fileId, route: "service", chunkSize: 500, onProgress });
    await changed;
    expect(arrow.numRows).toBe(ROWS);
    expect(new Set(arrow.getChild("state")!)).toEqual(new Set([BigInt(state)]));
  });

  test("a table that keeps changing is given up after three readings", async () => {
    let readings = 0;
    const onProgress = ({ done }: { done: number }) => {
      if (done === 500) readings++;
      return change().catch(() => {});
    };
    const reading = readArrow({ connection: reader, fileId, route: "service", chunkSize: 500, onProgress });
    await expect(reading).rejects.toMatchObject({ code: "TABLE_CHANGED" });
    expect(readings).toBe(3);
  });

  test("rows that were added meanwhile are seen", async () => {
    let appended: Promise<unknown> | undefined;
    const onProgress = () => {
      appended ??= appendRows([{ state, also: state, row: -1 }], { connection: writer, fileId });
    };
    const options = { connection: reader, fileId, route: "service", chunkSize: 500, onProgress } as const;
    const arrow = await readArrow(options);
    await appended;
    expect(arrow.numRows).toBe(ROWS + 1);
  });
});
