/** What is measured: each case runs ours and omero2pandas in turn on the same table. */

export interface Task {
  operation: "arrow" | "frame" | "batches" | "download" | "upload" | "upload_csv";
  fileId?: number;
  query?: string;
  chunkSize?: number;
  route?: "auto" | "service" | "file";
  csv?: string;
  /** Rows to upload from memory. */
  rows?: number;
}

/** The same work for omero2pandas. Its default chunk where `chunkSize` is not given. */
export interface PeerTask {
  operation: "read" | "download" | "upload" | "upload_csv";
  fileId?: number;
  query?: string;
  chunkSize?: number;
  csv?: string;
  pickle?: string;
}

export interface Data {
  /** File id of rows x 10. */
  narrow: number;
  /** File id of rows / 5 x 100. */
  wide: number;
  csv: string;
  pickle: string;
  rows: number;
}

export interface Case {
  name: string;
  ours: Task;
  theirs: PeerTask;
  /** How many times faster ours is to be, for the report. */
  target: number;
}

export function cases({ narrow, wide, csv, pickle, rows }: Data): Case[] {
  const whole = { operation: "read", fileId: narrow, chunkSize: 50_000 } as const;
  const wholeByDefault = { operation: "read", fileId: narrow } as const;
  const frequent = "(f0>1)&(cls=='Nucleus')";
  const rare = `label<${Math.max(1, Math.round(rows / 10_000))}`;
  const queried = (query: string) => ({ ...whole, query });
  const upload = { operation: "upload", pickle } as const;
  const uploadCsv = { operation: "upload_csv", csv } as const;
  return [
    {
      name: "whole table to Arrow, chunk 50,000",
      ours: { operation: "arrow", fileId: narrow },
      theirs: whole,
      target: 8,
    },
    {
      name: "whole table to Arrow, its default chunk",
      ours: { operation: "arrow", fileId: narrow },
      theirs: wholeByDefault,
      target: 80,
    },
    {
      name: "whole table to Arrow by the service route",
      ours: { operation: "arrow", fileId: narrow, route: "service" },
      theirs: whole,
      target: 2.5,
    },
    {
      name: "whole table to a frame, chunk 50,000",
      ours: { operation: "frame", fileId: narrow },
      theirs: whole,
      target: 2.5,
    },
    {
      name: "whole table to CSV, chunk 50,000",
      ours: { operation: "download", fileId: narrow },
      theirs: { operation: "download", fileId: narrow, chunkSize: 50_000 },
      target: 10,
    },
    {
      name: "whole table to CSV, its default chunk",
      ours: { operation: "download", fileId: narrow },
      theirs: { operation: "download", fileId: narrow },
      target: 35,
    },
    {
      name: "100 columns to Arrow, chunk 20,000",
      ours: { operation: "arrow", fileId: wide },
      theirs: { operation: "read", fileId: wide, chunkSize: 20_000 },
      target: 20,
    },
    {
      name: "condition with 5 % hits",
      ours: { operation: "arrow", fileId: narrow, query: frequent },
      theirs: queried(frequent),
      target: 2,
    },
    {
      name: "condition with 0.01 % hits",
      ours: { operation: "arrow", fileId: narrow, query: rare },
      theirs: queried(rare),
      target: 1,
    },
    { name: "upload from memory", ours: { operation: "upload", rows }, theirs: upload, target: 1.3 },
    { name: "upload from CSV", ours: { operation: "upload_csv", csv }, theirs: uploadCsv, target: 2 },
    {
      name: "upload from CSV by file",
      ours: { operation: "upload_csv", csv, route: "file" },
      theirs: uploadCsv,
      target: 5,
    },
  ];
}
