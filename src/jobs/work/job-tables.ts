/**
 * What there is on the server of a job's table. While it is being made, its file bears a name that says of which job it is and by
 * which ticket; when it is whole it gets its own name, a path that says the same, and is attached last.
 */
import { idNumber } from "../../columns/int64.js";
import { TABLE_MIMETYPE } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/index.js";
import { QueueError } from "../../errors.js";
import { annotationsOfFile, removeFile } from "../../gateway/attachments.js";
import { findFileObject } from "../../gateway/files/original-file.js";
import { type LinkTarget, linkClass } from "../../gateway/links.js";
import { inGroup, queryParameters } from "../../gateway/query-parameters.js";
import { type RLong, type RString, rlist, rlong, rstring } from "../../rtypes.js";

/** Begins the names of files that are not whole, and the paths of those that are. */
const MARK = "omero2frame-job";
const ALL_GROUPS = -1;

/** The table of a job, as one holder of the job makes it. */
export interface JobTable {
  readonly jobId: string;
  readonly ticket: string;
  readonly name: string;
  /** First of the objects that it is to be attached to. */
  readonly target: LinkTarget;
  /** Names what it is made of: the SHA-1 and size of the file, and the options. */
  readonly content: string;
}

/** A table that is whole and attached. */
export interface WholeTable {
  readonly fileId: number;
  readonly annotationId: number;
}

interface FoundFile {
  readonly fileId: number;
  /** Of the job that it is of, if it is of this one. */
  readonly ticket: string | undefined;
}

export class JobTables {
  readonly #connection: OmeroConnection;
  readonly #table: JobTable;
  readonly #signal: AbortSignal;

  constructor(connection: OmeroConnection, table: JobTable, signal: AbortSignal) {
    this.#connection = connection;
    this.#table = table;
    this.#signal = signal;
  }

  /** Name of the table's file while it is being made. */
  get claimName(): string {
    const { jobId, ticket } = this.#table;
    return `${MARK}-${jobId}-${ticket}`;
  }

  /**
   * The table if it is there, whole and attached, made by this job or by another of the same file. What earlier holders of the
   * job have left is removed.
   * @param own file of this holder's, which is left alone
   * @throws QueueError `QUEUE_FAILED` where a later holder is at it
   */
  async settle(own?: number): Promise<WholeTable | undefined> {
    const files = (await this.#find()).filter(({ fileId }) => fileId !== own);
    for (const { fileId } of files) {
      const annotationId = await this.#attachedBy(fileId);
      if (annotationId !== undefined) return { fileId, annotationId };
    }
    const { jobId, ticket: mine } = this.#table;
    for (const { fileId, ticket } of files) {
      if (ticket === undefined) continue; // another job is making it
      if (ticket > mine) throw new QueueError("QUEUE_FAILED", `Another worker is at job ${jobId} by now`);
      await removeFile(this.#connection, fileId, ALL_GROUPS, { signal: this.#signal });
    }
    return undefined;
  }

  /** Gives the file of this holder, which is whole, its own name. */
  async name(fileId: number, group: number): Promise<void> {
    const { jobId, ticket, name, content } = this.#table;
    const call = { signal: this.#signal, context: inGroup(group) };
    const file = await findFileObject(this.#connection, { fileId }, { signal: this.#signal });
    file.name = rstring(name);
    file.path = rstring(`${MARK}/${jobId}/${ticket}/${content}`);
    await this.#connection.getUpdateService().saveObject(file, call);
  }

  async #find(): Promise<FoundFile[]> {
    const { jobId, name, content } = this.#table;
    const own = { claim: `${MARK}-${jobId}-`, path: `${MARK}/${jobId}/` };
    const rows = await this.#connection.getQueryService().projection(
      `select f.id, f.name, f.path from OriginalFile f where f.mimetype = :mimetype and f.details.owner.id = :owner
         and (f.name like :claim or f.path like :path or (f.name = :name and f.path like :content))`,
      queryParameters({
        mimetype: rstring(TABLE_MIMETYPE),
        owner: rlong(this.#connection.session.userId),
        claim: rstring(`${own.claim}%`),
        path: rstring(`${own.path}%`),
        name: rstring(name),
        content: rstring(`${MARK}/%/${content}`),
      }),
      { signal: this.#signal, context: inGroup(ALL_GROUPS) },
    );
    return rows.map(([id, ...texts]) => {
      const [claim = "", path = ""] = texts.map((text) => (text as RString | null)?.val);
      const isClaim = claim.startsWith(own.claim);
      const isOwn = isClaim || path.startsWith(own.path);
      const ticket = isClaim ? claim.slice(own.claim.length) : path.slice(own.path.length).split("/")[0]!;
      return { fileId: idNumber((id as RLong).val, "file"), ticket: isOwn ? ticket : undefined };
    });
  }

  /** The annotation that attaches a file to the job's first object. */
  async #attachedBy(fileId: number): Promise<number | undefined> {
    const { target } = this.#table;
    const annotations = await annotationsOfFile(this.#connection, fileId, ALL_GROUPS, { signal: this.#signal });
    if (annotations.length === 0) return undefined;
    const link = linkClass(target.type).slice("::omero::model::".length);
    const [row] = await this.#connection
      .getQueryService()
      .projection(
        `select l.child.id from ${link} l where l.parent.id = :parent and l.child.id in (:annotations)`,
        queryParameters({ parent: rlong(target.id), annotations: rlist(annotations.map((id) => rlong(BigInt(id)))) }),
        { signal: this.#signal, context: inGroup(ALL_GROUPS) },
      );
    return row && idNumber((row[0] as RLong).val, "annotation");
  }
}
