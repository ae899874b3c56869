/**
 * The objects of a server on disk. What `save` has waited for stays whatever becomes of the process; what could not be
 * saved does not stay in memory either.
 */
import { randomUUID } from "node:crypto";
import { chmod, rename, rm } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { inBackground } from "../../../flow/failures.js";
import { TaskQueue } from "../../../flow/task-queue.js";
import type { ObjectReference, ObjectStore } from "../../model/object-store.js";
import { ChangeLog } from "../events/change-log.js";
import { type KeptObjects, readObjectsJson } from "./objects-json.js";
import { type ObjectChange, WorldDatabase } from "./world-database.js";

/** What the file of older servers is called once its objects are in the database. */
const CONVERTED = "objects.json.converted";
/** Of the system, where there is no room. */
const FULL: readonly unknown[] = [constants.errno.ENOSPC, constants.errno.EDQUOT];

export class WorldFile {
  readonly #directory: string;
  readonly #store: ObjectStore;
  readonly #database: WorldDatabase;
  #databaseUuid = randomUUID() as string;
  /** What was changed when. */
  readonly log = new ChangeLog((event) => this.#changedEvents.add(event));
  /** What may differ from what is on disk, by class and id; and by event. */
  #changed = new Map<string, ObjectReference>();
  #changedEvents = new Set<number>();
  #failures = 0;
  #lastFailure: unknown;
  #timer: NodeJS.Immediate | undefined;
  readonly #writes = new TaskQueue();
  #abandoned = false;
  #isNew = true;
  /** Whether what there is from the start was saved: until then, nothing saves by itself. */
  #begun = false;
  /** Frees the room that the content of these files takes, which are objects no more. */
  makeRoom: (fileIds: readonly bigint[]) => Promise<void> = async () => {};
  /** Is told when changes were undone. */
  onUndone: () => void = () => {};

  /**
   * @param isTemporary whether the directory goes with the process.
   * @throws StoreError `STORE_FAILED` if the database cannot be opened.
   */
  constructor(directory: string, store: ObjectStore, isTemporary: boolean) {
    this.#directory = directory;
    this.#store = store;
    this.#database = new WorldDatabase(join(directory, "objects"), store.model, isTemporary);
  }

  /** Whether there was nothing to load. */
  get isNew(): boolean {
    return this.#isNew;
  }

  get databaseUuid(): string {
    return this.#databaseUuid;
  }

  /** How often saving has failed, and what had changed was undone. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Fills the store with what was saved, if anything was.
   * @throws DataError `MALFORMED_FILE` if it is not what a server has saved.
   */
  async load(): Promise<void> {
    await this.#database.keepPrivate();
    const kept = this.#database.readAll();
    if (!kept) return this.#convert();
    this.#fill(kept);
    this.log.fill(this.#database.readEvents());
    this.#changed.clear();
    await this.#keepOlder();
  }

  /** Takes what an older server has left. */
  async #convert(): Promise<void> {
    const kept = await readObjectsJson(join(this.#directory, "objects.json"), this.#store.model);
    if (!kept) return;
    this.#fill(kept);
    for (const { className, id } of kept.objects) this.changed(this.#store.model.rootOf(className), id);
    await this.save();
    await this.#keepOlder();
  }

  /** The older file stays as it is, under another name. */
  async #keepOlder(): Promise<void> {
    const path = join(this.#directory, "objects.json");
    await rm(`${path}.part`, { force: true });
    try {
      await chmod(path, 0o600);
      await rename(path, join(this.#directory, CONVERTED));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }

  #fill({ databaseUuid, lastIds, objects }: KeptObjects): void {
    this.#isNew = false;
    this.#databaseUuid = databaseUuid;
    for (const [root, id] of Object.entries(lastIds)) this.#store.restoreLastId(root, BigInt(id));
    this.#store.fill(objects);
  }

  /** Notes that an object is new, other or gone. Saves soon. */
  changed(className: string, id: bigint): void {
    this.#changed.set(`${className}:${id}`, { className, id });
    if (this.#begun && !this.#abandoned) this.#timer ??= setImmediate(() => this.#saveByItself());
  }

  #saveByItself(): void {
    this.#timer = undefined;
    // What fails is undone, and whoever waits for it is told.
    inBackground(this.save());
  }

  /**
   * Saves what changed, and waits until it is on disk.
   * @param since how often saving had failed when the work began whose changes are to be saved.
   * @throws StoreError `STORE_FAILED`, now or meanwhile: then all objects are again what they are on disk.
   */
  async save(since = this.#failures): Promise<void> {
    this.#begun = true;
    await this.#writes.run(() => this.#write(since));
  }

  /** Waits for what is being saved, and closes the database. Nothing is saved after that. */
  async abandon(): Promise<void> {
    clearImmediate(this.#timer);
    this.#abandoned = true;
    await this.#writes.run(async () => {});
    await this.#database.close();
  }

  async #write(since: number): Promise<void> {
    if (since !== this.#failures) throw this.#lastFailure;
    if (this.#changed.size === 0 || this.#abandoned) return;
    const [changed, events] = [this.#changed, this.#changedEvents];
    this.#changed = new Map();
    this.#changedEvents = new Set();
    try {
      await this.#writeChanges(changed.values(), events);
    } catch (error) {
      this.#failures++;
      this.#lastFailure = error;
      // Later changes were made to what is not there.
      const undone = new Map([...changed, ...this.#changed]);
      const undoneEvents = new Set([...events, ...this.#changedEvents]);
      this.#changed = new Map();
      this.#changedEvents = new Set();
      this.#undo(undone.values(), undoneEvents);
      throw error;
    }
  }

  async #writeChanges(changed: Iterable<ObjectReference>, events: Iterable<number>): Promise<void> {
    const records = new Map(Array.from(events, (id) => [id, this.log.record(id)]));
    const changes = Array.from(changed, ({ className, id }): ObjectChange => {
      return { className, id, object: this.#store.get(className, id) };
    });
    const write = () => this.#database.write(changes, records, this.#databaseUuid, this.#store.lastIds);
    try {
      await write();
    } catch (error) {
      const removed = changes.filter(({ className, object }) => className === "OriginalFile" && !object);
      if (!isFull(error) || removed.length === 0) throw error;
      await this.makeRoom(removed.map(({ id }) => id));
      await write();
    }
  }

  #undo(changed: Iterable<ObjectReference>, events: Iterable<number>): void {
    this.log.restore(new Map(Array.from(events, (id) => [id, this.#database.readEvent(id)])));
    const before = Array.from(changed, ({ className, id }) => {
      return { className, id, object: this.#database.read(className, id) };
    });
    this.#store.restore(before);
    this.onUndone();
  }
}

function isFull(error: unknown): boolean {
  return FULL.includes((error as { cause?: { code?: unknown } }).cause?.code);
}
