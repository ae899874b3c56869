/** The files of a data set that an engine wrote into a folder, in the order of their rows. */
import { DataError } from "../../errors.js";
import { join, readdir } from "../node.js";

/** What tells that all that writes into a folder is done. */
const DONE = "_SUCCESS";
/** Where Spark, and what else writes as Hadoop does, keeps parts until all are done. */
const UNDONE = "_temporary";
/** Begin the names of what is no data: marks, checksums, summaries. */
const HIDDEN = /^[._]/;
const DATA = /\.(?:parquet|pq|arrow|arrows|feather)$/i;
/** `part-00003-….c000.snappy.parquet` of Spark, `part.3.parquet` of Dask, `part-00003.parquet` of this package. */
const PART = /^part[-.](\d+)(?:[-.].*?)?(?:-c(\d+))?(?:\.\w+)*$/i;

/** Whether names in a folder are those of a data set. */
export function isDataSet(names: readonly string[]): boolean {
  return names.some((name) => name === DONE || name === UNDONE || DATA.test(name));
}

/**
 * Paths of the files by the numbers of their parts.
 * @throws DataError `MALFORMED_FILE` where the data set is not whole, or the order of its rows is not known
 */
export async function dataSetFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const all = entries.map(({ name }) => name);
  if (all.includes(UNDONE) && !all.includes(DONE)) {
    throw notWhole(folder, `it holds ${UNDONE} and no ${DONE}: what writes it has not ended, or failed`);
  }
  const visible = entries.filter(({ name }) => !HIDDEN.test(name));
  const foldered = visible.find((entry) => entry.isDirectory());
  if (foldered !== undefined) {
    const why = `the order of rows in folders such as "${foldered.name}" is not known; read it with DuckDB, and upload what that writes`;
    throw notWhole(folder, why);
  }
  const names = visible.map(({ name }) => name);
  const foreign = names.find((name) => !DATA.test(name));
  if (foreign !== undefined) throw notWhole(folder, `it holds "${foreign}", which is neither Parquet nor Arrow`);
  if (names.length === 0) throw notWhole(folder, "it holds no file of data");
  return ordered(folder, names, all.includes(DONE)).map((name) => join(folder, name));
}

interface Part {
  readonly name: string;
  readonly part: number;
  /** Number of the file, where there are several of a part. */
  readonly file: number;
}

function ordered(folder: string, names: readonly string[], isDone: boolean): string[] {
  const parts = names.map(partOf);
  // Names of other forms are in their order, numbers by their size.
  if (!parts.every((part) => part !== undefined)) return [...names].sort(NATURAL.compare);
  const sorted = [...parts].sort((a, b) => a.part - b.part || a.file - b.file);
  const twice = sorted.find(
    ({ part, file }, index) => sorted[index - 1]?.part === part && sorted[index - 1]?.file === file,
  );
  if (twice !== undefined) {
    throw notWhole(
      folder,
      `several files are part ${twice.part}: it was written into twice, so the order of rows is not known`,
    );
  }
  // Spark leaves out parts without rows, and says by its mark that no other is missing.
  const missing = isDone ? -1 : sorted.findIndex(({ part }, index) => part > (sorted[index - 1]?.part ?? -1) + 1);
  if (missing >= 0)
    throw notWhole(folder, `part ${(sorted[missing - 1]?.part ?? -1) + 1} is missing, and there is no ${DONE}`);
  return sorted.map(({ name }) => name);
}

const NATURAL = new Intl.Collator("en", { numeric: true });

function partOf(name: string): Part | undefined {
  const [, part, file = "0"] = PART.exec(name) ?? [];
  return part === undefined ? undefined : { name, part: Number(part), file: Number(file) };
}

function notWhole(path: string, why: string): DataError {
  return new DataError("MALFORMED_FILE", `${path} cannot be read as a data set: ${why}`, { path });
}
