import type { Command } from "commander";
import { ArgumentError, FileError } from "../../../errors.js";
import { connectionOf, type ServerFlags, withServer } from "../../options/connection.js";
import { countOption, type JsonFlag, jsonOption } from "../../options/tables.js";
import { counted, print, printColumns, visibleLine, warn, withBar } from "../../output.js";

interface SqlFlags extends ServerFlags, JsonFlag {
  readonly count: number;
  readonly database: string;
  readonly verbose: boolean;
}

export function addSql(root: Command, signal: AbortSignal): void {
  countOption(jsonOption(withServer(root.command("sql"))), 100)
    .description("run SQL over tables, by DuckDB: select label, avg(area) from omero_table(402) group by label")
    .argument(
      "<statement>",
      "with omero_table(402), omero_table('Annotation:142') or omero_table('cells.parquet') for tables",
    )
    .option("--database <file>", "a database of DuckDB, whose own tables can be joined", ":memory:")
    .option("--verbose", "tell what is fetched", false)
    .action(async (statement: string, options: SqlFlags) => {
      const { DuckDBInstance } = await import("@duckdb/node-api").catch((cause) => {
        throw new ArgumentError("MISSING_PACKAGE", "sql needs DuckDB: npm install @duckdb/node-api", { cause });
      });
      const { sql } = await import("../../../duckdb/index.js");
      const instance = await DuckDBInstance.create(options.database);
      const db = await instance.connect();
      try {
        const reader = await withBar("fetching", (onProgress) =>
          sql(db, statement, {
            ...connectionOf(options),
            signal,
            onProgress,
            onFetch: ({ columns, query, rowCount }) => {
              if (options.verbose)
                warn(`${counted(rowCount, "row")} of ${columns.join(", ") || "no column"} where ${query ?? "true"}`);
            },
          }),
        ).catch(inOneLine);
        show(reader, options);
      } finally {
        db.closeSync();
        instance.closeSync();
      }
    });
}

/** What DuckDB finds wrong, in its first line. */
function inOneLine(error: unknown): never {
  if (!(error instanceof Error) || "code" in error) throw error;
  throw new FileError("CANNOT_READ_FILE", error.message.split("\n")[0]!, { cause: error });
}

type Reader = Awaited<ReturnType<typeof import("../../../duckdb/index.js").sql>>;

function show(reader: Reader, { count: most, json }: SqlFlags): void {
  const rows = reader.getRowsJson().slice(0, most);
  const names = reader.deduplicatedColumnNames();
  if (json) {
    for (const row of rows) print(JSON.stringify(Object.fromEntries(row.map((value, index) => [names[index], value]))));
    return;
  }
  printColumns(
    names.map((name, index) => ({
      heading: visibleLine(name),
      cells: rows.map((row) => visibleLine(typeof row[index] === "string" ? row[index] : JSON.stringify(row[index]))),
      isNumeric: rows.every((row) => typeof row[index] !== "string" || /^-?[\d.]+$/.test(row[index])),
    })),
  );
  if (reader.currentRowCount > rows.length) warn(`${rows.length} of ${counted(reader.currentRowCount, "row")} shown`);
}
