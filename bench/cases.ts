/** What is measured: each case runs ours and a peer in turn on the same data. */

export interface Task {
  operation: "arrow" | "frame" | "batches" | "download" | "upload" | "upload_csv" | "upload_batches" | "tiledb";
  fileId?: number;
  query?: string;
  route?: "auto" | "service" | "file";
  csv?: string;
  /** Rows to make in memory. */
  rows?: number;
  /** Leave the uploaded table on the server. */
  keep?: boolean;
  /** Say when the operation began and ended, in its measurement. */
  profiled?: boolean;
}

/** The same work for omero2pandas (its default chunk where `chunkSize` is not given) or for TileDB-Py. */
export interface PeerTask {
  operation: "read" | "download" | "upload" | "upload_csv" | "tiledb";
  fileId?: number;
  query?: string;
  chunkSize?: number;
  csv?: string;
  pickle?: string;
}

/** Works whose time in the table service alone is measured by server_alone.py. */
export type ServerWork = "upload" | "read" | "frequent" | "rare";

export interface Data {
  /** File id of rows x 10. */
  narrow: number;
  /** File id of rows / 5 x 100. Both are made by omero2pandas. */
  wide: number;
  /** File id of as many rows and columns as `narrow`, made by this package. */
  own: number;
  /** Ids of those of which the server has noted a checksum. */
  checksums: ReadonlySet<number>;
  csv: string;
  pickle: string;
  rows: number;
}

export interface Case {
  name: string;
  ours: Task;
  theirs: PeerTask;
  /** How many times faster ours is to be. */
  target: number;
  /** What the table service has to do for it, where all of it goes through the service. */
  serverWork?: ServerWork;
  /** Most MB beyond the input. */
  beyondTarget?: number;
  /** The peer takes a minute or more. */
  slowPeer?: boolean;
  /** Whether the server has a checksum of the table that ours reads; undefined where none is read. */
  checksum?: boolean;
}

export function cases(data: Data): Case[] {
  return casesOf(data).map((one) => {
    const { fileId } = one.ours;
    return fileId === undefined ? one : { ...one, checksum: data.checksums.has(fileId) };
  });
}

function casesOf({ narrow, wide, own, csv, pickle, rows }: Data): Case[] {
  const whole = { operation: "read", fileId: narrow, chunkSize: 50_000 } as const;
  const arrow = { operation: "arrow", fileId: narrow } as const;
  const download = { operation: "download", fileId: narrow } as const;
  const frequent = "(f0>1)&(cls=='Nucleus')";
  const rare = `label<${Math.max(1, Math.round(rows / 10_000))}`;
  const upload = { operation: "upload", pickle } as const;
  const uploadCsv = { operation: "upload_csv", csv } as const;
  return [
    { name: "whole table to Arrow, chunk 50,000", ours: arrow, theirs: whole, target: 8 },
    {
      name: "whole table of this package to Arrow, chunk 50,000",
      ours: { ...arrow, fileId: own },
      theirs: whole,
      target: 8,
    },
    {
      name: "whole table to Arrow by the service route",
      ours: { ...arrow, route: "service" },
      theirs: whole,
      target: 3,
      serverWork: "read",
    },
    {
      name: "whole table to a frame, chunk 50,000",
      ours: { operation: "frame", fileId: narrow },
      theirs: whole,
      target: 2.5,
    },
    {
      name: "whole table to CSV, chunk 50,000",
      ours: download,
      theirs: { ...download, chunkSize: 50_000 },
      target: 10,
    },
    {
      name: "100 columns to Arrow, chunk 20,000",
      ours: { operation: "arrow", fileId: wide },
      theirs: { operation: "read", fileId: wide, chunkSize: 20_000 },
      target: 20,
    },
    {
      name: "condition with 5 % hits",
      ours: { ...arrow, query: frequent },
      theirs: { ...whole, query: frequent },
      target: 2,
      serverWork: "frequent",
    },
    {
      name: "condition with 0.01 % hits",
      ours: { ...arrow, query: rare },
      theirs: { ...whole, query: rare },
      target: 1,
      serverWork: "rare",
    },
    {
      name: "upload from memory",
      ours: { operation: "upload", rows },
      theirs: upload,
      target: 1.3,
      serverWork: "upload",
    },
    { name: "upload from CSV", ours: uploadCsv, theirs: uploadCsv, target: 2, serverWork: "upload" },
    { name: "upload from CSV by file", ours: { ...uploadCsv, route: "file" }, theirs: uploadCsv, target: 5 },
    {
      name: "TileDB array, against from_pandas",
      ours: { operation: "tiledb", rows },
      theirs: { operation: "tiledb", pickle },
      target: 1,
      beyondTarget: 300,
    },
    {
      name: "whole table to Arrow, its default chunk",
      ours: arrow,
      theirs: { operation: "read", fileId: narrow },
      target: 80,
      slowPeer: true,
    },
    { name: "whole table to CSV, its default chunk", ours: download, theirs: download, target: 35, slowPeer: true },
  ];
}

/** Cases that share their peer's task, in the order of their first; in each round the task is run once for them. */
export function groupByPeer(all: readonly Case[]): Case[][] {
  const groups = new Map<string, Case[]>();
  for (const one of all) {
    const key = JSON.stringify(Object.entries(one.theirs).sort());
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** How many pairs are measured. */
export interface Pairs {
  readonly usual: number;
  /** Where the peer is slow. */
  readonly slow: number;
}

export function pairsOf(group: readonly Case[], { usual, slow }: Pairs): number {
  return group.some(({ slowPeer }) => slowPeer) ? slow : usual;
}

export interface StreamingCase {
  name: string;
  ours: Task;
}

/** MB that no streaming case may exceed. */
export const STREAMING_TARGET = 250;

/** @param fileId a table that {@link streamingUpload} has made. @param csv as many rows */
export function streamingCases(fileId: number, csv: string): StreamingCase[] {
  return [
    { name: "batches by the service route", ours: { operation: "batches", fileId, route: "service" } },
    { name: "batches by the file route", ours: { operation: "batches", fileId, route: "file" } },
    { name: "to a CSV file", ours: { operation: "download", fileId } },
    { name: "upload from CSV", ours: { operation: "upload_csv", csv } },
    { name: "upload from CSV by file", ours: { operation: "upload_csv", csv, route: "file" } },
  ];
}

export function streamingUpload(rows: number): StreamingCase {
  return { name: "upload from batches", ours: { operation: "upload_batches", rows, keep: true } };
}

/** Tasks measured at several sizes; `fileId` is that of a table of `rows` rows. */
export function scaleTasks(fileId: number, rows: number): { name: string; ours: Task }[] {
  return [
    { name: "Arrow by the file route", ours: { operation: "arrow", fileId, route: "file" } },
    { name: "Arrow by the service route", ours: { operation: "arrow", fileId, route: "service" } },
    { name: "batches by the file route", ours: { operation: "batches", fileId, route: "file" } },
    { name: "batches by the service route", ours: { operation: "batches", fileId, route: "service" } },
    { name: "to a CSV file", ours: { operation: "download", fileId } },
    { name: "upload from batches", ours: { operation: "upload_batches", rows } },
    { name: "upload from batches by file", ours: { operation: "upload_batches", rows, route: "file" } },
  ];
}
