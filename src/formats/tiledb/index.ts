/** TileDB arrays, written and read without TileDB's engine. */
export { openTileDBTable, TileDBTable } from "./array-table.js";
export { type ArrayWriteOptions, writeArray } from "./array-writer.js";
export { TILEDB_RULES } from "./attribute-rules.js";
export { readSecretToken } from "./secret-token.js";
export { arrayTarget, type CreatedArray, TileDBSink } from "./tiledb-sink.js";
