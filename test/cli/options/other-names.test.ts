/** Every option of the functions beside what stands for it on the command line, or why there is nothing. */
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { commandsOf, pathOf } from "../../../src/cli/command-tree.js";
import { withUsualNames } from "../../../src/cli/options/other-names.js";
import { program } from "../../../src/cli/program.js";
import type { ConnectionOption } from "../../../src/connect/connection-option.js";
import type { ConnectOptions } from "../../../src/connect/index.js";
import type { SqlOptions } from "../../../src/duckdb/sql.js";
import type { CsvOptions } from "../../../src/formats/csv/index.js";
import type { DownloadFileOptions, ListFilesOptions } from "../../../src/gateway/files/attached-file.js";
import type { UploadFileOptions } from "../../../src/gateway/files/upload-file.js";
import type { OrphanTablesOptions } from "../../../src/gateway/tables/orphan-tables.js";
import type { DownloadTableOptions } from "../../../src/read/download-table.js";
import type { DownloadCsvOptions, ReadCsvFrameOptions } from "../../../src/read/read-csv.js";
import type { ReadArrowOptions, ReadOptions, ReadTableOptions } from "../../../src/read/read-table.js";
import type { SourceOptions } from "../../../src/read/source.js";
import type { PlanScanOptions, ReadPartitionOptions } from "../../../src/scan/index.js";
import type { ServerOptions } from "../../../src/server/index.js";
import type { PageOptions } from "../../../src/view/page/page-server.js";
import type { PlotTableOptions } from "../../../src/view/plots/draw-table.js";
import type {
  AppendOptions,
  CopyTableOptions,
  CopyTarget,
  CreateTileDBOptions,
  DeleteTableOptions,
  RegisterTableOptions,
  SetMetadataOptions,
  TableOption,
  UpdateOptions,
  UploadOptions,
} from "../../../src/write/index.js";

/** An option (`--like-this`), an argument (`<name>`), or, in words, why there is neither. The compiler says which lack. */
type Covered<Options> = { readonly [Name in keyof Required<Options>]: string };
/** Those of {@link Options} that are its own. */
type Own<Options, Shared = ConnectionOption> = Covered<Omit<Options, keyof Shared>>;

const CONNECT: Covered<ConnectOptions> = {
  server: "--server",
  port: "--port",
  username: "--user",
  password: "a command line is seen by everyone: OMERO_PASSWORD, or a prompt",
  sessionKey: "--session-key",
  group: "--group",
  allowToken: "--no-allow-token",
  interactive: "--no-interactive",
  tls: "--tls",
  keepAlive: "--keep-alive",
  connectTimeout: "--connect-timeout",
  reconnectTimeout: "--reconnect-timeout",
  stallTimeout: "--stall-timeout",
  timeout: "--timeout",
  agent: "--agent",
  signal: "Ctrl-C",
};
const CONNECTION: Covered<ConnectionOption> = { ...CONNECT, connection: "each command is a process of its own" };
const BAR = "a bar shows it";
const WARNING = "told on standard error";
const OBJECT = "named as Image:5 in the place of the table";
const FILE = { fileId: "--file-id", annotationId: "--annotation-id" };
const ON_OBJECT = { parent: OBJECT, parentId: OBJECT, parentType: OBJECT, namespace: "--namespace", name: "--name" };
const SOURCE: Own<SourceOptions> = {
  ...FILE,
  ...ON_OBJECT,
  route: "--route",
  onRoute: "--verbose",
  path: "--path",
  maxBytes: "--max-bytes",
  table: "each command is a process of its own",
};
const READ: Own<ReadOptions> = {
  ...SOURCE,
  columnNames: "--columns",
  rows: "--rows",
  query: "--query",
  variables: "--variables",
  chunkSize: "--chunk-size",
  onProgress: BAR,
  store: "--store",
};
const FEW_ROWS = { ...READ, onProgress: "few rows come", store: "rows that are others each time are not kept" };
const CSV: Covered<CsvOptions> = {
  delimiter: "--delimiter",
  quote: "--quote",
  escape: "--escape",
  comment: "--comment",
  header: "--header",
  skipRows: "--skip-rows",
  encoding: "--encoding",
  decimal: "--decimal",
  thousands: "--thousands",
  missing: "--missing",
  missingValues: "the older name of missing",
  fillShortRows: "--no-fill-short-rows",
  repairNames: "--no-repair-names",
  sheet: "--sheet",
  maxBytes: "--max-bytes",
  strict: "--strict",
};
const CHOICE = { columnNames: "--columns", columnTypes: "--column-type", csv: "--delimiter", strict: "--strict" };
const UPLOAD: Own<UploadOptions> = {
  ...CHOICE,
  parent: "--link",
  parentId: "--link",
  parentType: "--link",
  links: "--link",
  description: "--description",
  namespace: "--namespace",
  metadata: "--metadata",
  replace: "--replace",
  split: "--split",
  resolveNames: "--no-resolve-names",
  chunkSize: "--chunk-size",
  route: "--route",
  dryRun: "--dry-run",
  localPath: "--local-path",
  remotePath: "--remote-path",
  prefix: "--prefix",
  web: "--web-server",
  onProgress: BAR,
  onWarning: WARNING,
};
const { resolveNames: _, dryRun: __, ...TARGET } = UPLOAD;
const TABLE: Own<TableOption> = { ...FILE, table: SOURCE.table };
const FRAMES = "rows become lines of text, no frame";

const FUNCTIONS: readonly [function_: string, commands: string, covered: Readonly<Record<string, string>>][] = [
  ["connectToOmero", "login info ls head download upload copy metadata scan.plan files.get", CONNECTION],
  ["readBatches", "head query", READ],
  ["readTable", "head query", { ...READ, int64: FRAMES } satisfies Own<ReadTableOptions>],
  ["readArrow", "head query", { ...READ, rowNumbers: FRAMES } satisfies Own<ReadArrowOptions>],
  ["readBatches", "tail sample", FEW_ROWS satisfies Own<ReadOptions>],
  ["getTableHeaders", "columns info open", SOURCE],
  ["describeTable", "describe", READ],
  [
    "downloadTable",
    "download",
    {
      ...READ,
      targetPath: "<names>",
      format: "--format",
      overwrite: "--overwrite",
      partitionRows: "--partition-rows",
      partitionBy: "--partition-by",
    } satisfies Own<DownloadTableOptions>,
  ],
  [
    "plotTable",
    "plot",
    {
      ...READ,
      kind: "<kind>",
      x: "--x",
      y: "--y",
      by: "--by",
      columns: "--columns",
      bins: "--bins",
      source: "frames are of programs; - is standard input",
      targetPath: "--output",
      format: "--format",
      overwrite: "--overwrite",
      width: "--width",
      height: "--height",
      title: "--title",
    } satisfies Own<PlotTableOptions>,
  ],
  [
    "servePage",
    "view",
    {
      table: "<table>",
      title: "--title",
      port: "--listen",
      connection: "--server",
      thumbnail: "images of the server",
    } satisfies Covered<PageOptions>,
  ],
  ["the csv option", "upload append update tiledb csv", CSV],
  ["uploadTable", "upload", UPLOAD],
  [
    "appendRows",
    "append",
    {
      ...TABLE,
      chunkSize: "--chunk-size",
      csv: "--delimiter",
      parent: "--parent",
      parentId: "--parent",
      parentType: "--parent",
      onProgress: BAR,
      onWarning: WARNING,
    } satisfies Own<AppendOptions>,
  ],
  [
    "updateRows",
    "update",
    {
      ...TABLE,
      rows: "--rows",
      query: "--query",
      variables: "--variables",
      chunkSize: "--chunk-size",
      csv: "--delimiter",
      onProgress: BAR,
    } satisfies Own<UpdateOptions>,
  ],
  ["setTableMetadata", "metadata", { ...TABLE, onWarning: WARNING } satisfies Own<SetMetadataOptions>],
  ["deleteTable", "delete", FILE satisfies Own<DeleteTableOptions>],
  ["copyTable's source", "copy", { ...READ, name: "--name", onProgress: BAR } satisfies Own<ReadOptions>],
  [
    "copyTable's target",
    "copy",
    {
      ...TARGET,
      columnNames: "the source has them",
      columnTypes: "a copy has the types of its table",
      csv: "a copy is of a table",
      strict: "a copy is of a table",
      tableName: "--table-name",
      namespace: "--to-namespace",
      route: "--to-route",
      chunkSize: "--to-chunk-size",
    } satisfies Covered<Omit<CopyTarget, keyof ConnectionOption>>,
  ],
  [
    "copyTable's connection of the target",
    "copy",
    {
      ...CONNECTION,
      server: "--to-server",
      port: "--to-port",
      username: "--to-user",
      group: "--to-group",
      sessionKey: "a session of omero2frame login there is joined",
    },
  ],
  [
    "copyTable",
    "copy",
    { mapIds: "--map-ids", sourceParent: "--source-parent", dryRun: "--dry-run" } satisfies Covered<CopyTableOptions>,
  ],
  [
    "createTileDB",
    "tiledb",
    {
      ...CHOICE,
      chunkSize: "--chunk-size",
      overwrite: "--overwrite",
      signal: "Ctrl-C",
      onProgress: BAR,
      onWarning: WARNING,
    } satisfies Covered<CreateTileDBOptions>,
  ],
  [
    "registerTable",
    "register",
    {
      parent: "--link",
      parentId: "--link",
      parentType: "--link",
      links: "--link",
      tableName: "<name>",
      remotePath: "<remote-path>",
      token: "--token-file",
      localPath: "--local-path",
      prefix: "--prefix",
      web: "--web-server",
    } satisfies Own<RegisterTableOptions>,
  ],
  [
    "listFiles",
    "files.ls",
    {
      parent: "<object>",
      parentId: "<object>",
      parentType: "<object>",
      namespace: "--namespace",
      name: "--name",
    } satisfies Own<ListFilesOptions>,
  ],
  [
    "downloadFile",
    "files.get",
    {
      ...FILE,
      ...ON_OBJECT,
      targetPath: "<names>",
      overwrite: "--overwrite",
      chunkSize: "--chunk-size",
      onProgress: BAR,
    } satisfies Own<DownloadFileOptions>,
  ],
  [
    "downloadCsv",
    "csv",
    {
      ...FILE,
      ...ON_OBJECT,
      targetPath: "--output",
      overwrite: "--overwrite",
      chunkSize: "--chunk-size",
      checkType: "--no-check-type",
      onProgress: BAR,
    } satisfies Own<DownloadCsvOptions>,
  ],
  [
    "readCsv",
    "csv",
    {
      ...CHOICE,
      ...FILE,
      ...ON_OBJECT,
      chunkSize: "--chunk-size",
      maxBytes: "--max-bytes",
      checkType: "--no-check-type",
      int64: FRAMES,
      onProgress: BAR,
      onWarning: WARNING,
    } satisfies Own<ReadCsvFrameOptions>,
  ],
  [
    "uploadFile",
    "files.put",
    {
      parent: "--link",
      parentId: "--link",
      parentType: "--link",
      links: "--link",
      description: "--description",
      namespace: "--namespace",
      name: "--name",
      mimetype: "--mimetype",
      chunkSize: "--chunk-size",
      onProgress: BAR,
      onWarning: WARNING,
    } satisfies Own<UploadFileOptions>,
  ],
  ["listOrphanTables", "clean", { olderThan: "--older-than" } satisfies Own<OrphanTablesOptions>],
  [
    "planScan",
    "scan.plan",
    {
      ...FILE,
      path: "--path",
      columnNames: "--columns",
      query: "--query",
      variables: "--variables",
      partitions: "--partitions",
      partitionRows: "--partition-rows",
      batchRows: "--batch-rows",
    } satisfies Own<PlanScanOptions>,
  ],
  [
    "readPartition",
    "scan.read",
    {
      onProgress: "standard output is read by programs",
      maxBatchBytes: "--max-batch-bytes",
    } satisfies Own<ReadPartitionOptions>,
  ],
  ["sql", "sql", { onProgress: BAR, onFetch: "--verbose" } satisfies Own<SqlOptions>],
  [
    "startServer",
    "serve",
    {
      port: "--port",
      tlsPort: "--tls-port",
      host: "--host",
      users: "--world",
      groups: "--world",
      objects: "--world",
      userLimits: "--world",
      directory: "--directory",
      idleTimeout: "--idle-timeout",
      loginTimeout: "--login-timeout",
      tls: "--tls-key",
      failedLoginDelay: "--failed-login-delay",
      web: "--web-port",
      lookupTables: "always there",
      tables: "--tables",
      optimisticLocks: "--no-optimistic-locks",
      seed: "--seed",
      messageSizeMax: "--message-size-max",
      requestBytes: "--request-bytes",
      memoryTableBytes: "--memory-table-bytes",
      maxConnections: "--max-connections",
      maxSessions: "--max-sessions",
      latency: "--latency",
      beforeCall: "a function",
      log: "--log",
    } satisfies Covered<ServerOptions>,
  ],
];

const commands = new Map<string, Command>(
  commandsOf(program(new AbortController().signal)).map((command) => [pathOf(command), command]),
);

describe("options of functions on the command line", () => {
  const each = FUNCTIONS.flatMap(([name, paths, covered]) =>
    paths.split(" ").map((path) => [name, path.replace(".", " "), covered] as const),
  );
  test.each(each)("%s: %s", (_, path, covered) => {
    const command = commands.get(`omero2frame ${path}`)!;
    const there = [
      ...command.options.map(({ long }) => long),
      ...command.registeredArguments.map((argument) => `<${argument.name()}>`),
    ];
    const named = Object.values(covered).filter((text) => /^(--|<)/.test(text));
    expect(named.filter((text) => !there.includes(text))).toEqual([]);
  });
});

test("options may be called as the functions call them", () => {
  const given = ["head", "--username", "ann", "--column-names=a,b", "--column", "--", "a --username"];
  expect(withUsualNames(given)).toEqual(["head", "--user", "ann", "--columns=a,b", "--column", "--", "a --username"]);
});
