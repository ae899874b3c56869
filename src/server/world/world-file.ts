/** The objects of a server on disk: one JSON file, replaced as a whole. */
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { DataError } from "../../errors.js";
import { TaskQueue } from "../../flow/task-queue.js";
import type { Model } from "../model/model.js";
import { isReference, type ObjectStore, type StoredObject } from "../model/object-store.js";

const FORMAT = 1;
/** Wait after a change, so that many changes are written at once; in milliseconds. */
const WRITE_DELAY = 50;

/**
 * Ids of a class that may be given before the next save: a server that was killed goes on behind them, so that no id
 * that a client has been told of becomes another object's.
 */
const IDS_AHEAD = 1_000_000n;

interface WorldJson {
  format: number;
  databaseUuid: string;
  lastIds: Record<string, string>;
  objects: unknown[];
}

export class WorldFile {
  readonly #path: string;
  readonly #store: ObjectStore;
  #databaseUuid = randomUUID() as string;
  #timer: NodeJS.Timeout | undefined;
  readonly #writes = new TaskQueue();
  #changed = false;
  #abandoned = false;
  #isNew = true;
  #idsAhead = IDS_AHEAD;

  constructor(path: string, store: ObjectStore) {
    this.#path = path;
    this.#store = store;
  }

  get #partPath(): string {
    return `${this.#path}.part`;
  }

  /** Whether there was nothing to load. */
  get isNew(): boolean {
    return this.#isNew;
  }

  get databaseUuid(): string {
    return this.#databaseUuid;
  }

  /**
   * Fills the store with what was saved, if anything was.
   * @throws DataError `MALFORMED_FILE` if the file is not one this class wrote.
   */
  async load(): Promise<void> {
    // Of a server that was killed while it saved; the directory is this one's alone.
    await rm(this.#partPath, { force: true });
    const text = await readFile(this.#path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return;
    const json = this.#parse(text);
    this.#isNew = false;
    this.#databaseUuid = json.databaseUuid;
    for (const [root, id] of Object.entries(json.lastIds)) this.#store.restoreLastId(root, BigInt(id));
    for (const object of json.objects as StoredObject[]) this.#store.put(object);
  }

  #parse(text: string): WorldJson {
    try {
      const json = JSON.parse(text, restore) as WorldJson;
      if (json.format === FORMAT) return this.#checked(json);
    } catch (cause) {
      throw new DataError("MALFORMED_FILE", `${this.#path} holds no objects of a server`, { path: this.#path, cause });
    }
    throw new DataError("MALFORMED_FILE", `${this.#path} is of another version`, { path: this.#path });
  }

  #checked(json: WorldJson): WorldJson {
    for (const id of Object.values(json.lastIds)) BigInt(id);
    const wrong = json.objects.findIndex((object) => !isStoredObject(object, this.#store.model));
    if (wrong >= 0 || typeof json.databaseUuid !== "string") throw new TypeError(`object ${wrong} is damaged`);
    return json;
  }

  /** Saves soon. */
  changed(): void {
    this.#changed = true;
    if (this.#abandoned) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.save().catch(() => this.changed());
    }, WRITE_DELAY).unref();
  }

  /** Saves what changed, and waits until it is on disk. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writes.run(() => this.#write());
  }

  /** Saves all there is for the last time: no id is given after that. */
  async saveLast(): Promise<void> {
    this.#idsAhead = 0n;
    this.#changed = true;
    await this.save();
  }

  /** Saves nothing any more, once what is being written is written. */
  async abandon(): Promise<void> {
    clearTimeout(this.#timer);
    this.#abandoned = true;
    await this.#writes.run(async () => {});
  }

  async #write(): Promise<void> {
    if (!this.#changed || this.#abandoned) return;
    this.#changed = false;
    const json: WorldJson = {
      format: FORMAT,
      databaseUuid: this.#databaseUuid,
      lastIds: Object.fromEntries([...this.#store.lastIds].map(([root, id]) => [root, String(id + this.#idsAhead)])),
      objects: [...this.#store.all("IObject")],
    };
    const temporary = this.#partPath;
    try {
      await writeFile(temporary, JSON.stringify(json, preserve), { mode: 0o600 });
      await rename(temporary, this.#path);
    } catch (error) {
      this.#changed = true;
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

function isStoredObject(value: unknown, model: Model): boolean {
  if (!isRecord(value) || !isRecord(value.values) || model.resolve(String(value.className)) !== value.className) {
    return false;
  }
  const { className, id, owner, group, created, updated, values, array } = value;
  const isWhole = [id, owner, group].every((number) => typeof number === "bigint");
  const isDated = [created, updated].every((time) => typeof time === "number");
  const isJoined = !model.isLink(String(className)) || (isReference(values.parent) && isReference(values.child));
  const isPlaced = array === undefined || isRegisteredArray(array);
  return isWhole && isDated && isJoined && isPlaced && Object.values(values).every(isStoredValue);
}

function isRegisteredArray(value: unknown): boolean {
  return isRecord(value) && typeof value.path === "string" && typeof value.tokenHash === "string";
}

/** A reference names an object; whatever else an rtype or structure holds is its own affair. */
function isStoredValue(value: unknown): boolean {
  if (!isRecord(value) || !("className" in value)) return true;
  return typeof value.className === "string" && typeof value.id === "bigint";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON has no int64, no NaN and no bytes. */
function preserve(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $long: String(value) };
  if (typeof value === "number" && !Number.isFinite(value)) return { $double: String(value) };
  if (value instanceof Map) return { $map: [...value] };
  if (ArrayBuffer.isView(value)) return { $array: value.constructor.name, values: Array.from(value as Uint8Array) };
  return value;
}

const ARRAYS = { Uint8Array, Int32Array, Int16Array, Float32Array, Float64Array, BigInt64Array };

function restore(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$long" in value) return BigInt(String(value.$long));
  if ("$double" in value) return Number(value.$double);
  if ("$map" in value) return new Map(value.$map as [unknown, unknown][]);
  if ("$array" in value) {
    const make = ARRAYS[value.$array as keyof typeof ARRAYS] as typeof Uint8Array;
    return make.from((value as unknown as { values: number[] }).values);
  }
  return value;
}
