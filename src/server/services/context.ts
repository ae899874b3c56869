/** What the services of a session share. */

import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { securityViolation } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { ObjectReference, StoredObject } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import type { Session } from "../world/sessions.js";
import type { World } from "../world/world.js";

export class SessionContext {
  readonly world: World;
  readonly session: Session;
  /** Offers an object that lives until it is closed or the session ends. */
  readonly publish: (sliceId: string, servant: object, release: () => void | Promise<void>) => ProxyRef;
  /** Offers an object without state, once a session. */
  readonly offer: (name: string, sliceId: string, servant: object) => ProxyRef;
  /** Withdraws the object a call was for. */
  readonly withdraw: (current: Current) => void;
  /** Configuration that clients may ask for, by key. */
  readonly configuration: ReadonlyMap<string, string>;
  /** Largest answer, in bytes. */
  readonly messageSizeMax: number;

  constructor(
    world: World,
    session: Session,
    setting: Pick<SessionContext, "publish" | "offer" | "withdraw" | "configuration" | "messageSizeMax">,
  ) {
    this.world = world;
    this.session = session;
    this.publish = setting.publish;
    this.offer = setting.offer;
    this.withdraw = setting.withdraw;
    this.configuration = setting.configuration;
    this.messageSizeMax = setting.messageSizeMax;
  }

  access({ context }: Pick<Current, "context">): Access {
    return this.world.access(this.session, context);
  }

  /** The loaded instance of an object as it is stored now. Events are not stored. */
  load(access: Access, object: ObjectReference | StoredObject): Instance {
    const stored = this.world.store.get(object.className, object.id) ?? (object as StoredObject);
    return this.world.materializer(access).load(stored);
  }

  loadAll(access: Access, objects: Iterable<StoredObject>): Instance[] {
    const materializer = this.world.materializer(access);
    return Array.from(objects, (object) => materializer.load(object));
  }
}

/** @throws IceUserException SecurityViolation for all others. */
export function needsAdministrator({ world, session }: SessionContext): void {
  if (session.user.isAdmin) return;
  const groups = world.accounts.groupsOf(session.user).map(({ name }) => name);
  throw securityViolation(`No matching roles found in [${groups.join(", ")}] for the session (allowed: [system])`);
}
