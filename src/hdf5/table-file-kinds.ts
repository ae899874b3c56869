import { UnusualLayout } from "./format/malformed.js";
import { PlainTableFile } from "./plain-table-file.js";
import type { TableFile } from "./table-file.js";

/**
 * Opens a table's file by its structures where they are as OMERO.tables writes them, and through the HDF5 library where
 * they are not.
 */
export async function openTableFile(path: string, writable: boolean): Promise<TableFile> {
  try {
    return await PlainTableFile.open(path, writable);
  } catch (error) {
    if (!(error instanceof UnusualLayout)) throw error;
    const { LibraryTableFile } = await import("./library-table-file.js");
    return LibraryTableFile.open(path, writable);
  }
}
