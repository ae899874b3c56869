/** Copying a table to other objects: of another group, or another server. */
import type { ColumnBatch } from "../../columns/batch.js";
import type { TableMetadata } from "../../columns/table.js";
import { through, useConnection, withConnection } from "../../connect/connection-option.js";
import type { OmeroConnection } from "../../connect/index.js";
import { DataError, invalidArgument, throwIfAborted } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { emitWarning } from "../../flow/warnings.js";
import { checkLinkTargets, type LinkTarget, linkTargets, parentTarget } from "../../gateway/links.js";
import type { ObjectRef } from "../../gateway/object-ref.js";
import { RemoteTable } from "../../gateway/tables/table.js";
import { READ_OPTIONS, type ReadOptions, readBatches } from "../../read/read-table.js";
import { openTableSource } from "../../read/source.js";
import type { UploadResult } from "../destinations/destination.js";
import type { MetadataValue } from "../metadata.js";
import { type UploadOptions, uploadTable } from "../upload.js";
import { addIds, type IdColumnType, idColumnType, withIds } from "./id-columns.js";
import { givenMapping, type IdMapping, type IdMaps, NameMapping } from "./id-maps.js";

/** Where a copy goes: what `uploadTable` takes, and its name. */
export interface CopyTarget extends Omit<UploadOptions, "dryRun" | "resolveNames"> {
  /** Name of the copy. Default: that of the table on the server it comes from. */
  readonly tableName?: string | undefined;
}

/** What becomes of ids, and whether anything is made. */
export interface CopyTableOptions {
  /**
   * What the ids of images, wells, regions and so on become: those of the objects of the same names below the first object that
   * the copy is attached to (`"names"`), or those that a map by type says. Default: they stay, for copies on the same server.
   */
  readonly mapIds?: "names" | IdMaps | undefined;
  /** The object below which the source's objects lie, for `"names"`. Default: that which `source` says by `parent`. */
  readonly sourceParent?: ObjectRef | undefined;
  /** Only says what would be made. Default false. */
  readonly dryRun?: boolean | undefined;
}

const COPY_OPTIONS: OptionNames<CopyTableOptions> = { mapIds: true, sourceParent: true, dryRun: true };

/** Objects of one type that a table speaks of, and how many have another to become. */
export interface CopiedIds {
  /** Type of the objects. */
  readonly type: IdColumnType;
  /** How many there are. */
  readonly found: number;
  /** Ids that become nothing: the copy would be refused. The first thousand. */
  readonly unmapped: readonly bigint[];
}

/** What a copy would be, or is. */
export interface CopyResult {
  /** The table that was made; undefined in a dry run. */
  readonly copy: UploadResult | undefined;
  /** Name of the copy. */
  readonly tableName: string;
  /** Its ids, by type. Empty where they stay. */
  readonly ids: readonly CopiedIds[];
}

const MOST_TOLD = 1000;
const MOST_SHOWN = 10;

/**
 * Copies a table, or what is selected of it, to objects of another group or server. Metadata and column types go along; ids
 * become those of other objects, or stay. All ids are looked for before anything is made; a dry run says what is found.
 *
 * @throws DataError `UNRESOLVED_NAMES` for ids that become nothing: nothing was made
 * @throws what `readBatches` and `uploadTable` throw
 *
 * @example
 * ```ts
 * const source = { connection: here, parent: "Plate:7" };
 * const target = { connection: there, parent: "Plate:12" };
 * const { ids } = await copyTable(source, target, { mapIds: "names", dryRun: true });
 * if (ids.every(({ unmapped }) => unmapped.length === 0)) await copyTable(source, target, { mapIds: "names" });
 * ```
 */
export async function copyTable(
  source: ReadOptions,
  target: CopyTarget,
  options: CopyTableOptions = {},
): Promise<CopyResult> {
  checkOptions(source, READ_OPTIONS, "source of copyTable");
  checkOptions(options, COPY_OPTIONS, "copyTable");
  const targets = linkTargets(target);
  const mapIds = checkedMapIds(options.mapIds);
  throwIfAborted(target.signal, "copyTable");
  const { connection, release } = await useConnection(target);
  try {
    const group = await checkLinkTargets(connection, targets, target.onWarning ?? emitWarning, target.signal);
    const about = await describeSource(source);
    const tableName = target.tableName ?? about.name;
    if (tableName === undefined) throw invalidArgument("copyTable: give the copy a tableName");
    const to = { place: { connection, group, signal: target.signal }, root: targets[0]! };
    const mapped = await mapAll(source, options, mapIds, to);
    const ids = [...mapped].map(([type, found]) => copiedIds(type, found));
    if (options.dryRun === true) return { copy: undefined, tableName, ids };
    checkAllMapped(ids);
    const copy = await upload(source, through(connection, target), tableName, about.metadata, mapped);
    return { copy, tableName, ids };
  } finally {
    await release();
  }
}

function checkedMapIds(mapIds: CopyTableOptions["mapIds"]): "names" | IdMapping | undefined {
  if (mapIds === undefined || mapIds === "names") return mapIds;
  if (typeof mapIds === "object" && mapIds !== null) return givenMapping(mapIds);
  throw invalidArgument(`mapIds must be "names" or a map by type; found ${String(mapIds)}`);
}

/** Name and metadata of a table; what is reserved, or says of which parts a split one consists, is left out. */
async function describeSource(source: ReadOptions): Promise<{ name: string | undefined; metadata: TableMetadata }> {
  const opened = await openTableSource(sourceOf(source));
  try {
    const name = opened.table instanceof RemoteTable ? opened.table.file.name : undefined;
    return { name, metadata: await opened.table.getAllMetadata({ signal: source.signal }) };
  } finally {
    await opened.close();
  }
}

/** Which table, without which part of it. */
function sourceOf(source: ReadOptions): ReadOptions {
  const { columnNames: _, query: __, variables: ___, rows: ____, chunkSize: _____, store: ______, ...table } = source;
  return table;
}

type Mapped = ReadonlyMap<IdColumnType, ReadonlyMap<bigint, bigint | undefined>>;

async function mapAll(
  source: ReadOptions,
  options: CopyTableOptions,
  mapIds: "names" | IdMapping | undefined,
  target: ConstructorParameters<typeof NameMapping>[1],
): Promise<Mapped> {
  if (mapIds === undefined) return new Map();
  const found = await allIds(source);
  if (mapIds !== "names") return mapEach(found, mapIds);
  const root = sourceRoot(source, options);
  return withConnection(source, async (connection: OmeroConnection) => {
    const place = { connection, group: -1, signal: source.signal };
    return mapEach(found, new NameMapping({ place, root }, target).mapping);
  });
}

function sourceRoot(source: ReadOptions, { sourceParent }: CopyTableOptions): LinkTarget {
  const root = sourceParent === undefined ? parentTarget(source) : parentTarget({ parent: sourceParent });
  if (root !== undefined) return root;
  const message =
    'mapIds "names" needs sourceParent: the object below which the source\'s objects lie, for example "Plate:7"';
  throw invalidArgument(message);
}

/** The ids of all selected rows, by type; no other columns are read where there is a choice. */
async function allIds(source: ReadOptions): Promise<Map<IdColumnType, Set<bigint>>> {
  const found = new Map<IdColumnType, Set<bigint>>();
  const columnNames = await idColumnNames(source);
  if (columnNames.length === 0) return found;
  for await (const batch of readBatches({ ...source, columnNames })) addIds(batch, found);
  return found;
}

async function idColumnNames(source: ReadOptions): Promise<string[]> {
  const opened = await openTableSource(sourceOf(source));
  try {
    const wanted = source.columnNames === undefined ? undefined : new Set(source.columnNames);
    const fields = opened.table.fields.filter((field) => idColumnType(field) !== undefined);
    return fields.map(({ name }) => name).filter((name) => wanted?.has(name) ?? true);
  } finally {
    await opened.close();
  }
}

async function mapEach(found: ReadonlyMap<IdColumnType, ReadonlySet<bigint>>, mapping: IdMapping): Promise<Mapped> {
  const mapped = new Map<IdColumnType, Map<bigint, bigint | undefined>>();
  for (const [type, ids] of found) {
    const of = new Map<bigint, bigint | undefined>();
    for (const id of ids) of.set(id, await mapping(type, id));
    mapped.set(type, of);
  }
  return mapped;
}

function copiedIds(type: IdColumnType, ids: ReadonlyMap<bigint, bigint | undefined>): CopiedIds {
  const unmapped = [...ids].flatMap(([id, after]) => (after === undefined ? [id] : []));
  return { type, found: ids.size - unmapped.length, unmapped: unmapped.slice(0, MOST_TOLD) };
}

function checkAllMapped(ids: readonly CopiedIds[]): void {
  const lacking = ids.filter(({ unmapped }) => unmapped.length > 0);
  if (lacking.length === 0) return;
  const told = lacking.map(({ type, unmapped }) => {
    const shown = unmapped.slice(0, MOST_SHOWN).join(", ");
    return `${type} ${shown}${unmapped.length > MOST_SHOWN ? " and more" : ""}`;
  });
  const message = `There is no object for ${told.join("; ")}. Nothing was made; give a map with them, or leave out the column by columnNames`;
  throw new DataError("UNRESOLVED_NAMES", message);
}

async function upload(
  source: ReadOptions,
  target: CopyTarget & { connection: OmeroConnection },
  tableName: string,
  metadata: TableMetadata,
  mapped: Mapped,
): Promise<UploadResult> {
  const { tableName: _, ...options } = target;
  const kept = [...metadata].filter(([key]) => !key.startsWith("__") && !key.startsWith("split."));
  const given = options.metadata instanceof Map ? [...options.metadata] : Object.entries(options.metadata ?? {});
  const all = new Map<string, MetadataValue>([...kept, ...(given as [string, MetadataValue][])]);
  return uploadTable(copied(source, mapped), tableName, { ...options, metadata: all, resolveNames: false });
}

async function* copied(source: ReadOptions, mapped: Mapped): AsyncGenerator<ColumnBatch, void, undefined> {
  for await (const batch of readBatches(source))
    yield withIds(batch, mapped as ReadonlyMap<IdColumnType, ReadonlyMap<bigint, bigint>>);
}
