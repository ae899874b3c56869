/** The remote objects of sessions, and the guard before each of their operations. */
import { randomUUID } from "node:crypto";
import { IceUserException } from "../connect/ice/codec/ice-exception.js";
import type { Identity, ProxyRef } from "../connect/ice/codec/proxy-ref.js";
import { isStateful } from "../connect/ice/schema/service-getters.js";
import type { IceServer } from "../connect/ice/serve/ice-server.js";
import type { Current, ServedObject } from "../connect/ice/serve/served-object.js";
import { ArgumentError, DataError, OmeroError, WireError } from "../errors.js";
import { apiUsage, internal, serverError, UndeclaredException, validation } from "./exceptions.js";
import type { LogEntry, ServedCall } from "./options.js";
import type { CallTurn, StatefulCalls } from "./stateful-calls.js";
import type { User } from "./world/account-records.js";
import { duringCall, RunningCall } from "./world/events/running-call.js";
import type { Session } from "./world/sessions.js";
import type { World } from "./world/world.js";

const SERVICE_FACTORY = "::omero::api::ServiceFactory";
/** Most bytes of parameters that are read at once, by service: all else waits meanwhile. */
const USUAL_REQUEST_SIZE = 2 << 20;
const REQUEST_SIZES: Readonly<Record<string, number>> = {
  "::omero::grid::Table": Number.POSITIVE_INFINITY,
  "::omero::api::RawFileStore": Number.POSITIVE_INFINITY,
  "::omero::api::RawPixelsStore": Number.POSITIVE_INFINITY,
  "::omero::api::IUpdate": 16 << 20,
};

export interface ServerHooks {
  /** Runs before each operation; what it throws, the client gets. */
  readonly beforeCall?: ((call: ServedCall) => void | Promise<void>) | undefined;
  readonly log: (entry: LogEntry) => void;
  readonly statefulCalls: StatefulCalls;
  /** The server's directory, which clients are not told of. */
  readonly directory: string;
}

interface SessionObject {
  readonly object: ServedObject;
  /** Frees what the servant holds. */
  readonly release: (() => void | Promise<void>) | undefined;
}

export class SessionObjects {
  readonly #ice: IceServer;
  readonly #world: World;
  readonly #hooks: ServerHooks;
  /** By session, then by name. */
  readonly #objects = new Map<Session, Map<string, SessionObject>>();

  constructor(ice: IceServer, world: World, hooks: ServerHooks) {
    this.#ice = ice;
    this.#world = world;
    this.#hooks = hooks;
  }

  /** Offers the one object of a service without state, or the one of that name. */
  publishService(session: Session, sliceId: string, servant: object, name = sliceId.replaceAll("::", ".")): ProxyRef {
    const identity = { name, category: session.uuid };
    if (!this.has(session, identity)) this.#add(session, identity, sliceId, servant, undefined);
    return this.#ice.proxy(identity);
  }

  /** Offers an object with a state; `release` is called when it is withdrawn or the session ends. */
  publish(session: Session, sliceId: string, servant: object, release: () => void | Promise<void>): ProxyRef {
    // The session may have ended while the object was made.
    if (session.closed) throw serverError("RemovedSessionException", "The session has ended");
    const { services } = this.#world.userLimits;
    if (this.#countOf(session.user) >= services) throw apiUsage(`More than ${services} services are open: close some`);
    const identity = { name: `${randomUUID()}${sliceId.replaceAll("::", ".")}`, category: session.uuid };
    this.#add(session, identity, sliceId, servant, release);
    return this.#ice.proxy(identity);
  }

  /** Objects in all sessions of a user. */
  #countOf({ id }: User): number {
    let count = 0;
    for (const [{ user }, objects] of this.#objects) if (user.id === id) count += objects.size;
    return count;
  }

  #add(
    session: Session,
    identity: Identity,
    sliceId: string,
    servant: object,
    release: SessionObject["release"],
  ): void {
    const object = {
      identity,
      sliceId,
      servant: this.guard(session, sliceId, servant),
      requestSizeMax: REQUEST_SIZES[sliceId] ?? USUAL_REQUEST_SIZE,
    };
    this.#objects.set(session, this.#of(session).set(identity.name, { object, release }));
  }

  /** The servant, with every operation marking the session as used, or refused if it has ended. */
  guard(session: Session | undefined, sliceId: string, servant: object): object {
    const turn = isStateful(sliceId) ? this.#hooks.statefulCalls.turn() : inAnyOrder;
    return new Proxy(servant, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function" || typeof name !== "string") return method;
        return (...args: unknown[]) =>
          this.#call(session, { operation: name, service: sliceId, user: session?.user.name }, turn, () => {
            const run = (): unknown => Reflect.apply(method, target, args);
            return session ? duringCall(new RunningCall(session, contextOf(name, args)), run) : run();
          });
      },
    });
  }

  async #call(session: Session | undefined, call: ServedCall, turn: CallTurn, run: () => unknown): Promise<unknown> {
    const name = `${call.service.split("::").at(-1)}.${call.operation}`;
    try {
      if (session) this.#touch(session, call);
      const { file } = this.#world;
      const { failures } = file;
      const result = await turn(async () => {
        if (this.#hooks.beforeCall) await this.#hooks.beforeCall(call);
        return run();
      });
      // What a client is told of is on the disk before it is told.
      await file.save(failures);
      this.#hooks.log({ level: "debug", message: name });
      return result;
    } catch (error) {
      if (error instanceof UndeclaredException) throw error;
      if (error instanceof WireError || (error instanceof OmeroError && error.code === "NO_SUCH_OBJECT")) throw error;
      const exception = error instanceof IceUserException ? error : this.#exceptionFor(error);
      const known = error instanceof IceUserException || error instanceof OmeroError || isOverflow(error);
      const level = known ? "info" : "error";
      this.#hooks.log({ level, message: `${name}: ${exception.message}` });
      // The router declares none of OMERO's exceptions.
      throw session ? exception : error;
    }
  }

  /** Asked for its services, the ServiceFactory of a Java server declares no exception for a session that idled out. */
  #touch(session: Session, { service, operation }: ServedCall): void {
    try {
      this.#world.sessions.touch(session);
    } catch (error) {
      const isDeclared = service !== SERVICE_FACTORY || operation.startsWith("keep");
      if (isDeclared || session.closed !== "expired") throw error;
      throw new UndeclaredException(`ome.conditions.SessionTimeoutException: ${(error as Error).message}`);
    }
  }

  /** What a client is told of an error: which of its arguments cannot work, or that the server failed. */
  #exceptionFor(error: unknown): IceUserException {
    const message = describe(error).replaceAll(this.#hooks.directory, "");
    if (error instanceof ArgumentError) return apiUsage(message);
    if (isOverflow(error)) return apiUsage("What was sent is nested too deeply, or contains itself");
    return error instanceof DataError ? validation(message) : internal(message);
  }

  /** The object a call is for, if the session owns it. */
  find(session: Session, { identity }: Pick<Current, "identity">): ServedObject | undefined {
    return identity.category === session.uuid ? this.#of(session).get(identity.name)?.object : undefined;
  }

  has(session: Session, identity: Identity): boolean {
    return this.find(session, { identity }) !== undefined;
  }

  /** Names of the objects with a state. */
  statefulNames(session: Session): string[] {
    return [...this.#of(session).values()].filter(({ release }) => release).map(({ object }) => object.identity.name);
  }

  /** Names of those that take one call at a time. */
  statefulServices(session: Session): string[] {
    return [...this.#of(session).values()]
      .filter(({ object }) => isStateful(object.sliceId))
      .map(({ object }) => object.identity.name);
  }

  proxyNamed(session: Session, name: string): ProxyRef | undefined {
    const identity = { name, category: session.uuid };
    return this.has(session, identity) ? this.#ice.proxy(identity) : undefined;
  }

  /** No longer offers an object. Frees nothing: the servant has done that itself. */
  withdraw(session: Session, { name }: Identity): void {
    this.#objects.get(session)?.delete(name);
  }

  /** Frees what a session's objects hold. They stay, to say that the session has ended, until {@link forget}. */
  release(session: Session): Promise<void> {
    return duringCall(new RunningCall(session), () => this.#release(session));
  }

  async #release(session: Session): Promise<void> {
    for (const { release, object } of this.#of(session).values()) {
      try {
        await release?.();
      } catch (error) {
        this.#hooks.log({ level: "error", message: `releasing ${object.sliceId}: ${describe(error)}` });
      }
    }
  }

  forget(session: Session): void {
    this.#objects.delete(session);
  }

  #of(session: Session): Map<string, SessionObject> {
    return this.#objects.get(session) ?? new Map();
  }
}

/** Of a call, whose parameters end with what else is known of it. What is submitted is done in the session's group. */
function contextOf(operation: string, args: readonly unknown[]): ReadonlyMap<string, string> | undefined {
  return operation === "submit" ? undefined : (args.at(-1) as Partial<Current> | null | undefined)?.context;
}

const inAnyOrder: CallTurn = (action) => action();

/** Objects refer to each other over as many steps as their sender likes. */
function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
