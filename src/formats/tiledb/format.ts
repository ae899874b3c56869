import type { Format } from "../format.js";
import { sourceOfFile } from "../table-source.js";

/** TileDB arrays, which are folders. */
export const tiledbFormat: Format = {
  name: "tiledb",
  endings: [".tiledb"],
  isContent: ({ names }) => names.includes("__schema"),
  openSource: (path, options) =>
    sourceOfFile(
      tiledb().then(({ openTileDBTable }) => openTileDBTable(String(path), options)),
      options,
    ),
  openTable: async (path, options) => (await tiledb()).openTileDBTable(path, options),
  createSink: async (path, options) => (await tiledb()).TileDBSink.create(path, options),
};

function tiledb() {
  return import("./index.js");
}
