/**
 * What clients were told has happened, kept beside a server that is killed and whose connections break: what it has to
 * hold, what it may hold, and what it must not.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInstance } from "../../src/connect/ice/schema/instance.js";
import type { OmeroConnection } from "../../src/connect/index.js";
import { readHdf5Batches } from "../../src/formats/hdf5/index.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { readBatches } from "../../src/read/index.js";
import { rstring } from "../../src/rtypes.js";
import { appendRows, deleteTable, uploadTable } from "../../src/write/index.js";
import type { Seeded } from "../support/seeded.js";
import type { PlainContents } from "../support/server-process.js";
import { collect, numberedCells, numberedColumns } from "./lab.js";

/** A table of numbered rows that was acknowledged. */
interface LedgerTable {
  readonly fileId: number;
  readonly annotationId: number;
  rows: number;
  /** Rows of an append, and whether a deletion, that nobody knows the end of. */
  pendingRows: number;
  deleting: boolean;
  /** Whether it was touched since it was last looked at. */
  fresh: boolean;
}

export interface Deeds {
  uploads: number;
  appends: number;
  deletions: number;
  saves: number;
  files: number;
  reads: number;
  failures: number;
}

const MOST_ROWS = 300;
const MOST_TABLES = 8;
const MOST_PAIRS = 100;
const MOST_FILES = 20;

/** One worker's part, with tables of its own. */
export class Ledger {
  readonly name: string;
  readonly #random: Seeded;
  readonly #source: string;
  readonly #tables = new Map<number, LedgerTable>();
  readonly #gone = new Set<number>();
  /** Checksums of files by their ids. */
  readonly #files = new Map<number, string>();
  /** Namespaces of pairs of annotations that were saved together: whether that was acknowledged. */
  readonly #pairs = new Map<string, boolean>();
  readonly deeds: Deeds = { uploads: 0, appends: 0, deletions: 0, saves: 0, files: 0, reads: 0, failures: 0 };
  #count = 0;

  /** @param folder where what it sends lies for a while. */
  constructor(name: string, random: Seeded, folder: string) {
    this.name = name;
    this.#random = random;
    this.#source = join(folder, `${name}.txt`);
  }

  /** Files that a deletion was begun of. */
  get deleted(): ReadonlySet<number> {
    return this.#gone;
  }

  /**
   * Does one thing, and notes what came of it.
   * @returns what was read wrongly; undefined if nothing was.
   */
  async act(connection: OmeroConnection, { reads = false } = {}): Promise<string | undefined> {
    try {
      return await this.#deed(reads)(connection);
    } catch (error) {
      this.deeds.failures++;
      throw error;
    }
  }

  #deed(reads: boolean): (connection: OmeroConnection) => Promise<string | undefined> {
    const chance = this.#random.fraction();
    const table = this.#anyTable();
    if (!table || (this.#tables.size < MOST_TABLES && chance < 0.25)) return (connection) => this.#upload(connection);
    const isEnough = this.#tables.size >= MOST_TABLES || table.rows > 10 * MOST_ROWS;
    if (chance < 0.3 || isEnough) return (connection) => this.#delete(connection, table);
    if (chance < 0.4 && this.#pairs.size < MOST_PAIRS) return (connection) => this.#savePair(connection);
    if (chance < 0.45 && this.#files.size < MOST_FILES) return (connection) => this.#attach(connection);
    if (reads && chance < 0.75) return (connection) => this.#read(connection, table);
    return (connection) => this.#append(connection, table);
  }

  #anyTable(): LedgerTable | undefined {
    const settled = [...this.#tables.values()].filter(({ pendingRows, deleting }) => pendingRows === 0 && !deleting);
    return settled[Math.floor(this.#random.fraction() * settled.length)];
  }

  #rowCount(): number {
    return 1 + Math.floor(this.#random.fraction() * MOST_ROWS);
  }

  async #upload(connection: OmeroConnection): Promise<undefined> {
    const rows = this.#rowCount();
    const name = `${this.name} ${this.#count++}`;
    const made = await uploadTable(numberedColumns(rows), name, { connection, parentId: 1 });
    this.#tables.set(made.fileId, {
      fileId: made.fileId,
      annotationId: made.annotationId!,
      rows,
      pendingRows: 0,
      deleting: false,
      fresh: true,
    });
    this.deeds.uploads++;
  }

  async #append(connection: OmeroConnection, table: LedgerTable): Promise<undefined> {
    const rows = this.#rowCount();
    table.pendingRows = rows;
    table.fresh = true;
    await appendRows(numberedColumns(rows, table.rows), { connection, fileId: table.fileId });
    table.rows += rows;
    table.pendingRows = 0;
    this.deeds.appends++;
  }

  async #delete(connection: OmeroConnection, table: LedgerTable): Promise<undefined> {
    table.deleting = true;
    this.#gone.add(table.fileId);
    await deleteTable({ connection, fileId: table.fileId });
    this.#tables.delete(table.fileId);
    this.deeds.deletions++;
  }

  /** Two annotations in one call: both of them or none. */
  async #savePair(connection: OmeroConnection): Promise<undefined> {
    const ns = `${this.name} pair ${this.#count++}`;
    this.#pairs.set(ns, false);
    const pair = ["one", "two"].map((text) =>
      createInstance("::omero::model::TagAnnotation", { ns: rstring(ns), textValue: rstring(text) }),
    );
    await connection.getUpdateService().saveAndReturnArray(pair as never);
    this.#pairs.set(ns, true);
    this.deeds.saves++;
  }

  async #attach(connection: OmeroConnection): Promise<undefined> {
    const text = `${this.name} ${this.#count++} `.repeat(this.#rowCount() * 20);
    const name = `${this.name} file`;
    writeFileSync(this.#source, text);
    const { fileId } = await uploadFile(this.#source, { connection, parentId: 1, name });
    rmSync(this.#source);
    this.#files.set(fileId, sha1Of(text));
    this.deeds.files++;
  }

  async #read(connection: OmeroConnection, { fileId, rows }: LedgerTable): Promise<string | undefined> {
    const { cells } = await collect(readBatches({ connection, fileId }));
    this.deeds.reads++;
    return same(cells, numberedCells(rows)) ? undefined : `table ${fileId} of ${rows} rows was read wrongly`;
  }

  /** What is not as it has to be, of a server that has just started on its directory. What was open is settled. */
  async faults(contents: PlainContents, directory: string): Promise<string[]> {
    const files = new Map<number, { readonly hash: string }>(contents.files.map((file) => [file.id, file]));
    const annotations = new Set(contents.annotations.map(({ id }) => id));
    const linked = new Set(contents.links.map(({ child }) => child.id));
    const faults: string[] = [];
    for (const table of this.#tables.values()) {
      const { fileId, annotationId } = table;
      const there = [files.has(fileId), annotations.has(annotationId), linked.has(annotationId)];
      if (table.deleting && !there.includes(true)) this.#tables.delete(fileId);
      else if (there.includes(false)) faults.push(`table ${fileId}: file, annotation, link are there: ${there.join()}`);
      else faults.push(...(await this.#tableFaults(table, join(directory, "files", String(fileId)))));
      if (there.includes(true)) table.deleting = false;
    }
    faults.push(...this.#deletionFaults(files));
    faults.push(...this.#fileFaults(files, directory));
    faults.push(...this.#pairFaults(contents));
    return faults;
  }

  async #tableFaults(table: LedgerTable, path: string): Promise<string[]> {
    if (!table.fresh) return [];
    const { cells } = await collect(readHdf5Batches(path));
    const found = cells[0]?.length ?? 0;
    const faults: string[] = [];
    const allowed = [table.rows, table.rows + table.pendingRows];
    if (!allowed.includes(found)) faults.push(`table ${table.fileId} has ${found} rows, not ${allowed.join(" or ")}`);
    if (!same(cells, numberedCells(found))) faults.push(`table ${table.fileId} holds other cells`);
    Object.assign(table, { rows: found, pendingRows: 0, fresh: false });
    return faults;
  }

  #deletionFaults(files: ReadonlyMap<number, unknown>): string[] {
    const back = [...this.#gone].filter((id) => files.has(id) && !this.#tables.has(id));
    for (const id of this.#tables.keys()) this.#gone.delete(id);
    return back.map((id) => `table ${id} came back`);
  }

  #fileFaults(files: ReadonlyMap<number, { readonly hash: string }>, directory: string): string[] {
    return [...this.#files].flatMap(([id, hash]) => {
      const path = join(directory, "files", String(id));
      const found = existsSync(path) ? sha1Of(readFileSync(path)) : undefined;
      return files.get(id)?.hash === hash && found === hash ? [] : [`file ${id} is not what was sent`];
    });
  }

  #pairFaults({ annotations }: PlainContents): string[] {
    const counts = new Map<string, number>();
    for (const { namespace } of annotations) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
    return [...this.#pairs].flatMap(([ns, acknowledged]) => {
      const found = counts.get(ns) ?? 0;
      if (found === 2) this.#pairs.set(ns, true);
      else if (!acknowledged && found === 0) this.#pairs.delete(ns);
      else return [`of the pair "${ns}" there are ${found}${acknowledged ? ", acknowledged" : ""}`];
      return [];
    });
  }
}

/** What a server must not show whoever did what: ends of links that are not there, tables that are not whole. */
export async function halfMade(contents: PlainContents, directory: string): Promise<string[]> {
  const files = new Set(contents.files.map(({ id }) => id));
  const annotations = new Set(contents.annotations.map(({ id }) => id));
  const faults: string[] = [];
  for (const { id, fileId } of contents.annotations) {
    if (fileId !== undefined && !files.has(fileId))
      faults.push(`annotation ${id} is of file ${fileId}, which is not there`);
  }
  for (const { id, child } of contents.links) {
    if (child.type.endsWith("Annotation") && !annotations.has(child.id)) faults.push(`link ${id} leads nowhere`);
  }
  for (const id of contents.contentFiles) if (!files.has(Number(id))) faults.push(`content ${id} is of no file`);
  for (const { id, size, hash } of contents.files) {
    const path = join(directory, "files", String(id));
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    if (bytes.length !== size) faults.push(`file ${id} is said to have ${size} bytes, and has ${bytes.length}`);
    const sum = hash.length === 40 && createHash("sha1").update(bytes).digest("hex") !== hash;
    if (sum) faults.push(`file ${id} has another checksum than is said`);
  }
  return faults;
}

function sha1Of(content: string | Uint8Array): string {
  return createHash("sha1").update(content).digest("hex");
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, plain) === JSON.stringify(b, plain);
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
