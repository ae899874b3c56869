/** Entries out of a store: on the screen, and into files. */
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DataError, StoreError } from "../../../errors.js";
import { finalPath, openTargetFile } from "../../../flow/files/target-file.js";
import type { RowSource } from "../../../formats/open-source.js";
import type { EntrySummary, StoreDictionary, StoredImage, StoreKey } from "../../../store/index.js";
import { writeAllRows } from "../../local-rows.js";
import { jsonLine, printJson } from "../../output.js";
import { openedRows } from "./rows.js";
import { isStoredImage, plainBytes, shownAsJson } from "./value-json.js";

interface RetrievalOptions {
  /** Replace a file that is there. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
}

const OUTPUT = "-";

/**
 * Writes an entry to a file: a table in the format of its name, an image likewise, bytes as they are, any other value as JSON.
 * To `-`, standard output, goes a table as a line of JSON a row, and all else as JSON.
 * @throws StoreError `NO_SUCH_ENTRY`, and what writing the file throws
 */
export async function retrieveEntry(
  dictionary: StoreDictionary,
  key: StoreKey,
  target: string,
  options: RetrievalOptions,
): Promise<void> {
  const summary = await summaryOf(dictionary, key);
  if (summary === undefined) {
    throw new StoreError("NO_SUCH_ENTRY", `${dictionary.name} has no entry ${JSON.stringify(key)}`);
  }
  if (summary.kind === "table") return retrieveTable(dictionary, summary, target, options);
  const value = await dictionary.get(key, options);
  if (target === OUTPUT) printJson(shownAsJson(value));
  else if (isStoredImage(value)) await writeImageFile(target, value, options);
  else await writeFile(target, plainBytes(value) ?? Buffer.from(jsonLine(shownAsJson(value))), options);
}

async function summaryOf(dictionary: StoreDictionary, key: StoreKey): Promise<EntrySummary | undefined> {
  for await (const summary of dictionary.summaries({ from: key, limit: 1 })) {
    if (summary.key === key) return summary;
  }
  return undefined;
}

async function retrieveTable(
  dictionary: StoreDictionary,
  { key, rowCount, bytes }: EntrySummary,
  target: string,
  { overwrite, signal }: RetrievalOptions,
): Promise<void> {
  if (bytes === 0) return withoutColumns(key, target);
  const isBatches = rowCount !== undefined;
  const rows = isBatches ? dictionary.batches(key, { signal }) : await dictionary.get(key, { signal });
  const format = target === OUTPUT ? "ndjson" : undefined;
  await openedRows(rows as RowSource, signal, (source) => writeAllRows(source, target, { format, overwrite }, signal));
}

/** Of a table without a batch nothing is known. @throws DataError `INVALID_SCHEMA` */
function withoutColumns(key: StoreKey, target: string): void {
  if (target === OUTPUT) return;
  throw new DataError("INVALID_SCHEMA", `The table ${JSON.stringify(key)} has no columns that ${target} could have`);
}

/** Another file of that name is replaced as a whole, where `writeImage` would replace one image of a stack. */
async function writeImageFile(target: string, image: StoredImage, options: RetrievalOptions): Promise<void> {
  const { writeImage } = await import("../../../store/index.js");
  const path = await finalPath(target, options.overwrite);
  if (!existsSync(path)) return void (await writeImage(path, image, 0, { signal: options.signal }));
  const part = join(dirname(path), `.${process.pid}.${basename(path)}`);
  try {
    await writeImage(part, image, 0, { signal: options.signal });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

async function writeFile(path: string, content: Uint8Array, { overwrite }: RetrievalOptions): Promise<void> {
  const target = await openTargetFile(path, { overwrite });
  try {
    await target.write(content);
    await target.commit();
  } finally {
    await target.discard();
  }
}
