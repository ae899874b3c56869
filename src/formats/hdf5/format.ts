import { compileCondition } from "../../query/index.js";
import type { Format } from "../format.js";
import { sourceOfFile } from "../table-source.js";
import { hasHdf5Signature } from "./structure/superblock.js";

/** Files of OMERO.tables. */
export const hdf5Format: Format = {
  name: "hdf5",
  endings: [".h5", ".hdf5", ".hdf"],
  isContent: ({ head }) => hasHdf5Signature(head),
  openSource: (path, options) => sourceOfFile(openTable(String(path)), options),
  openTable,
  createSink: async (path, options) => (await import("./hdf5-sink.js")).Hdf5Sink.create(path, options),
};

async function openTable(path: string) {
  const { openHdf5Table } = await import("./index.js");
  return openHdf5Table(path, { compileCondition });
}
