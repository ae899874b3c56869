/** Tables that are attached to nothing, as clients leave them that are killed in the midst of an upload. */
import { idNumber } from "../../columns/int64.js";
import { TABLE_MIMETYPE } from "../../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, withConnection } from "../../connect/connection-option.js";
import type { OmeroConnection } from "../../connect/index.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import { checkOptions } from "../../flow/options.js";
import { type RLong, type RString, type RTime, rlist, rlong, rstring } from "../../rtypes.js";
import { type AttachmentCallOptions, MOST_IDS } from "../attachments.js";
import { inGroup, queryParameters } from "../query-parameters.js";

/** Which tables are meant. */
export interface OrphanTablesOptions extends ConnectionOption {
  /** Milliseconds since a table was made; younger ones may be being uploaded. Default an hour. */
  readonly olderThan?: number | undefined;
}

/** A table of this user's own that is attached to nothing. */
export interface OrphanTable {
  /** Id of the OriginalFile. */
  readonly fileId: number;
  /** Annotations of it that are attached to nothing themselves. */
  readonly annotationIds: readonly number[];
  /** Name of the file. */
  readonly name: string;
  /** Bytes, as far as the server has noted them; it has not where the table was never closed. */
  readonly size: number | undefined;
  /** Group that it is in. */
  readonly groupId: number;
  /** When it was made. */
  readonly created: Date;
}

/**
 * Classes of `omero::model` whose objects annotations can be linked to, those first that mostly are: other programs attach to
 * more of them than this one.
 */
const ANNOTATED_CLASSES = [
  "Image",
  "Dataset",
  "Project",
  "Screen",
  "Plate",
  "Well",
  "Roi",
  "Annotation",
  "PlateAcquisition",
  "Folder",
  "Fileset",
  "OriginalFile",
  "Experimenter",
  "ExperimenterGroup",
  "Channel",
  "Detector",
  "Dichroic",
  "Filter",
  "Instrument",
  "LightPath",
  "LightSource",
  "Namespace",
  "Node",
  "Objective",
  "PlaneInfo",
  "Reagent",
  "Session",
  "Shape",
] as const;

const ALL_GROUPS = -1;
const HOUR = 3_600_000;

/**
 * The user's own tables, in all groups, that are attached to no object, oldest first: what clients leave that are killed in
 * the midst of an upload, but also tables that were never meant to be attached. Look before you remove them with
 * `deleteTable`.
 *
 * @throws ArgumentError `INVALID_ARGUMENT`, and what `connectToOmero` throws
 *
 * @example
 * ```ts
 * for (const { fileId, name, created } of await listOrphanTables({ connection })) console.log(fileId, name, created);
 * ```
 */
export async function listOrphanTables(options: OrphanTablesOptions): Promise<OrphanTable[]> {
  checkOptions(options, { ...CONNECTION_OPTIONS, olderThan: true }, "listOrphanTables");
  const { olderThan = HOUR, signal } = options;
  if (!(typeof olderThan === "number" && olderThan >= 0)) {
    throw new ArgumentError("INVALID_ARGUMENT", `olderThan of ${String(olderThan)} ms: give 0 or more`);
  }
  throwIfAborted(signal, "listOrphanTables");
  return withConnection(options, async (connection) => {
    const now = Date.now();
    const call = { signal };
    const [tables, annotations] = await Promise.all([
      ownTables(connection, call),
      annotationsOfTables(connection, call),
    ]);
    const attached = await attachedOf(connection, [...annotations.keys()], call);
    const inUse = new Set([...annotations].filter(([id]) => attached.has(id)).map(([, fileId]) => fileId));
    const orphans = tables.filter(({ fileId, created }) => !inUse.has(fileId) && now - created.getTime() >= olderThan);
    return orphans.map((table) => ({ ...table, annotationIds: annotationsOf(table.fileId, annotations) }));
  });
}

type Table = Omit<OrphanTable, "annotationIds">;

async function ownTables(connection: OmeroConnection, call: AttachmentCallOptions): Promise<Table[]> {
  const rows = await connection.getQueryService().projection(
    `select f.id, f.name, f.size, f.details.group.id, f.details.creationEvent.time from OriginalFile f
       where f.mimetype = :mimetype and f.details.owner.id = :owner order by f.id`,
    ownTablesParameters(connection),
    { ...call, context: inGroup(ALL_GROUPS) },
  );
  return rows.map(([id, name, size, group, time]) => ({
    fileId: idNumber((id as RLong).val, "file"),
    name: (name as RString | null)?.val ?? "",
    size: size ? Number((size as RLong).val) : undefined,
    groupId: idNumber((group as RLong).val, "group"),
    created: new Date(Number((time as RTime).val)),
  }));
}

/** Their files by the ids of annotations. */
async function annotationsOfTables(
  connection: OmeroConnection,
  call: AttachmentCallOptions,
): Promise<Map<bigint, number>> {
  const rows = await connection.getQueryService().projection(
    `select fa.id, f.id from FileAnnotation fa join fa.file f
       where f.mimetype = :mimetype and f.details.owner.id = :owner`,
    ownTablesParameters(connection),
    { ...call, context: inGroup(ALL_GROUPS) },
  );
  return new Map(rows.map(([annotation, file]) => [(annotation as RLong).val, Number((file as RLong).val)]));
}

function ownTablesParameters({ session }: OmeroConnection) {
  return queryParameters({ mimetype: rstring(TABLE_MIMETYPE), owner: rlong(session.userId) });
}

/** Those of the annotations that are linked to an object of any kind. */
async function attachedOf(
  connection: OmeroConnection,
  annotations: readonly bigint[],
  call: AttachmentCallOptions,
): Promise<Set<bigint>> {
  const attached = new Set<bigint>();
  for (const parent of ANNOTATED_CLASSES) {
    const left = annotations.filter((id) => !attached.has(id));
    for (let start = 0; start < left.length; start += MOST_IDS) {
      const ids = left.slice(start, start + MOST_IDS);
      for (const id of await linkedTo(connection, parent, ids, call)) attached.add(id);
    }
  }
  return attached;
}

async function linkedTo(
  connection: OmeroConnection,
  parent: (typeof ANNOTATED_CLASSES)[number],
  ids: readonly bigint[],
  call: AttachmentCallOptions,
): Promise<bigint[]> {
  const rows = await connection
    .getQueryService()
    .projection(
      `select l.child.id from ${parent}AnnotationLink l where l.child.id in (:ids)`,
      queryParameters({ ids: rlist(ids.map((id) => rlong(id))) }),
      { ...call, context: inGroup(ALL_GROUPS) },
    );
  return rows.map(([child]) => (child as RLong).val);
}

function annotationsOf(fileId: number, annotations: ReadonlyMap<bigint, number>): number[] {
  const own = [...annotations].filter(([, file]) => file === fileId);
  return own.map(([annotation]) => idNumber(annotation, "annotation"));
}
