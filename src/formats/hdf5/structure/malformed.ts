import { DataError } from "../../../errors.js";

/** The error for bytes that are no HDF5 file, or no OMERO.tables file. `path` is added by whoever opened the file. */
export function malformedHdf5(subject: string): DataError {
  return new DataError("MALFORMED_FILE", subject);
}

/** How a file is given the form that OMERO.tables writes (HDF5's own tool). */
const REWRITE = 'rewrite it in the oldest form, by "h5repack --low=0 --high=0 OLD NEW"';

/** The error for HDF5 files that are laid out in a way OMERO.tables does not write. */
export function unsupportedHdf5(feature: string, remedy = REWRITE): DataError {
  return new DataError("UNSUPPORTED_TYPE", `the file has ${feature}, which is not handled here; ${remedy}`);
}
