/** An OMERO table in DuckDB: `npm install omero2frame @duckdb/node-api apache-arrow`. */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  VARCHAR,
} from "@duckdb/node-api";
import { Bool, DataType, Float64, Int64, type Table } from "apache-arrow";
import { nuclei } from "./nuclei.js";

/** Rows that DuckDB takes together. */
const ROWS = 2048;

/** Ids and Long are Int64, which stays exact; arrays and masks need types of their own. */
function typeOf(type: DataType): DuckDBType {
  if (type instanceof Int64) return BIGINT;
  if (type instanceof Float64) return DOUBLE;
  if (type instanceof Bool) return BOOLEAN;
  if (DataType.isUtf8(type)) return VARCHAR;
  throw new Error(`no DuckDB type for ${type}`);
}

const named = (name: string) => `"${name.replaceAll('"', '""')}"`;
const arrow: Table = await nuclei();
const instance = await DuckDBInstance.create();
const duckdb = await instance.connect();

const types = arrow.schema.fields.map(({ type }) => typeOf(type));
const columns = arrow.schema.fields.map(({ name }, at) => `${named(name)} ${types[at]}`);
await duckdb.run(`CREATE TABLE nuclei (${columns.join(", ")})`);
const appender = await duckdb.createAppender("nuclei");
for (let start = 0; start < arrow.numRows; start += ROWS) {
  const part = arrow.slice(start, start + ROWS);
  const chunk = DuckDBDataChunk.create(types);
  chunk.setColumns(types.map((_, at) => [...part.getChildAt(at)!] as DuckDBValue[]));
  appender.appendDataChunk(chunk);
}
appender.closeSync();

const areas = await duckdb.runAndReadAll(
  'SELECT diagnosis, count(*)::INTEGER AS "rows", avg("mean area") AS area FROM nuclei GROUP BY 1 ORDER BY area DESC',
);
console.log(JSON.stringify(areas.getRowObjectsJson()));
duckdb.closeSync();
