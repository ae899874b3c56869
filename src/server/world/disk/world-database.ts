/** The LMDB database of a server's objects: a record an object, and what is to be known of all of them. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../../../errors.js";
import { Environment, type Pages } from "../../../store/records/environment.js";
import type { Model } from "../../model/model.js";
import type { ObjectReference, StoredObject } from "../../model/object-store.js";
import { type EventRecord, eventText, readEventText } from "../events/event-record.js";
import { isStoredObject, objectText, readObjectText } from "./object-text.js";
import type { KeptObjects } from "./objects-json.js";

const FORMAT = "2";

/** An object as it is to be: undefined where it is gone. The class is the one below IObject. */
export type ObjectChange = ObjectReference & { readonly object: StoredObject | undefined };

export class WorldDatabase {
  readonly #model: Model;
  readonly #environment: Environment;
  /** By class and id. */
  readonly #objects: Pages<string>;
  /** By id. */
  readonly #events: Pages<number>;
  /** Format, uuid of the database, and the last id of each class. */
  readonly #facts: Pages<string>;

  /**
   * @param isTemporary whether nobody reads it once the process has ended: then nothing waits for the disk.
   * @throws StoreError `STORE_FAILED` if it cannot be opened.
   */
  constructor(path: string, model: Model, isTemporary: boolean) {
    this.#model = model;
    this.#environment = new Environment(path, { readOnly: false, sync: isTemporary ? "never" : "always" });
    this.#objects = this.#environment.database<string>("objects")!;
    this.#events = this.#environment.database<number>("events")!;
    this.#facts = this.#environment.database<string>("facts")!;
  }

  /** Closes it to all but its owner, also where it was open to others before. */
  async keepPrivate(): Promise<void> {
    const { path } = this.#environment;
    await chmod(path, 0o700);
    for (const name of ["data.mdb", "lock.mdb"]) await chmod(join(path, name), 0o600);
  }

  /**
   * All that was written, objects in the order of their ids; undefined if nothing ever was.
   * @throws DataError `MALFORMED_FILE` if it is not what a server has written.
   */
  readAll(): KeptObjects | undefined {
    const format = this.#fact("format");
    if (format === undefined) return undefined;
    if (format !== FORMAT) throw this.#damaged(`is of another version, ${JSON.stringify(format)}`);
    const objects = Array.from(this.#objects.getRange(), ({ key, value }) => this.#object(key, value));
    objects.sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
    return { databaseUuid: this.#fact("databaseUuid") ?? "", lastIds: this.#lastIds(), objects };
  }

  /** All that was written of what was changed when. */
  readEvents(): Map<number, EventRecord> {
    return new Map(Array.from(this.#events.getRange(), ({ key, value }) => [key, this.#event(key, value)]));
  }

  readEvent(id: number): EventRecord | undefined {
    this.#environment.refresh();
    const bytes = this.#events.get(id);
    return bytes && this.#event(id, bytes);
  }

  #event(id: number, bytes: Uint8Array): EventRecord {
    try {
      return readEventText(Buffer.from(bytes).toString());
    } catch (cause) {
      throw this.#damaged(`holds a damaged event at ${id}`, cause);
    }
  }

  /** An object as it is on the disk. */
  read(className: string, id: bigint): StoredObject | undefined {
    this.#environment.refresh();
    const key = keyOf(className, id);
    const bytes = this.#objects.get(key);
    return bytes && this.#object(key, bytes);
  }

  /**
   * Writes all of it or nothing; resolves when it is on the disk.
   * @throws StoreError `STORE_FAILED`
   */
  async write(
    changes: readonly ObjectChange[],
    events: ReadonlyMap<number, EventRecord | undefined>,
    databaseUuid: string,
    lastIds: ReadonlyMap<string, bigint>,
  ): Promise<void> {
    const facts = new Map([
      ["format", FORMAT],
      ["databaseUuid", databaseUuid],
      ...Array.from(lastIds, ([root, id]) => [`last:${root}`, String(id)] as const),
    ]);
    await this.#environment.write(() => {
      for (const { className, id, object } of changes) {
        const key = keyOf(className, id);
        if (object) this.#objects.putSync(key, Buffer.from(objectText(object)));
        else this.#objects.removeSync(key);
      }
      for (const [id, record] of events) {
        if (record) this.#events.putSync(id, Buffer.from(eventText(record)));
        else this.#events.removeSync(id);
      }
      for (const [name, text] of facts) this.#facts.putSync(name, Buffer.from(text));
    });
  }

  close(): Promise<void> {
    return this.#environment.close();
  }

  #fact(name: string): string | undefined {
    const bytes = this.#facts.get(name);
    return bytes && Buffer.from(bytes).toString();
  }

  #lastIds(): Record<string, string> {
    const ids: Record<string, string> = {};
    for (const key of this.#facts.getKeys({ start: "last:", end: "last;" })) {
      const id = this.#fact(key)!;
      if (!/^\d+$/.test(id)) throw this.#damaged(`says that ${key} is ${JSON.stringify(id)}`);
      ids[key.slice(5)] = id;
    }
    return ids;
  }

  #object(key: string, bytes: Uint8Array): StoredObject {
    let object: unknown;
    try {
      object = readObjectText(Buffer.from(bytes).toString());
    } catch (cause) {
      throw this.#damaged(`holds a damaged object at ${key}`, cause);
    }
    if (isStoredObject(object, this.#model)) return object;
    throw this.#damaged(`holds at ${key} what is no object`);
  }

  #damaged(how: string, cause?: unknown): DataError {
    const { path } = this.#environment;
    return new DataError("MALFORMED_FILE", `${path} ${how}`, { path, cause });
  }
}

function keyOf(className: string, id: bigint): string {
  return `${className}:${id}`;
}
