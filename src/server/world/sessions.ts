/** Log-ins: who is in which group since when, for how long they may idle, and how many connections have joined. */
import { randomUUID } from "node:crypto";
import {
  cannotCreateSession,
  permissionDenied,
  securityViolation,
  serverError,
  wrappedCreateSession,
} from "../exceptions.js";
import type { Group, User } from "./account-records.js";
import type { Accounts } from "./accounts.js";

/** Longest idle time a user may ask for: as on an OMERO server, ten times the default. */
const MAXIMUM_IDLE_FACTOR = 10;
/** Sessions that have ended are known for a while, and keys of those that idled out. */
const REMEMBERED = 1_000;
/** Milliseconds in which the session ends that its last connection has left. */
const ENDING = 50;
/** Longest delay of a timer, in milliseconds. */
const MAXIMUM_DELAY = 2 ** 31 - 1;

export interface SessionRequest {
  readonly user: User;
  /** Default: the user's own. */
  readonly group?: Group | undefined;
  /** Milliseconds; default: the server's. */
  readonly timeToIdle?: number | undefined;
  /** Milliseconds; 0 for ever. */
  readonly timeToLive?: number | undefined;
  readonly agent?: string | undefined;
  readonly address?: string | undefined;
  /** The administrator who acts as the user. */
  readonly sudoer?: User | undefined;
}

export class Session {
  readonly uuid = randomUUID() as string;
  readonly id: bigint;
  readonly user: User;
  readonly sudoer: User | undefined;
  /** Milliseconds since 1970. */
  readonly started = Date.now();
  /** On the clock that nobody sets (`performance.now()`), as {@link lastUsed} is. */
  readonly #begun = performance.now();
  readonly agent: string;
  readonly address: string;
  readonly input = new Map<string, unknown>();
  readonly output = new Map<string, unknown>();
  group: bigint;
  timeToIdle: number;
  timeToLive: number;
  lastUsed = this.#begun;
  /** Calls so far. */
  hitCount = 0;
  /** Connections that are logged in to it. */
  references = 0;
  closed: "expired" | "closed" | undefined;
  /** Milliseconds since 1970. */
  ended: number | undefined;
  /** Left by its last connection; a client that joins now finds itself without a session soon. */
  ending = false;
  /** Called once, when the session ends. */
  readonly onClosed: (() => void)[] = [];

  constructor(id: bigint, request: SessionRequest, timeToIdle: number) {
    this.id = id;
    this.user = request.user;
    this.sudoer = request.sudoer;
    this.group = request.group?.id ?? request.user.defaultGroup;
    this.timeToIdle = request.timeToIdle ?? timeToIdle;
    this.timeToLive = request.timeToLive ?? 0;
    this.agent = request.agent ?? "";
    this.address = request.address ?? "";
  }

  /** When it ends if nobody uses it any more, by `performance.now()`: setting the clock ends no session, nor keeps one. */
  get endsAt(): number {
    const idle = this.timeToIdle > 0 ? this.lastUsed + this.timeToIdle : Number.POSITIVE_INFINITY;
    const live = this.timeToLive > 0 ? this.#begun + this.timeToLive : Number.POSITIVE_INFINITY;
    return Math.min(idle, live);
  }
}

export interface SessionLimits {
  /** Milliseconds a session may idle that asks for nothing else. */
  readonly timeToIdle: number;
  /** Sessions at a time. */
  readonly most: number;
  readonly mostOfUser: number;
}

export class Sessions {
  readonly #accounts: Accounts;
  readonly #byUuid = new Map<string, Session>();
  /** Those that have ended last among them. */
  readonly #byId = new Map<bigint, Session>();
  readonly #ended = new Set<Session>();
  readonly #expired = new Set<string>();
  readonly #endings = new Set<NodeJS.Timeout>();
  readonly #limits: SessionLimits;
  readonly #nextId: () => bigint;
  #timer: NodeJS.Timeout | undefined;
  /** Is told of every new session. */
  readonly onCreated: ((session: Session) => void)[] = [];

  constructor(accounts: Accounts, limits: SessionLimits, nextId: () => bigint) {
    this.#accounts = accounts;
    this.#limits = limits;
    this.#nextId = nextId;
  }

  get all(): Session[] {
    return [...this.#byUuid.values()];
  }

  create(request: SessionRequest): Session {
    this.#sweep();
    this.#checkCount(request.user);
    const session = new Session(this.#nextId(), request, this.#limits.timeToIdle);
    this.#byUuid.set(session.uuid, session);
    this.#byId.set(session.id, session);
    for (const listener of this.onCreated) listener(session);
    this.#schedule();
    return session;
  }

  #checkCount(user: User): void {
    const { most, mostOfUser } = this.#limits;
    const own = this.all.filter((session) => session.user.id === user.id).length;
    if (own < mostOfUser && this.#byUuid.size < most) return;
    const reason = own < mostOfUser ? `More than ${most} sessions` : `More than ${mostOfUser} sessions of one user`;
    throw wrappedCreateSession("ome.conditions.OverUsageException", reason);
  }

  /**
   * The session of a log-in: a new one for a user's name and password, or the one whose uuid is given as both.
   * @param groupName the group to be in, by name or id; "" for the user's own.
   * @throws IceUserException PermissionDenied for wrong credentials; WrappedCreateSession for a group that is none. One
   * that the user is not in is no obstacle here: nothing is allowed in it later.
   */
  logIn(name: string, password: string, groupName: string, agent: string, address: string): Session {
    const joined = name === password ? this.find(name) : undefined;
    if (joined) return joined;
    if (this.#expired.has(name)) throw cannotCreateSession(`Can't find default group for ${name}`);
    const user = this.#accounts.checkPassword(name, password);
    if (!user) throw permissionDenied(`Password check failed for '${name}'`);
    return this.create({ user, group: this.#groupNamed(groupName), agent, address });
  }

  #groupNamed(name: string): Group | undefined {
    if (name === "" || name === "-1") return undefined;
    const group =
      this.#accounts.groupNamed(name) ?? (/^\d+$/.test(name) ? this.#accounts.group(BigInt(name)) : undefined);
    if (!group) throw wrappedCreateSession("ome.conditions.ApiUsageException", `No such group: ${name}`);
    return group;
  }

  /** A session that is alive, or has ended lately. */
  known(id: bigint): Session | undefined {
    return this.#byId.get(id);
  }

  knownIds(): IterableIterator<bigint> {
    return this.#byId.keys();
  }

  /** A session that has not ended. */
  find(uuid: string): Session | undefined {
    const session = this.#byUuid.get(uuid);
    if (session && session.endsAt <= performance.now()) this.#end(session, "expired");
    return this.#byUuid.get(uuid);
  }

  /**
   * Notes that a session is used.
   * @throws IceUserException SessionTimeout or RemovedSession if it has ended.
   */
  touch(session: Session): void {
    if (!session.closed) this.find(session.uuid);
    if (session.closed === "expired") throw serverError("SessionTimeoutException", timedOut(session));
    if (session.closed) throw serverError("RemovedSessionException", "Session was closed");
    session.lastUsed = performance.now();
    session.hitCount++;
  }

  /** One connection less; closes the session with the last one if asked to. */
  detach(session: Session, closeWithLast: boolean): void {
    session.references = Math.max(0, session.references - 1);
    if (!closeWithLast || session.references > 0) return;
    this.#closeSoon(session);
  }

  /** As Glacier2 does it: who joins meanwhile is let in, and finds the session gone. */
  #closeSoon(session: Session): void {
    if (session.ending) return;
    session.ending = true;
    const ending = setTimeout(() => {
      this.#endings.delete(ending);
      this.close(session);
    }, ENDING);
    this.#endings.add(ending);
  }

  close(session: Session): void {
    this.#end(session, "closed");
  }

  closeAll(): void {
    for (const session of this.all) this.close(session);
    for (const ending of this.#endings) clearTimeout(ending);
    clearTimeout(this.#timer);
  }

  /**
   * Changes how long a session may idle or live, in milliseconds.
   * @throws IceUserException SecurityViolation if the asking user may not.
   */
  setTimeouts(session: Session, by: User, timeToIdle: number | undefined, timeToLive: number | undefined): void {
    if (!by.isAdmin && (session.user.id !== by.id || timeToLive !== undefined)) {
      throw securityViolation("Only administrators may set timeToLive, or change sessions of others");
    }
    if (timeToIdle !== undefined) session.timeToIdle = this.allowedIdle(by, timeToIdle);
    session.timeToLive = timeToLive ?? session.timeToLive;
    this.#schedule();
  }

  /**
   * The idle time a user gets who asks for `wanted` milliseconds; 0 asks for ever, which only administrators get.
   * @throws IceUserException SecurityViolation if that is too long.
   */
  allowedIdle(user: User, wanted: number): number {
    if (user.isAdmin) return wanted;
    const limit = this.#limits.timeToIdle * MAXIMUM_IDLE_FACTOR;
    if (wanted > limit) throw securityViolation(`Only administrators may set a timeToIdle over ${limit} ms`);
    return wanted === 0 ? this.#limits.timeToIdle : wanted;
  }

  #end(session: Session, how: "expired" | "closed"): void {
    if (session.closed) return;
    session.closed = how;
    session.ended = Date.now();
    if (how === "expired") this.#remember(session.uuid);
    this.#byUuid.delete(session.uuid);
    this.#keepLast(session);
    for (const listener of session.onClosed.splice(0)) listener();
  }

  /** Moves it to the end of those that have ended. */
  #keepLast(session: Session): void {
    this.#ended.add(session);
    if (this.#ended.size <= REMEMBERED) return;
    const [oldest] = this.#ended;
    this.#ended.delete(oldest!);
    this.#byId.delete(oldest!.id);
  }

  #remember(uuid: string): void {
    this.#expired.add(uuid);
    if (this.#expired.size > REMEMBERED) this.#expired.delete(this.#expired.values().next().value!);
  }

  #sweep(): void {
    const now = performance.now();
    for (const session of this.all) if (session.endsAt <= now) this.#end(session, "expired");
  }

  /** Wakes up when the next session ends, whether or not anybody asks for it. */
  #schedule(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.all.map((session) => session.endsAt));
    if (!Number.isFinite(next)) return;
    const delay = Math.min(Math.max(next - performance.now(), 10), MAXIMUM_DELAY);
    this.#timer = setTimeout(() => {
      this.#sweep();
      this.#schedule();
    }, delay).unref();
  }
}

function timedOut({ started, lastUsed, timeToIdle }: Session): string {
  const idle = performance.now() - lastUsed;
  const times = `started=${written(started)}, last access=${written(Date.now() - idle)}`;
  return `Session (${times}) exceeded timeToIdle (${timeToIdle}) by ${Math.round(idle - timeToIdle)} ms`;
}

function written(time: number): string {
  return new Date(time).toISOString().replace("T", " ").replace("Z", "");
}
