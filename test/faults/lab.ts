/** A server with tables of known content, and connections to it through proxies that fail. */
import { readdirSync, readlinkSync } from "node:fs";
import { expect, vi } from "vitest";
import type { ColumnBatch } from "../../src/columns/batch.js";
import type { ConnectOptions } from "../../src/connect/index.js";
import { OmeroError } from "../../src/errors.js";
import type { OmeroServer, ServerContents, ServerOptions } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer, USER } from "../connect/embedded.js";
import { type Cell, cellsOf, rowNumbersOf } from "../support/cells.js";
import { type Fault, FaultProxy } from "./proxy.js";

/** Milliseconds after which a session without a connection ends, so that what the dead have left is seen to go. */
const IDLE_TIMEOUT = 4000;

export function startFaultLab(options: ServerOptions = {}): Promise<OmeroServer> {
  return startLabServer({ idleTimeout: IDLE_TIMEOUT, ...options });
}

/** Columns of `rows` rows, each cell telling its row. */
export function numberedColumns(rows: number, from = 0): Record<string, (number | string | boolean)[]> {
  const numbers = Array.from({ length: rows }, (_, row) => from + row);
  return {
    image: numbers,
    area: numbers.map((number) => number / 8),
    name: numbers.map((number) => `row ${String(number).padStart(6, "0")} été`),
    ok: numbers.map((number) => number % 3 === 0),
  };
}

/** The same as cells of batches. */
export function numberedCells(rows: number, from = 0): Cell[][] {
  const { image, area, name, ok } = numberedColumns(rows, from);
  return [image!.map(BigInt as never), area!, name!, ok!] as Cell[][];
}

/** Stores a table of numbered rows and gives its file. */
export async function storeTable(server: Pick<OmeroServer, "port">, rows: number, name = "numbered"): Promise<number> {
  const connection = await connectPlain(server);
  try {
    return (await uploadTable(numberedColumns(rows), name, { connection, parentId: 1 })).fileId;
  } finally {
    await connection.close();
  }
}

/** How to log in through a proxy, with little patience. */
export function throughProxy(port: number, options: ConnectOptions = {}): ConnectOptions {
  const login = { server: `tcp://127.0.0.1:${port}`, ...USER, interactive: false, allowToken: false };
  return { ...login, connectTimeout: 5000, reconnectTimeout: 5000, ...options };
}

/** Does the work through a proxy whose first connection meets the fault. */
export async function withFault<T>(
  server: Pick<OmeroServer, "port">,
  fault: Fault,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const faultOf = (connection: number) => (connection === 0 ? fault : undefined);
  await using proxy = await FaultProxy.start(server.port, { faultOf });
  return await work(proxy.port);
}

/** What came of work that may fail, but only with an error of ours, and in time. */
export async function outcomeOf<T>(
  work: Promise<T>,
  milliseconds = 20_000,
): Promise<{ readonly value: T } | { readonly error: OmeroError }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came of it within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return { value: await Promise.race([work, late]) };
  } catch (error) {
    if (error instanceof OmeroError) return { error };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

export interface Rows {
  readonly numbers: number[];
  readonly cells: Cell[][];
}

/** All rows of batches, in the order in which they came. */
export async function collect(batches: AsyncIterable<ColumnBatch>): Promise<Rows> {
  const numbers: number[] = [];
  const cells: Cell[][] = [];
  for await (const batch of batches) {
    numbers.push(...rowNumbersOf(batch));
    for (const [index, column] of cellsOf(batch).entries()) cells[index] = [...(cells[index] ?? []), ...column];
  }
  return { numbers, cells };
}

/** What a server holds that lasts. */
export function lasting({ files, annotations, links, tables, contentFiles }: ServerContents) {
  return { files, annotations, links, tables, contentFiles };
}

/** Until no connection, session or open table is left. */
export async function expectQuiet(server: OmeroServer): Promise<void> {
  const held = async () => {
    const { connections, sessions, openTables } = await server.contents();
    return { connections, sessions, openTables: [...openTables] };
  };
  const nothing = { connections: 0, sessions: [], openTables: [] };
  await vi.waitFor(async () => expect(await held()).toEqual(nothing), { timeout: 15_000, interval: 50 });
}

/**
 * Files that this process has open, those that have lost their names among them; not sockets, pipes and devices.
 */
export function openFiles(): string[] {
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  const isFile = (target: string) => /^\/(?!(dev|proc|sys)\/)/.test(target);
  return targets.filter(isFile).sort();
}
