/** The OMERO.tables file layout, read and written. */

export { type ReadHdf5Options, readHdf5Batches, tableBatches } from "./batches.js";
export { Hdf5Sink, type WriteHdf5Options, writeHdf5Table } from "./hdf5-sink.js";
export type { Hdf5Table, Hdf5TableOptions } from "./hdf5-table.js";
export { type CreateHdf5Options, createHdf5Table, type OpenHdf5Options, openHdf5Table } from "./open-table.js";
export type { FileSource } from "./structure/local-file.js";
export { HDF5_SIGNATURE, hasHdf5Signature } from "./structure/superblock.js";
