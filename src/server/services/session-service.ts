/** `omero::api::ISession`: sessions themselves, and sessions for other users. */
import type { Principal } from "../../connect/ice/schema/omero.js";
import { rlong, rstring, rtime } from "../../rtypes.js";
import { apiUsage, authenticationFailure, securityViolation, serverError } from "../exceptions.js";
import { type Instance, unloaded } from "../model/materialize.js";
import { valueSize } from "../model/value-size.js";
import type { Group } from "../world/account-records.js";
import type { Session } from "../world/sessions.js";
import type { SessionContext } from "./context.js";

export class SessionService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** A session of an administrator's for another user. */
  createSessionWithTimeouts(principal: Principal | null, timeToLive: bigint, timeToIdle: bigint): Instance {
    const { world, session } = this.#context;
    const user = world.accounts.userNamed(principal?.name ?? "");
    if (!user) throw authenticationFailure("Error creating session.");
    if (user.id !== session.user.id && !session.user.privileges.has("Sudo")) {
      throw securityViolation("Only administrators may create sessions for other users");
    }
    const group = this.#group(principal?.group ?? "");
    if (group && !user.isAdmin && !group.members.has(user.id)) {
      throw securityViolation(`User ${user.id} is not a member of group ${group.id} and cannot login`);
    }
    const created = world.sessions.create({
      user,
      group,
      sudoer: user.id === session.user.id ? undefined : session.user,
      timeToLive: Number(timeToLive),
      timeToIdle: world.sessions.allowedIdle(session.user, Number(timeToIdle)),
      agent: session.agent,
      address: session.address,
    });
    return sessionInstance(created);
  }

  createSessionWithTimeout(principal: Principal | null, timeToLive: bigint): Instance {
    return this.createSessionWithTimeouts(principal, timeToLive, BigInt(this.#context.session.timeToIdle));
  }

  /** Another session of the user's own. */
  createUserSession(timeToLive: bigint, timeToIdle: bigint, defaultGroup: string): Instance {
    const principal = { name: this.#context.session.user.name, group: defaultGroup } as Principal;
    return this.createSessionWithTimeouts(principal, timeToLive, timeToIdle);
  }

  createSession(principal: Principal | null): Instance {
    return this.createSessionWithTimeout(principal, 0n);
  }

  getSession(uuid: string): Instance {
    return sessionInstance(this.#session(uuid));
  }

  getReferenceCount(uuid: string): number {
    return this.#session(uuid).references;
  }

  /**
   * One reference less: how many are left, or -2 when the session ended with the last one.
   * @throws IceUserException RemovedSession if there is no such session.
   */
  closeSession(closing: Instance | null): number {
    const session = this.#session((closing?.uuid as { val: string } | null | undefined)?.val ?? "");
    const left = session.references - 1;
    session.references = Math.max(0, left);
    if (left > 0) return left;
    this.#context.world.sessions.close(session);
    return -2;
  }

  getMyOpenSessions(): Instance[] {
    return this.#mine().map(sessionInstance);
  }

  getMyOpenAgentSessions(agent: string): Instance[] {
    return this.#mine()
      .filter((session) => session.agent === agent)
      .map(sessionInstance);
  }

  getMyOpenClientSessions(): Instance[] {
    return this.getMyOpenSessions();
  }

  getInput(uuid: string, key: string): unknown {
    return this.#session(uuid).input.get(key) ?? null;
  }

  getOutput(uuid: string, key: string): unknown {
    return this.#session(uuid).output.get(key) ?? null;
  }

  setInput(uuid: string, key: string, value: unknown): void {
    this.#set(this.#session(uuid), "input", key, value);
  }

  setOutput(uuid: string, key: string, value: unknown): void {
    this.#set(this.#session(uuid), "output", key, value);
  }

  #set(session: Session, kind: "input" | "output", key: string, value: unknown): void {
    const { sessionBytes } = this.#context.world.userLimits;
    const other = kind === "input" ? session.output : session.input;
    const values = new Map(session[kind]).set(key, value);
    if (valueSize(values) + valueSize(other) > sessionBytes) {
      throw apiUsage(`A session keeps ${sessionBytes} bytes at most: keep a file instead`);
    }
    session[kind].set(key, value);
  }

  getInputKeys(uuid: string): string[] {
    return [...this.#session(uuid).input.keys()];
  }

  getOutputKeys(uuid: string): string[] {
    return [...this.#session(uuid).output.keys()];
  }

  getInputs(uuid: string): Map<string, unknown> {
    return this.#session(uuid).input;
  }

  getOutputs(uuid: string): Map<string, unknown> {
    return this.#session(uuid).output;
  }

  #mine(): Session[] {
    const { world, session } = this.#context;
    return world.sessions.all.filter(({ user }) => user.id === session.user.id);
  }

  /** A session whose key the client knows. */
  #session(uuid: string): Session {
    const found = this.#context.world.sessions.find(uuid);
    if (!found) throw serverError("RemovedSessionException", "No such session");
    return found;
  }

  #group(name: string): Group | undefined {
    if (name === "") return undefined;
    const { accounts } = this.#context.world;
    const group = accounts.groupNamed(name) ?? (/^\d+$/.test(name) ? accounts.group(BigInt(name)) : undefined);
    if (!group) throw apiUsage(`No such group: ${name}`);
    return group;
  }
}

/** `omero::model::Session` of a session. */
export function sessionInstance(session: Session): Instance {
  const owner = unloaded("::omero::model::Experimenter", session.user.id);
  return {
    iceId: "::omero::model::Session",
    id: rlong(session.id),
    loaded: true,
    details: {
      iceId: "::omero::model::Details",
      owner,
      group: unloaded("::omero::model::ExperimenterGroup", session.group),
    },
    uuid: rstring(session.uuid),
    owner,
    sudoer: session.sudoer ? unloaded("::omero::model::Experimenter", session.sudoer.id) : null,
    timeToIdle: rlong(session.timeToIdle),
    timeToLive: rlong(session.timeToLive),
    started: rtime(session.started),
    closed: session.closed ? rtime(Date.now()) : null,
    message: rstring(""),
    defaultEventType: rstring("User"),
    userAgent: session.agent === "" ? null : rstring(session.agent),
    userIP: session.address === "" ? null : rstring(session.address),
  };
}
