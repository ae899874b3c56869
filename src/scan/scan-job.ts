/** A part of a table, to be read by any process on any machine: plain JSON, without a secret. */

import { parseServerAddress } from "../connect/server-address.js";
import { ArgumentError } from "../errors.js";
import { checkScanQuery, type ScanQuery } from "./scan-query.js";

/** Reads rows `start` up to and not including `stop`, of these those that meet a condition if there is one. */
export interface ScanJob {
  /** Version of this form. */
  readonly version: 1;
  /** Where the server is, as `connectToOmero` takes it; not for a file of this machine. */
  readonly server?: string | undefined;
  /** OriginalFile of the table on the server. */
  readonly fileId?: number | undefined;
  /** Path of a file that all machines see, in place of a server. */
  readonly path?: string | undefined;
  /** Number of this part, from 0. */
  readonly partition: number;
  /** How many parts there are. */
  readonly partitions: number;
  /** Rows from `start` up to and not including `stop`. */
  readonly rows: { readonly start: number; readonly stop: number };
  /** Columns to read, in the table's order. */
  readonly columnNames: readonly string[];
  /** What rows are to meet, if only some are wanted. */
  readonly query?: ScanQuery | undefined;
  /** Rows of each batch that comes of it but the last. */
  readonly batchRows: number;
  /** What the table was when it was planned. */
  readonly table: PlannedTable;
}

/** What the table was when it was planned. */
export interface PlannedTable {
  /** Names it among those of all servers. */
  readonly name: string;
  /** Rows it had. */
  readonly rowCount: number;
  /** SHA-256 of its columns. */
  readonly columns: string;
  /** SHA-256 of what moves with every change; null where the server tells of none. */
  readonly stamp: string | null;
}

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * A job from JSON, as text or parsed.
 * @throws ArgumentError `INVALID_ARGUMENT` where it is none, or one of another version
 *
 * @example
 * ```ts
 * const job = parseScanJob(await readFile("job-3.json", "utf8"));
 * ```
 */
export function parseScanJob(job: unknown): ScanJob {
  const found = typeof job === "string" ? parsed(job) : job;
  if (!isObject(found)) throw invalid("it is no object");
  if (found.version !== 1) throw invalid(`its version is ${JSON.stringify(found.version)}, not 1`);
  const wrong = Object.entries(CHECKS).find(([name, fits]) => !fits(found[name]));
  if (wrong !== undefined) throw invalid(`its ${wrong[0]} is missing or wrong`);
  const { rows, partition, partitions, table } = found as unknown as ScanJob;
  if (rows.stop < rows.start || rows.stop > table.rowCount || partition >= partitions) {
    throw invalid("its rows or its number are out of range");
  }
  checkPlace(found);
  checkScanQuery(found.query);
  return found as unknown as ScanJob;
}

type Unknowns = Readonly<Record<string, unknown>>;

const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  partition: isCount,
  partitions: (value) => isCount(value) && value > 0,
  rows: (value) => isObject(value) && isCount(value.start) && isCount(value.stop),
  columnNames: (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string"),
  batchRows: (value) => isCount(value) && value > 0,
  table: (value) => isObject(value) && isPlannedTable(value),
};

function checkPlace({ server, fileId, path }: Unknowns): void {
  const isOnServer = isAddress(server) && isCount(fileId) && path === undefined;
  const isFile = typeof path === "string" && path !== "" && server === undefined && fileId === undefined;
  if (!isOnServer && !isFile) throw invalid("its server, fileId or path is missing or wrong");
}

function isPlannedTable({ name, rowCount, columns, stamp }: Unknowns): boolean {
  const isHash = (value: unknown) => typeof value === "string" && SHA256.test(value);
  return typeof name === "string" && isCount(rowCount) && isHash(columns) && (stamp === null || isHash(stamp));
}

function isAddress(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    parseServerAddress(value);
    return true;
  } catch {
    return false;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Unknowns {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid("it is no JSON", cause);
  }
}

function invalid(why: string, cause?: unknown): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", `This is no job of a scan: ${why}. Plan the scan with planScan`, {
    cause,
  });
}
