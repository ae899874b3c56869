/**
 * Makes a file, of a table or another, of which nothing stays unknown: where the answer to its making is lost, the file is
 * looked for by what only it can be.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { idNumber } from "../../columns/int64.js";
import type { OmeroConnection } from "../../connect/index.js";
import { AbortError, abortError, ConnectionError, ServerError, TimeoutError, throwIfAborted } from "../../errors.js";
import { onAbort } from "../../flow/abort.js";
import { ifPossible } from "../../flow/failures.js";
import { type RLong, rlong, rstring } from "../../rtypes.js";
import { inGroup, queryParameters } from "../query-parameters.js";
import type { OriginalFileInfo } from "./original-file.js";

/** Milliseconds that an aborted making is waited for. */
const PATIENCE_AFTER_ABORT = 10_000;
/** Milliseconds for a question that is good to have answered, no more. */
const QUESTION_TIMEOUT = 5_000;
/** Milliseconds between looks for a table that the server may still be making. */
const LOOKS = [0, 200, 800, 2000];

/** Files that this process is making or filling: nobody's leftovers. */
const inHand = new Set<number>();

export interface FileToCreate<Created> {
  readonly name: string;
  readonly mimetype: string;
  readonly group: number;
  /** The function the caller called. */
  readonly functionName: string;
  create(): Promise<Created>;
}

export class FileCreation<Created extends { readonly file: OriginalFileInfo }> {
  created: Created | undefined;
  readonly #connection: OmeroConnection;
  readonly #wanted: FileToCreate<Created>;
  /** Files with higher ids were made later. Undefined where the server did not say. */
  #lastId: bigint | undefined;
  #begun = false;
  #failure: unknown;

  constructor(connection: OmeroConnection, wanted: FileToCreate<Created>) {
    this.#connection = connection;
    this.#wanted = wanted;
  }

  /** Makes the file, which is empty. Once asked for, it is waited for even if the signal fires. */
  async create(signal: AbortSignal | undefined): Promise<Created> {
    const { functionName } = this.#wanted;
    throwIfAborted(signal, functionName);
    this.#lastId = await ifPossible(this.#highestFileId(signal));
    throwIfAborted(signal, functionName);
    this.#begun = true;
    const creation = this.#wanted.create().then((created) => {
      this.created = created;
      inHand.add(created.file.id);
      return created;
    });
    try {
      const created = await patiently(creation, signal, functionName);
      throwIfAborted(signal, functionName);
      return created;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** The file, if there is one on the server. @throws ServerError where that cannot be told */
  async findFile(timeout: number): Promise<number | undefined> {
    if (this.created !== undefined || !this.#begun) return this.created?.file.id;
    if (this.#lastId === undefined) {
      throw new ServerError("SERVER_FAILURE", "the server does not answer the query for it");
    }
    for (const pause of this.#isUncertain ? LOOKS : [0]) {
      await sleep(pause);
      const found = await this.#filesSince(this.#lastId, timeout);
      if (found.length > 1) throw new ServerError("SERVER_FAILURE", `there are ${found.length} that it may be`);
      if (found.length === 1) return found[0];
    }
    return undefined;
  }

  /** The file is whole, or gone. */
  done(): void {
    if (this.created !== undefined) inHand.delete(this.created.file.id);
  }

  /** Whether the server may still be at it. */
  get #isUncertain(): boolean {
    const failure = this.#failure;
    return failure instanceof ConnectionError || failure instanceof TimeoutError || failure instanceof AbortError;
  }

  async #highestFileId(signal: AbortSignal | undefined): Promise<bigint> {
    const query = this.#connection.getQueryService();
    const call = { signal, timeout: QUESTION_TIMEOUT, context: inGroup(this.#wanted.group) };
    const [row] = await query.projection("select max(f.id) from OriginalFile f", queryParameters({}), call);
    return (row?.[0] as RLong | null | undefined)?.val ?? 0n;
  }

  /** This user's files of the name, made after a file, that are attached to nothing. */
  async #filesSince(lastId: bigint, timeout: number): Promise<number[]> {
    const { name, mimetype, group } = this.#wanted;
    const rows = await this.#connection.getQueryService().projection(
      `select f.id from OriginalFile f where f.id > :last and f.name = :name and f.mimetype = :mimetype
         and f.details.owner.id = :owner
         and f.id not in (select fa.file.id from FileAnnotation fa where fa.file.name = :name)`,
      queryParameters({
        last: rlong(lastId),
        name: rstring(name),
        mimetype: rstring(mimetype),
        owner: rlong(this.#connection.session.userId),
      }),
      { timeout, context: inGroup(group) },
    );
    const ids = rows.map(([id]) => idNumber((id as RLong).val, "file"));
    return ids.filter((id) => !inHand.has(id));
  }
}

/** The result of what has begun, unless it takes too long after the signal has fired. */
function patiently<T>(creation: Promise<T>, signal: AbortSignal | undefined, functionName: string): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const giveUp = () => reject(abortError(signal!, functionName));
    const release = onAbort(signal, () => {
      timer = setTimeout(giveUp, PATIENCE_AFTER_ABORT).unref();
    });
    creation.then(resolve, reject).finally(() => {
      release();
      clearTimeout(timer);
    });
  });
}
