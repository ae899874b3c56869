/** Tables of column batches in a dictionary, one batch in memory at a time. */
import type { ColumnBatch } from "../../columns/batch.js";
import { ArgumentError, invalidArgument } from "../../errors.js";
import { decodeValue, encodeValue } from "../records/codec.js";
import { ContentReader, type ContentReadOptions, readInTurns } from "../records/contents.js";
import type { Entries } from "../records/entries.js";
import type { StoredHead } from "../records/heads.js";
import { StagedContent } from "../records/staging.js";
import type { Storable } from "../records/storable.js";
import type { StoreKey } from "./keys.js";
import { kindOf, missing } from "./records.js";

/** Writes a table batch by batch; it is seen when it is finished. */
export class TableWriter {
  readonly #entries: Entries;
  readonly #staged: StagedContent;
  readonly #lengths: number[] = [];
  #rowCount = 0;
  #columnCount = 0;
  /** Bytes written so far. */
  bytes = 0;

  private constructor(entries: Entries, staged: StagedContent) {
    this.#entries = entries;
    this.#staged = staged;
  }

  static async begin(entries: Entries): Promise<TableWriter> {
    return new TableWriter(entries, await StagedContent.begin(entries));
  }

  async add(batch: ColumnBatch, signal?: AbortSignal): Promise<void> {
    checkBatch(batch);
    const bytes = encodeValue(batch as unknown as Storable);
    await this.#staged.append(bytes, signal);
    this.#lengths.push(bytes.length);
    this.bytes += bytes.length;
    this.#rowCount += batch.rowCount;
    this.#columnCount = batch.fields.length;
  }

  /** Makes the entry; `choose` gives its key within the write. */
  async finish(choose: () => StoreKey): Promise<void> {
    await this.#staged.finish();
    await this.#entries.env.write(() => {
      const head = {
        kind: "table",
        rowCount: this.#rowCount,
        columnCount: this.#columnCount,
        batches: this.#lengths,
      } as const;
      this.#entries.placeHead(choose(), { ...head, content: this.#staged.adopt() });
    });
  }

  /** Removes what was written, unless it was finished. */
  discard(): Promise<void> {
    return this.#staged[Symbol.asyncDispose]();
  }
}

/** Whether a value gives others one by one. */
export function isSequence(value: unknown): boolean {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function checkBatch(batch: unknown): void {
  const { fields, columns, rowCount } = (batch ?? {}) as Partial<ColumnBatch>;
  if (Array.isArray(fields) && Array.isArray(columns) && Number.isSafeInteger(rowCount)) return;
  throw invalidArgument("A table is kept of column batches: { fields, columns, rowCount, rowNumbers }");
}

export async function writeTable(
  entries: Entries,
  key: StoreKey,
  batches: Iterable<ColumnBatch> | AsyncIterable<ColumnBatch>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!isSequence(batches)) {
    throw invalidArgument("A table is kept of column batches: a list of them, or what gives them one by one");
  }
  const writer = await TableWriter.begin(entries);
  try {
    for await (const batch of batches) await writer.add(batch, signal);
    await writer.finish(() => key);
  } finally {
    await writer.discard();
  }
}

export async function* readStoredBatches(
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
      yield await restoredBatch(entries, record, start, length, { snapshot, signal });
      start += length;
    }
  } finally {
    snapshot.done();
  }
}

/** The batch whose `length` bytes begin at byte `start` of a table's content. */
export async function restoredBatch(
  entries: Entries,
  { content }: StoredHead,
  start: number,
  length: number,
  options: ContentReadOptions,
): Promise<ColumnBatch> {
  const reader = new ContentReader(entries.contents, content.id, options, start);
  return decodeValue<ColumnBatch>(await readInTurns(reader, length), "A batch of a table");
}
