/** Tables of column batches in a dictionary, one batch in memory at a time. */
import type { ColumnBatch } from "../../columns/batch.js";
import { ArgumentError } from "../../errors.js";
import { decodeValue, encodeValue } from "../records/codec.js";
import { ContentReader, readInTurns } from "../records/contents.js";
import type { Entries } from "../records/entries.js";
import { StagedContent } from "../records/staging.js";
import type { Storable } from "../records/storable.js";
import type { StoreKey } from "./keys.js";
import { kindOf, missing } from "./records.js";

export async function writeTable(
  entries: Entries,
  key: StoreKey,
  batches: Iterable<ColumnBatch> | AsyncIterable<ColumnBatch>,
  signal: AbortSignal | undefined,
): Promise<void> {
  await using staged = await StagedContent.begin(entries);
  const lengths: number[] = [];
  let rowCount = 0;
  let columnCount = 0;
  for await (const batch of batches) {
    const bytes = encodeValue(batch as unknown as Storable);
    await staged.append(bytes, signal);
    lengths.push(bytes.length);
    rowCount += batch.rowCount;
    columnCount = batch.fields.length;
  }
  await staged.finish();
  await entries.env.write(() => {
    entries.placeHead(key, { kind: "table", rowCount, columnCount, batches: lengths, content: staged.adopt() });
  });
}

export async function* readBatches(
  entries: Entries,
  key: StoreKey,
  signal: AbortSignal | undefined,
): AsyncGenerator<ColumnBatch, void, undefined> {
  const snapshot = entries.env.snapshot();
  try {
    const record = entries.find(key, snapshot);
    if (record === undefined) throw missing(entries.name, key, "table");
    if (record.kind !== "table") {
      const message = `What is kept as ${JSON.stringify(key)} is no table of column batches but a ${kindOf(record)}`;
      throw new ArgumentError("INVALID_ARGUMENT", message);
    }
    let start = 0;
    for (const length of record.batches) {
      const reader = new ContentReader(entries.contents, record.content.id, { snapshot, signal }, start);
      yield decodeValue<ColumnBatch>(await readInTurns(reader, length), "A batch of a table");
      start += length;
    }
  } finally {
    snapshot.done();
  }
}
