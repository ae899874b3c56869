/** Notes every change of an object in the change log, as a part of the call in whose course it happens. */
import { isDeepStrictEqual } from "node:util";
import type { ChangeRecorder, ObjectStore, StoredObject } from "../../model/object-store.js";
import { ROLES } from "../accounts.js";
import type { Session } from "../sessions.js";
import type { Author, ChangeLog, LoggedAction } from "./change-log.js";
import { type RunningCall, runningCall } from "./running-call.js";

/** Of what has always been there. */
export const BOOTSTRAP_EVENT = 0;
/** Id of the server's own session. */
export const SERVER_SESSION = 0;
/** Ids in the enumeration EventType. */
const EVENT_TYPES = { internal: 2, user: 4, sessions: 9 };

/** Nothing is logged of these, as on an OMERO server. */
const UNLOGGED = ["ExperimenterGroup"];

export class CallRecorder implements ChangeRecorder {
  readonly #store: ObjectStore;
  readonly #log: ChangeLog;

  constructor(store: ObjectStore, log: ChangeLog) {
    this.#store = store;
    this.#log = log;
  }

  put(object: StoredObject, before: StoredObject | undefined): StoredObject {
    if (before && !runningCall() && isSame(object, before)) return { ...object, ...eventsOf(before) };
    const event = this.#note(before ? "UPDATE" : "INSERT", object);
    const password = object.account?.password;
    if (password !== undefined && password !== before?.account?.password) this.#note("PASSWORD", object);
    if (!before) return { ...object, creationEvent: event, updateEvent: event };
    // What is given away or moved is not changed thereby.
    return { ...object, ...eventsOf(before), ...(object.updated !== before.updated && { updateEvent: event }) };
  }

  deleted(object: StoredObject): void {
    this.#note("DELETE", object);
  }

  /** A log-in is an event of the server's. */
  loggedIn({ id, started }: Session): void {
    const event = this.#begin({ ...authorOf(ROLES.rootId, ROLES.systemGroupId), type: EVENT_TYPES.sessions }, started);
    this.#log.add(event, this.#nextId("EventLog"), { action: "INSERT", className: "Session", id: Number(id) });
  }

  mark(): () => void {
    const [event, log] = [this.#log.events.lastId + 1, this.#log.logs.lastId + 1];
    return () => {
      runningCall()?.forget(event);
      this.#log.forgetFrom(event, log);
    };
  }

  #note(action: LoggedAction, object: StoredObject): number {
    const { className, id, created } = object;
    if (created === 0 && action === "INSERT") return BOOTSTRAP_EVENT;
    const call = runningCall();
    const event = call ? this.#eventOf(call) : this.#begin(authorOf(object.owner, object.group), Date.now());
    if (UNLOGGED.includes(className) || call?.hasNoted(action, object)) return event;
    this.#log.add(event, this.#nextId("EventLog"), { action, className, id: Number(id) });
    return event;
  }

  #eventOf(call: RunningCall): number {
    if (call.event === undefined || this.#log.events.indexOf(call.event) < 0) {
      const { session, group } = call;
      const author = { ...authorOf(session.user.id, group), session: Number(session.id), type: EVENT_TYPES.user };
      call.event = this.#begin(author, Date.now());
    }
    return call.event;
  }

  #begin(author: Author, time: number): number {
    const id = this.#nextId("Event");
    this.#log.begin(id, author, time);
    return id;
  }

  #nextId(className: string): number {
    return Number(this.#store.nextId(className));
  }
}

/** The server itself does it for them. */
function authorOf(experimenter: bigint, group: bigint): Author {
  const ids = { experimenter: Number(experimenter), group: Number(group) };
  return { ...ids, session: SERVER_SESSION, type: EVENT_TYPES.internal };
}

/** None where an older server has stored it. */
function eventsOf({ creationEvent, updateEvent }: StoredObject): Partial<StoredObject> {
  return { ...(creationEvent !== undefined && { creationEvent }), ...(updateEvent !== undefined && { updateEvent }) };
}

function isSame(object: StoredObject, before: StoredObject): boolean {
  return ["owner", "group", "values", "account", "array"].every((name) =>
    isDeepStrictEqual(object[name as keyof StoredObject], before[name as keyof StoredObject]),
  );
}
