/**
 * Makes a table of which nothing stays unknown: where the answer to its making is lost, the table is looked for by what
 * only it can be.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { newTable, type OmeroConnection, type RemoteTable } from "../connect/index.js";
import { AbortError, ConnectionError, ServerError, TimeoutError, throwIfAborted } from "../errors.js";
import { type RLong, rlong, rstring } from "../rtypes.js";
import { inGroup, parameters } from "./attachment.js";

const TABLE_MIMETYPE = "OMERO.tables";
/** Milliseconds that an aborted making is waited for. */
const PATIENCE_AFTER_ABORT = 10_000;
/** Milliseconds for a question that is good to have answered, no more. */
const QUESTION_TIMEOUT = 5_000;
/** Milliseconds between looks for a table that the server may still be making. */
const LOOKS = [0, 200, 800, 2000];

/** Tables that this process is making or filling: nobody's leftovers. */
const inHand = new Set<bigint>();

export class TableMaking {
  table: RemoteTable | undefined;
  readonly #connection: OmeroConnection;
  readonly #name: string;
  readonly #group: bigint;
  /** Files with higher ids were made later. Undefined where the server did not say. */
  #lastId: bigint | undefined;
  #begun = false;
  #failure: unknown;

  constructor(connection: OmeroConnection, name: string, group: bigint) {
    this.#connection = connection;
    this.#name = name;
    this.#group = group;
  }

  /** Makes the table, without columns. Once asked for, it is waited for even if the signal fires. */
  async make(signal: AbortSignal | undefined): Promise<RemoteTable> {
    throwIfAborted(signal, "uploadTable");
    this.#lastId = await this.#highestFileId().catch(() => undefined);
    throwIfAborted(signal, "uploadTable");
    this.#begun = true;
    const making = newTable(this.#connection, this.#name, { group: this.#group }).then((table) => {
      this.table = table;
      inHand.add(table.file.id);
      return table;
    });
    try {
      const table = await patiently(making, signal);
      throwIfAborted(signal, "uploadTable");
      return table;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** The table's file, if there is one on the server. @throws ServerError where that cannot be told */
  async findFile(timeout: number): Promise<bigint | undefined> {
    if (this.table !== undefined || !this.#begun) return this.table?.file.id;
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

  /** The table is whole, or gone. */
  done(): void {
    if (this.table !== undefined) inHand.delete(this.table.file.id);
  }

  /** Whether the server may still be at it. */
  get #isUncertain(): boolean {
    const failure = this.#failure;
    return failure instanceof ConnectionError || failure instanceof TimeoutError || failure instanceof AbortError;
  }

  async #highestFileId(): Promise<bigint> {
    const query = this.#connection.getQueryService();
    const call = { timeout: QUESTION_TIMEOUT, context: inGroup(this.#group) };
    const [row] = await query.projection("select max(f.id) from OriginalFile f", parameters({}), call);
    return (row?.[0] as RLong | null | undefined)?.val ?? 0n;
  }

  /** This user's tables of the name, made after a file, that nothing is attached to. */
  async #filesSince(lastId: bigint, timeout: number): Promise<bigint[]> {
    const rows = await this.#connection.getQueryService().projection(
      `select f.id from OriginalFile f where f.id > :last and f.name = :name and f.mimetype = :mimetype
         and f.details.owner.id = :owner
         and f.id not in (select fa.file.id from FileAnnotation fa where fa.file.name = :name)`,
      parameters({
        last: rlong(lastId),
        name: rstring(this.#name),
        mimetype: rstring(TABLE_MIMETYPE),
        owner: rlong(this.#connection.session.userId),
      }),
      { timeout, context: inGroup(this.#group) },
    );
    const ids = rows.map(([id]) => (id as RLong).val);
    return ids.filter((id) => !inHand.has(id));
  }
}

/** The result of what has begun, unless it takes too long after the signal has fired. */
async function patiently<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const ended = new AbortController();
  const givenUp = new Promise<never>((_, reject) => {
    const wait = async () => {
      await sleep(PATIENCE_AFTER_ABORT, undefined, { signal: ended.signal, ref: false });
      throwIfAborted(signal, "uploadTable");
    };
    signal.addEventListener("abort", () => wait().catch(reject), { signal: ended.signal });
  });
  givenUp.catch(() => {}); // thrown by the race, or nobody waits for it any more
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    ended.abort();
    work.catch(() => {});
  }
}
