/** Work that other threads are given: what each task takes and gives. */
import type { ColumnBatch, ColumnData } from "../batch.js";
import type { CsvSegment, ScannedSegment } from "../csv/scan-segment.js";

/** A table's file: its path, or the descriptor of one that this process has open. */
export type SharedFile = string | number;

export interface Tasks {
  /** Columns of rows `start ..< stop` of an OMERO.tables file. */
  readRows: {
    input: {
      readonly file: SharedFile;
      readonly columns: readonly number[];
      readonly start: number;
      readonly stop: number;
    };
    output: ColumnData[];
  };
  /** Lets go of a file that {@link Tasks.readRows} was asked for. */
  closeFile: { input: SharedFile; output: undefined };
  /**
   * Takes the bytes of an open file up to `stop` into its SHA-1, after those taken before; `last` has it finished and
   * answered in hexadecimal. Parts must go to one thread.
   */
  sha1: { input: { readonly file: number; readonly stop: number; readonly last: boolean }; output: string | undefined };
  /** The records of a part of a CSV file. */
  scanCsv: { input: CsvSegment; output: ScannedSegment | undefined };
  /** The rows of a batch as lines of CSV, in blocks. */
  csvLines: { input: ColumnBatch; output: Uint8Array[] };
}

export type TaskName = keyof Tasks;

export interface TaskRequest<Name extends TaskName = TaskName> {
  readonly id: number;
  readonly name: Name;
  readonly input: Tasks[Name]["input"];
}

export interface TaskAnswer {
  readonly id: number;
  readonly output?: unknown;
  /** Why it failed. */
  readonly failure?: string;
}

/** The buffers under typed arrays, wherever in a value they are: what can be handed to another thread without a copy. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength > 0) found.add(value.buffer);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return found;
}
