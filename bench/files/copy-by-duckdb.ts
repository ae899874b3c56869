/** DuckDB's COPY of the table in a Parquet file, on one thread: `copy-by-duckdb.ts CODEC FROM PATH`. Prints one line of JSON. */
import { statSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const [codec = "snappy", from = "", path = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
const db = await instance.connect();
await db.run(`create table cells as from read_parquet('${from}')`);
const start = performance.now();
const before = process.cpuUsage();
await db.run(`copy cells to '${path}' (format parquet, compression ${codec})`);
const { user, system } = process.cpuUsage(before);
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, megabytes: statSync(path).size / 1e6 }));
