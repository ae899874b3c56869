/** The classes Session and Node of OMERO's model. Of sessions that are no longer known, what their events tell. */
import { rlong, rstring, rtime } from "../../../rtypes.js";
import type { DerivedRows, ObjectReference, StoredObject } from "../../model/object-store.js";
import { ROLES } from "../accounts.js";
import type { Session, Sessions } from "../sessions.js";
import { SERVER_SESSION } from "./call-recorder.js";
import type { ChangeLog } from "./change-log.js";

/** The one process that the server is. */
const NODE_ID = 1n;

export class SessionRows implements DerivedRows {
  readonly #sessions: Sessions;
  readonly #log: ChangeLog;
  readonly #server: StoredObject;

  /** @param started when the server's own session began, in milliseconds since 1970. */
  constructor(sessions: Sessions, log: ChangeLog, started = Date.now()) {
    this.#sessions = sessions;
    this.#log = log;
    const values = { ...timesOf(started, undefined), defaultEventType: rstring("Sessions"), uuid: rstring("") };
    this.#server = sessionObject(BigInt(SERVER_SESSION), ROLES.rootId, values);
  }

  get(id: bigint): StoredObject | undefined {
    if (id === this.#server.id) return this.#server;
    const known = this.#sessions.known(id);
    return known ? objectOf(known) : this.#fromEvents(id);
  }

  *all(): Generator<StoredObject> {
    const ids = new Set([this.#server.id, ...this.#sessions.knownIds()]);
    const { events } = this.#log;
    for (let index = 0; index < events.length; index++) ids.add(BigInt(events.get("session", index)));
    for (const id of ids) yield this.get(id)!;
  }

  referring(member: string, target: ObjectReference): StoredObject[] {
    const isIt = (value: unknown) => (value as ObjectReference | null)?.id === target.id;
    return [...this.all()].filter(({ values }) => isIt(values[member]));
  }

  having(): undefined {
    return undefined;
  }

  #fromEvents(id: bigint): StoredObject | undefined {
    const { events } = this.#log;
    const places = [...events.places("session", Number(id))];
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const times = timesOf(events.get("time", first), events.get("time", last));
    return sessionObject(id, BigInt(events.get("experimenter", first)), { ...times, uuid: rstring("") });
  }
}

/** The one Node. */
export class NodeRows implements DerivedRows {
  readonly #node: StoredObject;

  constructor(databaseUuid: string, started = Date.now()) {
    const values = { uuid: rstring(databaseUuid), conn: rstring("omero2frame"), up: rtime(started), down: null };
    this.#node = systemObject("Node", NODE_ID, ROLES.rootId, values);
  }

  get(id: bigint): StoredObject | undefined {
    return id === NODE_ID ? this.#node : undefined;
  }

  all(): StoredObject[] {
    return [this.#node];
  }

  referring(): StoredObject[] {
    return [];
  }

  having(): undefined {
    return undefined;
  }
}

function objectOf(session: Session): StoredObject {
  const { uuid, user, sudoer, agent, address, started, ended, timeToIdle, timeToLive } = session;
  return sessionObject(session.id, user.id, {
    ...timesOf(started, ended),
    uuid: rstring(uuid),
    timeToIdle: rlong(timeToIdle),
    timeToLive: rlong(timeToLive),
    message: rstring("Initial message."),
    userAgent: agent === "" ? null : rstring(agent),
    userIP: address === "" ? null : rstring(address),
    sudoer: sudoer ? { className: "Experimenter", id: sudoer.id } : null,
  });
}

function timesOf(started: number, closed: number | undefined): Record<string, unknown> {
  const times = {
    started: rtime(Math.trunc(started)),
    closed: closed === undefined ? null : rtime(Math.trunc(closed)),
  };
  return { ...times, timeToIdle: rlong(0), timeToLive: rlong(0), defaultEventType: rstring("User") };
}

function sessionObject(id: bigint, owner: bigint, values: Record<string, unknown>): StoredObject {
  const references = { owner: { className: "Experimenter", id: owner }, node: { className: "Node", id: NODE_ID } };
  return systemObject("Session", id, owner, { ...values, ...references });
}

function systemObject(className: string, id: bigint, owner: bigint, values: Record<string, unknown>): StoredObject {
  return { className, id, owner, group: ROLES.userGroupId, created: 0, updated: 0, values };
}
