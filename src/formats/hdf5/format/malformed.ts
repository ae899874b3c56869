import { DataError } from "../../../errors.js";

/** The error for bytes that are no HDF5 file, or no OMERO.tables file. `path` is added by whoever opened the file. */
export function malformed(what: string): DataError {
  return new DataError("MALFORMED_FILE", what);
}

/**
 * The file is HDF5, but uses something this package's own reader leaves to the HDF5 library (compression, a chunk index
 * of a newer version, densely stored attributes).
 */
export class UnusualLayout extends Error {
  constructor(feature: string) {
    super(feature);
    this.name = "UnusualLayout";
  }
}
