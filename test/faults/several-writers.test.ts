/** Several who write to one table, or upload one name, at once. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { listFiles } from "../../src/gateway/files/attached-file.js";
import { readBatches } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { appendRows, deleteTable, uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { outcomeOf } from "./lab.js";

let server: OmeroServer;
let one: OmeroConnection;
let two: OmeroConnection;
beforeAll(async () => {
  server = await startLabServer({ tables: "hdf5", latency: 1 });
  one = await connectPlain(server);
  two = await connectPlain(server, { username: "ben", password: "pass-ben" });
});
afterAll(async () => {
  await one.close();
  await two.close();
  await server.close();
});

describe("two who append", () => {
  let fileId: number;
  afterEach(() => deleteTable({ connection: one, fileId }));

  async function append(rows: number, chunkSize: number) {
    const source = (who: number) => ({ who: new Array(rows).fill(who), n: Array.from({ length: rows }, (_, n) => n) });
    fileId = (await uploadTable({ who: [0], n: [0] }, "appended", { connection: one, parentId: 1 })).fileId;
    const options = { fileId, chunkSize };
    const outcomes = await Promise.all([
      outcomeOf(appendRows(source(1), { connection: one, ...options })),
      outcomeOf(appendRows(source(2), { connection: await connectPlain(server), ...options })),
    ]);
    const found: number[] = [];
    for await (const { columns } of readBatches({ connection: one, fileId })) {
      if (columns[0]!.kind === "long") found.push(...Array.from(columns[0]!.values, Number));
    }
    expect(found).toHaveLength(1 + 2 * rows);
    return { outcomes, found };
  }

  test("by one call each are told the rows that are theirs", async () => {
    for (let trial = 0; trial < 10; trial++) {
      if (trial > 0) await deleteTable({ connection: one, fileId });
      const { outcomes, found } = await append(200, 200);
      for (const [index, outcome] of outcomes.entries()) {
        if ("error" in outcome) throw outcome.error;
        const { firstRow, rowCount } = outcome.value;
        expect(rowCount).toBe(200);
        expect(new Set(found.slice(firstRow, firstRow + rowCount))).toEqual(new Set([index + 1]));
      }
    }
  });

  test("by several calls each are told where their rows are, if not in one piece by an error", async () => {
    const { outcomes, found } = await append(200, 20);
    let scattered = 0;
    for (const [index, outcome] of outcomes.entries()) {
      if ("value" in outcome) {
        const { firstRow, rowCount } = outcome.value;
        expect(new Set(found.slice(firstRow, firstRow + rowCount))).toEqual(new Set([index + 1]));
        continue;
      }
      scattered++;
      const { code, spans = [], row, message } = outcome.error;
      expect([code, row]).toEqual(["TABLE_CHANGED", spans[0]!.start]);
      expect(message).toMatch(/^All 200 rows were appended, do not append them again/);
      const theirs = spans.flatMap(({ start, stop }) => found.slice(start, stop));
      expect(theirs).toEqual(new Array(200).fill(index + 1));
    }
    expect(scattered).toBeGreaterThan(0);
  });

  test("equal rows are not told where they are, as nobody could know", async () => {
    fileId = (await uploadTable({ n: [0] }, "equal", { connection: one, parentId: 1 })).fileId;
    const options = { fileId, chunkSize: 5 };
    const outcomes = await Promise.all(
      [one, await connectPlain(server)].map((connection) =>
        outcomeOf(appendRows({ n: new Array(50).fill(7) }, { connection, ...options })),
      ),
    );
    for (const outcome of outcomes) {
      if ("value" in outcome) continue;
      expect(outcome.error.code).toBe("TABLE_CHANGED");
    }
  });
});

describe("a table that replaces another", () => {
  const named = async (name: string) =>
    (await listFiles({ connection: one, parentId: 1, name })).map(({ fileId }) => fileId);

  test("is the only one where several are uploaded at once", async () => {
    const others = [one, await connectPlain(server), await connectPlain(server)];
    for (let trial = 0; trial < 8; trial++) {
      const name = `replaced ${trial}`;
      if (trial % 2 === 0) await uploadTable({ a: [0] }, name, { connection: one, parentId: 1 });
      const uploads = others.map((connection, n) =>
        uploadTable({ a: [n + 1] }, name, { connection, parentId: 1, replace: true }),
      );
      const made = (await Promise.all(uploads)).map(({ fileId }) => fileId);
      const left = await named(name);
      expect(left).toHaveLength(1);
      expect(made).toContain(left[0]);
      await deleteTable({ connection: one, fileId: left[0]! });
    }
  });

  test("says which it replaced, and leaves another user's unless told otherwise", async () => {
    const theirs = await uploadTable({ a: [1] }, "shared", { connection: one, parentId: 1 });
    const mine = await uploadTable({ a: [2] }, "shared", { connection: two, parentId: 1 });
    const warnings: string[] = [];
    const options = { connection: two, parentId: 1, onWarning: (text: string) => warnings.push(text) };
    const next = await uploadTable({ a: [3] }, "shared", { ...options, replace: true });
    expect(next.replaced).toEqual([{ annotationId: mine.annotationId, fileId: mine.fileId }]);
    expect(warnings).toEqual([expect.stringMatching(`stays, file ${theirs.fileId}: it belongs to another user`)]);
    expect(await named("shared")).toEqual([theirs.fileId, next.fileId]);
    const own = { connection: one, parentId: 1, onWarning: options.onWarning };
    const last = await uploadTable({ a: [4] }, "shared", { ...own, replace: "everyone's" });
    expect(last.replaced!.map(({ fileId }) => fileId)).toEqual([theirs.fileId, next.fileId]);
    expect(await named("shared")).toEqual([last.fileId]);
  });

  test("of another upload without it, made meanwhile, nothing is removed", async () => {
    const [replacing, beside] = await Promise.all([
      uploadTable({ a: [1] }, "beside", { connection: one, parentId: 1, replace: true }),
      (async () => {
        const connection = await connectPlain(server);
        return uploadTable({ a: new Array(3000).fill(2) }, "beside", { connection, parentId: 1, chunkSize: 100 });
      })(),
    ]);
    expect((await named("beside")).sort()).toEqual([replacing.fileId, beside.fileId].sort());
  });
});
