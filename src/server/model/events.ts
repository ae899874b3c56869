/** Events: when something was made or changed, and by whom. They are not stored: an event's id is its time. */
import { rtime } from "../../rtypes.js";
import type { StoredObject } from "./object-store.js";

/** `User`, in the enumeration EventType. */
const USER_EVENT = 4n;

export function creationEvent(object: StoredObject): StoredObject {
  return eventAt(object.created, object.owner, object.group);
}

export function updateEvent(object: StoredObject): StoredObject {
  return eventAt(object.updated, object.owner, object.group);
}

export function eventAt(time: number, owner: bigint, group: bigint): StoredObject {
  return {
    className: "Event",
    id: BigInt(Math.trunc(time)),
    owner,
    group,
    created: time,
    updated: time,
    values: {
      time: rtime(Math.trunc(time)),
      experimenter: { className: "Experimenter", id: owner },
      experimenterGroup: { className: "ExperimenterGroup", id: group },
      type: { className: "EventType", id: USER_EVENT },
    },
  };
}
