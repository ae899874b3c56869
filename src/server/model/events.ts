/** Events: when something was made or changed, and by whom. */
import { rtime } from "../../rtypes.js";
import type { ObjectReference, ObjectStore, StoredObject } from "./object-store.js";

/** `User`, in the enumeration EventType. */
const USER_EVENT = 4n;

/** What was stored before there were events has its time in place of the id of one. */
export function creationEventId({ creationEvent, created }: StoredObject): bigint {
  return BigInt(creationEvent ?? Math.trunc(created));
}

export function updateEventId({ updateEvent, updated }: StoredObject): bigint {
  return BigInt(updateEvent ?? Math.trunc(updated));
}

export function creationEvent(store: ObjectStore, object: StoredObject): StoredObject {
  const id = creationEventId(object);
  return store.get("Event", id) ?? eventOf(id, object.created, object);
}

export function updateEvent(store: ObjectStore, object: StoredObject): StoredObject {
  const id = updateEventId(object);
  return store.get("Event", id) ?? eventOf(id, object.updated, object);
}

/** The event of an object, as far as the object itself tells, where it is no longer in the log. */
function eventOf(id: bigint, time: number, { owner, group }: StoredObject): StoredObject {
  return eventObject({ id, time, experimenter: owner, group, type: USER_EVENT, session: undefined });
}

export interface EventValues {
  readonly id: bigint;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly experimenter: bigint;
  readonly group: bigint;
  readonly type: bigint;
  readonly session: bigint | undefined;
}

export function eventObject({ id, time, experimenter, group, type, session }: EventValues): StoredObject {
  const to = (className: string, target: bigint): ObjectReference => ({ className, id: target });
  return {
    className: "Event",
    id,
    owner: experimenter,
    group,
    created: time,
    updated: time,
    values: {
      time: rtime(Math.trunc(time)),
      experimenter: to("Experimenter", experimenter),
      experimenterGroup: to("ExperimenterGroup", group),
      type: to("EventType", type),
      ...(session !== undefined && { session: to("Session", session) }),
    },
  };
}
