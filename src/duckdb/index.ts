/** `omero2frame/duckdb`: SQL over tables of OMERO, with `@duckdb/node-api` installed beside. */
export type { NamedTable } from "./named-tables.js";
export { type FetchedTable, type SqlOptions, sql } from "./sql.js";
