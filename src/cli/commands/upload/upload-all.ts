/** Stores the files of a map one after the other; what fails does not keep the others. */
import { TABLE_MIMETYPE } from "../../../columns/table.js";
import { withConnection } from "../../../connect/connection-option.js";
import type { ConnectOptions, OmeroConnection } from "../../../connect/index.js";
import { AbortError, ConnectionError, OmeroError } from "../../../errors.js";
import { listFiles } from "../../../gateway/files/attached-file.js";
import { type MappedFile, mappedFiles } from "../../../jobs/mapping/upload-map.js";
import { type UploadOptions, uploadTable } from "../../../write/index.js";
import { EXIT } from "../../failure.js";
import { counted, print, printJson, warn, withBar } from "../../output.js";
import { UploadJournal } from "./upload-journal.js";

export interface UploadMapOptions {
  readonly map: string;
  readonly pattern: string | undefined;
  readonly journal: string | undefined;
  readonly json: boolean;
  readonly dryRun: boolean;
}

interface Outcome {
  readonly file: string;
  readonly result: "stored" | "stored before" | "failed";
  readonly annotationId?: number;
  readonly rowCount?: number;
  readonly error?: string;
}

type TableOptions = Omit<UploadOptions, "dryRun"> & { readonly signal: AbortSignal };

/** Tells of each file, and of all in the end; the exit code says whether all, some or none were stored. */
export async function uploadAll(options: UploadMapOptions, server: ConnectOptions, table: TableOptions): Promise<void> {
  const { map, pattern, journal = `${map}.uploaded.ndjson`, json, dryRun } = options;
  const files: MappedFile[] = [];
  const patterns = pattern === undefined ? undefined : [pattern];
  for await (const file of mappedFiles(map, { patterns, signal: table.signal })) files.push(file);
  if (dryRun) return showPlan(files, json);
  await using journalFile = await UploadJournal.open(journal);
  await withConnection({ ...server, signal: table.signal }, async (connection) => {
    const outcomes: Outcome[] = [];
    for (const [index, file] of files.entries()) {
      const place = `${index + 1} of ${files.length}`;
      const outcome = await storeOnce(file, connection, journalFile, table, place);
      outcomes.push(outcome);
      tell(outcome, place, json);
    }
    summarize(outcomes, json);
  });
}

function showPlan(files: readonly MappedFile[], json: boolean): void {
  for (const { path, links, name } of files) {
    const targets = links.map(([type, id]) => `${type}:${id}`);
    if (json) printJson({ file: path, name, targets });
    else print(`${path} as "${name}" on ${targets.join(" ")}`);
  }
  if (!json) print("Nothing was made.");
}

async function storeOnce(
  file: MappedFile,
  connection: OmeroConnection,
  journal: UploadJournal,
  table: TableOptions,
  place: string,
): Promise<Outcome> {
  const state = journal.stateOf(file);
  if (state === "stored") return { file: file.path, result: "stored before" };
  try {
    const attached = await attachedTables(file, connection, table.signal);
    const others = journal.othersThan(file);
    const found = state === "begun" ? attached.find((annotationId) => !others.has(annotationId)) : undefined;
    if (found !== undefined) {
      await journal.end(file, found);
      return { file: file.path, result: "stored before", annotationId: found };
    }
    await journal.begin(file, attached);
    const { annotationId, rowCount } = await withBar(`${place}, uploading`, (onProgress) =>
      uploadTable(file.path, file.name, { ...table, connection, links: file.links, onProgress, onWarning: warn }),
    );
    await journal.end(file, annotationId);
    return { file: file.path, result: "stored", annotationId, rowCount };
  } catch (error) {
    if (!(error instanceof OmeroError) || error instanceof AbortError || error instanceof ConnectionError) throw error;
    return { file: file.path, result: "failed", error: error.message };
  }
}

/** Annotations of the tables of its name. One is attached when it is whole: what is new came of an upload that was cut off. */
async function attachedTables(
  { links, name }: MappedFile,
  connection: OmeroConnection,
  signal: AbortSignal,
): Promise<number[]> {
  const [[parentType, parentId]] = links as [[string, bigint]];
  const attached = await listFiles({ connection, parentType, parentId, name, signal });
  return attached.filter(({ mimetype }) => mimetype === TABLE_MIMETYPE).map(({ annotationId }) => annotationId);
}

function tell(outcome: Outcome, place: string, json: boolean): void {
  const { file, result, annotationId, rowCount, error } = outcome;
  const what = rowCount === undefined ? result : `${counted(rowCount, "row")} as annotation ${annotationId}`;
  if (json) printJson(outcome);
  else if (error !== undefined) warn(`${place}: ${file}: ${error}`);
  else print(`${place}: ${file}: ${what}`);
}

function summarize(outcomes: readonly Outcome[], json: boolean): void {
  const [stored, before, failed] = (["stored", "stored before", "failed"] as const).map(
    (wanted) => outcomes.filter(({ result }) => result === wanted).length,
  ) as [number, number, number];
  if (json) printJson({ stored, before, failed });
  else print(`${counted(stored, "file")} stored, ${before} stored before, ${failed} failed`);
  if (failed > 0) process.exitCode = failed < outcomes.length ? EXIT.someFailed : EXIT.failed;
}
