/** The files of a data set that an engine wrote into a folder, in the order of their rows. */
import { DataError } from "../../errors.js";
import { join, readdir } from "../node.js";
import { compareValues, type FolderColumn, type FolderValue, folderColumn, folderValue } from "./folder-values.js";

/** A file, and the values that the folders it is in are named by, in the order of the columns. */
export interface DataSetFile {
  readonly path: string;
  readonly values: readonly (string | undefined)[];
}

/** The files of a data set in the order of their rows, and the columns that are in names of folders. */
export interface DataSetFiles {
  readonly files: readonly DataSetFile[];
  readonly columns: readonly FolderColumn[];
}

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
  return names.some((name) => name === DONE || name === UNDONE || DATA.test(name) || folderValue(name) !== undefined);
}

/**
 * The files by the numbers of their parts. Those in folders of values (`plate=3/label=a`) are in the order of the values,
 * missing ones last.
 * @throws DataError `MALFORMED_FILE` where the data set is not whole, or the order of its rows is not known
 */
export async function dataSetFiles(folder: string): Promise<DataSetFiles> {
  const found = await filesIn(folder, []);
  const [first] = found;
  if (first === undefined) throw notWhole(folder, "it holds no file of data");
  const names = checkedNames(folder, first, found);
  const textsOf = (level: number) => new Set(found.map(({ values }) => values[level]!.text));
  const columns = names.map((name, level) => folderColumn(name, textsOf(level)));
  const files = found.map(({ path, values }) => ({ path, values: values.map(({ text }) => text) }));
  return { files: files.sort((a, b) => compareFiles(columns, a, b)), columns };
}

/** Names of the columns that folders are named by. @throws DataError `MALFORMED_FILE` where folders differ in them */
function checkedNames(folder: string, first: FoundFile, found: readonly FoundFile[]): string[] {
  const namesOf = ({ values }: FoundFile) => values.map(({ column }) => column);
  const names = namesOf(first);
  const other = found.find((file) => JSON.stringify(namesOf(file)) !== JSON.stringify(names));
  if (other !== undefined) throw notWhole(folder, `${other.path} is in folders of other columns than ${first.path}`);
  const twice = names.find((name, level) => names.indexOf(name) < level);
  if (twice !== undefined) throw notWhole(folder, `folders in folders are of the same column "${twice}"`);
  return names;
}

/** Files with the same values stay as they are. */
function compareFiles(columns: readonly FolderColumn[], a: DataSetFile, b: DataSetFile): number {
  for (const [level, column] of columns.entries()) {
    const order = compareValues(column, a.values[level], b.values[level]);
    if (order !== 0) return order;
  }
  return 0;
}

interface FoundFile {
  readonly path: string;
  readonly values: readonly FolderValue[];
}

async function filesIn(folder: string, values: readonly FolderValue[]): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const all = entries.map(({ name }) => name);
  if (all.includes(UNDONE) && !all.includes(DONE)) {
    throw notWhole(folder, `it holds ${UNDONE} and no ${DONE}: what writes it has not ended, or failed`);
  }
  const folders = entries.filter((entry) => entry.isDirectory() && !(HIDDEN.test(entry.name) && !isValue(entry.name)));
  const names = entries.filter((entry) => !entry.isDirectory() && !HIDDEN.test(entry.name)).map(({ name }) => name);
  const foreign = names.find((name) => !DATA.test(name));
  if (foreign !== undefined) throw notWhole(folder, `it holds "${foreign}", which is neither Parquet nor Arrow`);
  if (folders.length > 0 && names.length > 0)
    throw notWhole(folder, `it holds files such as "${names[0]}" beside folders such as "${folders[0]!.name}"`);
  const found: FoundFile[] = [];
  for (const name of folders.map((entry) => entry.name).sort()) {
    const value = folderValue(name);
    if (value === undefined)
      throw notWhole(folder, `the folder "${name}" is not named by a column and its value (plate=3)`);
    found.push(...(await filesIn(join(folder, name), [...values, value])));
  }
  // What a part has is shared among all folders of values: any may be missing in one of them.
  const isComplete = all.includes(DONE) || values.length > 0;
  for (const name of ordered(folder, names, isComplete)) found.push({ path: join(folder, name), values });
  return found;
}

/** Spark reads `_plate=3`, too. */
function isValue(name: string): boolean {
  return name.startsWith("_") && folderValue(name) !== undefined;
}

interface Part {
  readonly name: string;
  readonly part: number;
  /** Number of the file, where there are several of a part. */
  readonly file: number;
}

function ordered(folder: string, names: readonly string[], isComplete: boolean): string[] {
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
  const missing = isComplete ? -1 : sorted.findIndex(({ part }, index) => part > (sorted[index - 1]?.part ?? -1) + 1);
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
