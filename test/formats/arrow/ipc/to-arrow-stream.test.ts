import { tableFromIPC } from "apache-arrow";
import { expect, it } from "vitest";
import { field } from "../../../../src/columns/batch.js";
import { ROW_NUMBER_COLUMN } from "../../../../src/formats/arrow/arrow.js";
import { toArrowStream } from "../../../../src/formats/arrow/ipc/to-arrow-stream.js";
import { batchOf } from "../../../support/cells.js";

async function* two() {
  const fields = [field("id", "Long"), field("größe", "String", 4)];
  yield batchOf(fields, [
    [1n, 2n ** 60n],
    ["é", ""],
  ]);
  yield { ...batchOf(fields, [[3n], ["x"]]), rowNumbers: { start: 2, step: 1 } };
}

it("gives the bytes of a stream, batch by batch", async () => {
  const metadata = new Map([["key", "value"]]);
  const parts: Uint8Array[] = [];
  for await (const part of toArrowStream(two(), { rowNumbers: true, metadata })) parts.push(part);
  const table = tableFromIPC(Buffer.concat(parts));
  expect(table.batches.map(({ numRows }) => numRows)).toEqual([2, 1]);
  expect([...table.getChild("id")!]).toEqual([1n, 2n ** 60n, 3n]);
  expect([...table.getChild("größe")!]).toEqual(["é", "", "x"]);
  expect([...table.getChild(ROW_NUMBER_COLUMN)!]).toEqual([0n, 1n, 2n]);
  expect(table.schema.metadata.get("omero.metadata.key")).toBe("value");
});

it("needs a batch, which tells the columns", async () => {
  const none = toArrowStream((async function* () {})());
  await expect(none.next()).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
});
