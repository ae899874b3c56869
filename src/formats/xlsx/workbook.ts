/** Reads workbooks with the package read-excel-file, which is loaded when the first one is opened and need not be installed. */
import { ArgumentError, DataError, FileError } from "../../errors.js";
import type { OnWarning } from "../../flow/warnings.js";
import { createRequire } from "../node.js";

const PACKAGE = "read-excel-file";

export type SheetCell = string | number | boolean | Date | null;
export type SheetRows = readonly (readonly SheetCell[])[];

/** One sheet of a workbook. */
interface Sheet {
  readonly sheet: string;
  readonly data: SheetRows;
}

/**
 * The rows of one sheet.
 * @param wanted its name, or its number from 1; default the first that holds cells
 * @throws ArgumentError `MISSING_PACKAGE`, `INVALID_ARGUMENT` for a sheet that is not there; DataError `MALFORMED_FILE`;
 * FileError `CANNOT_READ_FILE`
 */
export async function openSheet(
  path: string,
  wanted: string | number | undefined,
  onWarning: OnWarning,
): Promise<SheetRows> {
  const sheets = await readWorkbook(path);
  const filled = sheets.filter(({ data }) => data.length > 0);
  const found = wanted === undefined ? filled[0] : sheetNamed(sheets, wanted);
  if (found === undefined) throw noSuchSheet(path, sheets, wanted);
  if (wanted === undefined && filled.length > 1) {
    onWarning(`Sheet "${found.sheet}" is read, of ${listed(filled)}; csv.sheet names another`);
  }
  return found.data;
}

function sheetNamed(sheets: readonly Sheet[], wanted: string | number): Sheet | undefined {
  return typeof wanted === "number" ? sheets[wanted - 1] : sheets.find(({ sheet }) => sheet === wanted);
}

function noSuchSheet(path: string, sheets: readonly Sheet[], wanted: string | number | undefined): Error {
  if (wanted === undefined) return new DataError("MALFORMED_FILE", `No sheet of ${path} holds any cell`, { path });
  const message = `${path} has no sheet ${JSON.stringify(wanted)}; it has ${listed(sheets)}`;
  return new ArgumentError("INVALID_ARGUMENT", message, { path });
}

function listed(sheets: readonly Sheet[]): string {
  return sheets.map(({ sheet }) => JSON.stringify(sheet)).join(", ");
}

async function readWorkbook(path: string): Promise<Sheet[]> {
  checkInstalled();
  const { default: readXlsxFile } = await import("read-excel-file/node");
  try {
    // Its types say that a date is the class of dates.
    return (await readXlsxFile(path, { trim: false })) as unknown as Sheet[];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (isOfSystem(cause)) throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${why}`, { path, cause });
    throw new DataError("MALFORMED_FILE", `${path} cannot be read as an Excel workbook: ${why}`, { path, cause });
  }
}

function isOfSystem(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === "string";
}

/** @throws ArgumentError `MISSING_PACKAGE`; the message says how to install it */
export function checkInstalled(resolve: (name: string) => string = createRequire(import.meta.url).resolve): void {
  try {
    resolve(`${PACKAGE}/node`);
  } catch (cause) {
    const message = `Excel workbooks are read with the package ${PACKAGE}, which is not installed: run npm install ${PACKAGE}, or save the sheet as CSV`;
    throw new ArgumentError("MISSING_PACKAGE", message, { cause });
  }
}
