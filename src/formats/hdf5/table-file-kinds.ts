import { resolve } from "node:path";
import { DataError } from "../../errors.js";
import type { FileSource } from "./format/local-file.js";
import { UnusualLayout } from "./format/malformed.js";
import { PlainTableFile } from "./plain-table-file.js";
import type { TableFile } from "./table-file.js";

/**
 * Opens a table's file by its structures where they are as OMERO.tables writes them, and through the HDF5 library where
 * they are not.
 * @throws DataError `UNSUPPORTED_TYPE` for the latter if it is given open, not by its path.
 */
export async function openTableFile(source: FileSource, writable: boolean): Promise<TableFile> {
  try {
    return await PlainTableFile.open(source, writable);
  } catch (error) {
    if (!(error instanceof UnusualLayout)) throw error;
    if (typeof source !== "string") {
      const message = `the file has ${error.message}, for which it has to be opened by its path`;
      throw new DataError("UNSUPPORTED_TYPE", message, { cause: error });
    }
    const { LibraryTableFile } = await import("./library-table-file.js");
    return LibraryTableFile.open(resolve(source), writable);
  }
}
