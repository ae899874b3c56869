/** What a server holds, for tests to look at. */
import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { idNumber } from "../columns/int64.js";
import { withJson } from "../columns/json-map.js";
import { TABLE_MIMETYPE } from "../columns/table.js";
import { isReference, type StoredObject } from "./model/object-store.js";
import type { SessionObjects } from "./session-objects.js";
import { REPOSITORY_MIMETYPE } from "./world/repositories.js";
import type { World } from "./world/world.js";

/** An object, and whose it is. */
export interface ObjectSummary {
  /** Class of `omero::model`, for example "Image". */
  readonly type: string;
  /** Its id. */
  readonly id: number;
  /** Id of the user who owns it. */
  readonly owner: number;
  /** Id of the group it is in. */
  readonly group: number;
}

/** An OriginalFile. */
export interface FileSummary extends ObjectSummary {
  /** Its name. */
  readonly name: string;
  /** Its media type. */
  readonly mimetype: string;
  /** As the OriginalFile says, in bytes. */
  readonly size: number;
  /** Its checksum, as the OriginalFile says; empty where it says none. */
  readonly hash: string;
}

/** An annotation. */
export interface AnnotationSummary extends ObjectSummary {
  /** Its namespace. */
  readonly namespace: string | undefined;
  /** Of a FileAnnotation. */
  readonly fileId: number | undefined;
}

/** A link between two objects. */
export interface LinkSummary extends ObjectSummary {
  /** The object linked from. */
  readonly parent: { readonly type: string; readonly id: number };
  /** The object linked to. */
  readonly child: { readonly type: string; readonly id: number };
}

/** A session that is alive. */
export interface SessionSummary {
  /** Id of the session. */
  readonly id: number;
  /** Log-in name of its user. */
  readonly user: string;
  /** Id of its group. */
  readonly group: number;
  /** Connections logged in to it. */
  readonly connections: number;
  /** Open services with a state: tables, raw file stores, handles of commands. */
  readonly statefulServices: number;
}

/** What a server holds. */
export interface ServerContents {
  /** OriginalFiles, the repository itself left out. */
  readonly files: readonly FileSummary[];
  /** All annotations. */
  readonly annotations: readonly AnnotationSummary[];
  /** All links. */
  readonly links: readonly LinkSummary[];
  /** Ids of the OriginalFiles that are tables with columns. */
  readonly tables: readonly number[];
  /** Number of open handles on tables, by id of the OriginalFile. */
  readonly openTables: ReadonlyMap<number, number>;
  /** Names of the local files that hold the content of OriginalFiles. */
  readonly contentFiles: readonly string[];
  /** All sessions that are alive. */
  readonly sessions: readonly SessionSummary[];
  /** Open connections. */
  readonly connections: number;
  /** The most calls that were ever in work at once on one service with a state. */
  readonly mostStatefulCalls: number;
}

export async function listContents(
  world: World,
  objects: SessionObjects,
  counts: Pick<ServerContents, "connections" | "mostStatefulCalls">,
): Promise<ServerContents> {
  const { store, model } = world;
  const files = [...store.all("OriginalFile")]
    .map(fileSummary)
    .filter(({ mimetype }) => mimetype !== REPOSITORY_MIMETYPE);
  const tables: number[] = [];
  for (const { id, mimetype } of files)
    if (mimetype === TABLE_MIMETYPE && (await world.storage.has(BigInt(id)))) tables.push(id);
  return {
    files,
    annotations: [...store.all("Annotation")].map(annotationSummary),
    links: [...store.all("IObject")].filter(({ className }) => isLink(className)).map(linkSummary),
    tables,
    openTables: withJson(
      new Map(Array.from(world.tables.handles(), ([id, handles]) => [idNumber(id, "file"), handles])),
    ),
    contentFiles: await contentFiles(world),
    sessions: world.sessions.all.map((session) => ({
      id: idNumber(session.id, "session"),
      user: session.user.name,
      group: idNumber(session.group, "group"),
      connections: session.references,
      statefulServices: objects.statefulNames(session).length,
    })),
    ...counts,
  };

  function isLink(className: string): boolean {
    return model.isLink(className) && className !== "GroupExperimenterMap";
  }
}

/** None once the directory is gone with its server. */
async function contentFiles(world: World): Promise<string[]> {
  try {
    return (await readdir(dirname(world.files.path(0n)))).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function summary({ className, id, owner, group }: StoredObject): ObjectSummary {
  return {
    type: className,
    id: idNumber(id, className),
    owner: idNumber(owner, "user"),
    group: idNumber(group, "group"),
  };
}

function fileSummary(file: StoredObject): FileSummary {
  return {
    ...summary(file),
    name: text(file.values.name) ?? "",
    mimetype: text(file.values.mimetype) ?? "",
    size: Number((file.values.size as { val: bigint } | null | undefined)?.val ?? 0n),
    hash: text(file.values.hash) ?? "",
  };
}

function annotationSummary(annotation: StoredObject): AnnotationSummary {
  const { file } = annotation.values;
  return {
    ...summary(annotation),
    namespace: text(annotation.values.ns),
    fileId: isReference(file) ? idNumber(file.id, "file") : undefined,
  };
}

function linkSummary(link: StoredObject): LinkSummary {
  const end = (value: unknown) =>
    isReference(value) ? { type: value.className, id: idNumber(value.id, value.className) } : { type: "", id: -1 };
  return { ...summary(link), parent: end(link.values.parent), child: end(link.values.child) };
}

function text(value: unknown): string | undefined {
  return (value as { val?: string } | null | undefined)?.val;
}
