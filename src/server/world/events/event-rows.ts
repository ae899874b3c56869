/** The classes Event and EventLog of OMERO's model: rows of the change log. */
import { rlong, rstring } from "../../../rtypes.js";
import { eventObject } from "../../model/events.js";
import { javaName } from "../../model/java-names.js";
import type { Model } from "../../model/model.js";
import type { DerivedRows, ObjectReference, StoredObject } from "../../model/object-store.js";
import { ROLES } from "../accounts.js";
import { BOOTSTRAP_EVENT, SERVER_SESSION } from "./call-recorder.js";
import type { ChangeLog } from "./change-log.js";

/** Members that refer to other objects, and the columns their ids are in. */
const EVENT_COLUMNS = { experimenter: "experimenter", experimenterGroup: "group", session: "session", type: "type" };

/** Event 0 is there from the beginning. */
const BOOTSTRAP = eventObject({
  id: BigInt(BOOTSTRAP_EVENT),
  time: 0,
  experimenter: ROLES.rootId,
  group: ROLES.systemGroupId,
  type: 0n,
  session: BigInt(SERVER_SESSION),
});

export class EventRows implements DerivedRows {
  readonly #log: ChangeLog;

  constructor(log: ChangeLog) {
    this.#log = log;
  }

  get(id: bigint): StoredObject | undefined {
    if (id === BOOTSTRAP.id) return BOOTSTRAP;
    const index = this.#log.events.indexOf(Number(id));
    return index < 0 ? undefined : this.#at(index);
  }

  *all(): Generator<StoredObject> {
    yield BOOTSTRAP;
    for (let index = 0; index < this.#log.events.length; index++) yield this.#at(index);
  }

  referring(member: string, target: ObjectReference): StoredObject[] {
    if (!isKeyOf(EVENT_COLUMNS, member)) return [];
    const column = EVENT_COLUMNS[member] as "experimenter" | "group" | "session" | "type";
    const found = Array.from(this.#log.events.places(column, Number(target.id)), (index) => this.#at(index));
    const first = BOOTSTRAP.values[member] as ObjectReference;
    return first.id === target.id ? [BOOTSTRAP, ...found] : found;
  }

  having(): undefined {
    return undefined;
  }

  #at(index: number): StoredObject {
    const { id, time, experimenter, group, session, type } = this.#log.events.row(index);
    return eventObject({
      id: BigInt(id),
      time,
      experimenter: BigInt(experimenter),
      group: BigInt(group),
      type: BigInt(type),
      session: BigInt(session),
    });
  }
}

export class EventLogRows implements DerivedRows {
  readonly #log: ChangeLog;
  readonly #model: Model;

  constructor(log: ChangeLog, model: Model) {
    this.#log = log;
    this.#model = model;
  }

  get(id: bigint): StoredObject | undefined {
    const index = this.#log.logs.indexOf(Number(id));
    return index < 0 ? undefined : this.#at(index);
  }

  *all(): Generator<StoredObject> {
    for (let index = 0; index < this.#log.logs.length; index++) yield this.#at(index);
  }

  referring(member: string, target: ObjectReference): StoredObject[] {
    const index = this.#log.events.indexOf(Number(target.id));
    return member === "event" && index >= 0 ? this.#log.logsOf(index).map((place) => this.#at(place)) : [];
  }

  having(member: string, values: readonly bigint[]): StoredObject[] | undefined {
    if (member !== "entityId") return undefined;
    return values.flatMap((value) =>
      Array.from(this.#log.logs.places("entityId", Number(value)), (index) => this.#at(index)),
    );
  }

  #at(index: number): StoredObject {
    const { logs, names } = this.#log;
    const { id, event, entityId, entityType, action } = logs.row(index);
    return {
      className: "EventLog",
      id: BigInt(id),
      owner: ROLES.rootId,
      group: ROLES.userGroupId,
      created: 0,
      updated: 0,
      values: {
        entityId: rlong(BigInt(entityId)),
        entityType: rstring(javaName(this.#model, names.of(entityType))),
        action: rstring(names.of(action)),
        event: { className: "Event", id: BigInt(event) },
      },
    };
  }
}

function isKeyOf<T extends object>(record: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(record, key);
}
