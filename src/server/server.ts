/** The embedded OMERO.tables server: log-in, objects, files and tables in one process. */

import { createIceServer, type IceListener, type IceServer } from "../connect/ice/serve/ice-server.js";
import type { Current } from "../connect/ice/serve/served-object.js";
import { Chance } from "./chance.js";
import { listContents, type ServerContents } from "./contents.js";
import { UndeclaredException } from "./exceptions.js";
import { LogIns } from "./log-ins.js";
import { loggable } from "./log-text.js";
import { checkServerOptions, isLoopback, type LogEntry, type ServedCall, type ServerOptions } from "./options.js";
import { ownCertificate } from "./own-certificate.js";
import { addStandardTables } from "./rendering/lookup-table-files.js";
import { ROUTER_IDENTITY, ROUTER_SLICE_ID, Router } from "./router.js";
import { ServiceFactory } from "./service-factory.js";
import { SessionContext } from "./services/context.js";
import { SessionObjects } from "./session-objects.js";
import { StatefulCalls } from "./stateful-calls.js";
import { Hdf5TableStorage } from "./tables/hdf5-storage.js";
import { MemoryTableStorage } from "./tables/memory-storage.js";
import { webSetting } from "./web/web-options.js";
import { type WebAddress, WebServer } from "./web/web-server.js";
import { claimDirectory, type ServerDirectory } from "./world/disk/server-directory.js";
import { seed } from "./world/seed.js";
import type { Session } from "./world/sessions.js";
import { World } from "./world/world.js";

/** A running server. */
export interface OmeroServer extends AsyncDisposable {
  /** Address it listens on. */
  readonly host: string;
  /** Port for plain tcp; 0 where there is none. */
  readonly port: number;
  /** Port for TLS. */
  readonly tlsPort: number;
  /** Where the web server is, if there is one. */
  readonly web: WebAddress | undefined;
  /** Where objects, files and tables are kept. */
  readonly directory: string;
  /** What the server holds at the moment. */
  contents(): Promise<ServerContents>;
  /** Ends all connections at once, in the middle of whatever they do; clients may connect again. */
  dropConnections(): void;
  /** Stops as if the process had been killed: at once, with nothing finished. */
  kill(): Promise<void>;
  /** Ends all connections and sessions, and saves; rejects with the system's error if that fails. May be called again. */
  close(): Promise<void>;
}

/** Largest message taken before log-in, in bytes. */
const STRANGER_SIZE_MAX = 64 * 1024;
const FAILED_LOGIN_DELAY = 3_000;
const DEFAULT_MESSAGE_SIZE_MAX = 64 << 20;
const DEFAULT_IDLE_TIMEOUT = 600_000;
const DEFAULT_LOGIN_TIMEOUT = 60_000;
const DEFAULT_MAX_SESSIONS = 10_000;
const DEFAULT_WEB_CONNECTIONS = 1_000;

/**
 * Starts a server.
 * @throws ArgumentError `INVALID_ARGUMENT` for options that cannot be; the system's error (`EADDRINUSE`) for a port.
 *
 * @example
 * ```ts
 * await using server = await startServer({ directory: "tables" });
 * console.log(server.host, server.tlsPort); // user "user", password "pass"
 * ```
 */
export async function startServer(options: ServerOptions = {}): Promise<OmeroServer> {
  checkServerOptions(options);
  const directory = await claimDirectory(options.directory);
  try {
    return await startIn(directory, options);
  } catch (error) {
    await directory.release();
    throw error;
  }
}

async function startIn(directory: ServerDirectory, options: ServerOptions): Promise<OmeroServer> {
  const web = webSetting(options.web, options.tls);
  const world = await World.load({
    directory: directory.path,
    isTemporary: options.directory === undefined,
    arrayFolders: web?.arrays ?? [],
    storage: (files) =>
      options.tables === "memory" ? new MemoryTableStorage(options.memoryTableBytes) : new Hdf5TableStorage(files),
    idleTimeout: options.idleTimeout ?? DEFAULT_IDLE_TIMEOUT,
    maximumSessions: options.maxSessions ?? DEFAULT_MAX_SESSIONS,
    userLimits: options.userLimits,
    optimisticLocks: options.optimisticLocks ?? false,
  });
  try {
    seed(world, options);
    if (options.lookupTables) await addStandardTables(world);
    await world.file.save();
    const server = await EmbeddedServer.create(options, world, directory);
    await server.listen();
    for (const path of world.setAside) {
      options.log?.({ level: "warning", message: `content of no object was found, and moved to ${path}` });
    }
    return server;
  } catch (error) {
    await world.abandon();
    throw error;
  }
}

class EmbeddedServer implements OmeroServer {
  readonly host: string;
  readonly #options: ServerOptions;
  readonly #world: World;
  readonly #directory: ServerDirectory;
  readonly #ice: IceServer;
  readonly #objects: SessionObjects;
  readonly #statefulCalls: StatefulCalls;
  readonly #logIns: LogIns;
  readonly #listeners = new Map<"tcp" | "ssl", IceListener>();
  #web: WebServer | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: ServerOptions, world: World, directory: ServerDirectory, ice: IceServer) {
    this.host = options.host ?? "127.0.0.1";
    this.#options = options;
    this.#world = world;
    this.#directory = directory;
    this.#ice = ice;
    this.#statefulCalls = new StatefulCalls(new Chance(options.seed ?? 1));
    this.#objects = new SessionObjects(ice, world, {
      statefulCalls: this.#statefulCalls,
      log: (entry) => this.#log(entry),
      directory: directory.path,
      beforeCall: options.latency || options.beforeCall ? (call) => this.#beforeCall(call) : undefined,
    });
    this.#logIns = new LogIns(world, this.#objects);
    world.sessions.onCreated.push((session) => this.#logIns.watch(session));
  }

  static async create(options: ServerOptions, world: World, directory: ServerDirectory): Promise<EmbeddedServer> {
    const { maxConnections, requestBytes, loginTimeout = DEFAULT_LOGIN_TIMEOUT } = options;
    const ice = await createIceServer({
      strangerSizeMax: STRANGER_SIZE_MAX,
      strangerTimeout: loginTimeout,
      messageSizeMax: options.messageSizeMax ?? DEFAULT_MESSAGE_SIZE_MAX,
      ...(maxConnections !== undefined && { maxConnections }),
      ...(requestBytes !== undefined && { requestBytes }),
      resolve: (current, registered) => registered ?? server.#logIns.resolve(current),
      onConnection: ({ peer, transport }) =>
        server.#log({ level: "debug", message: `${transport} connection ${peer}` }),
      onServantError: (error, { operation }) =>
        server.#log({
          level: error instanceof UndeclaredException ? "info" : "error",
          message: `${operation}: ${error}`,
        }),
    });
    const server: EmbeddedServer = new EmbeddedServer(options, world, directory, ice);
    return server;
  }

  async listen(): Promise<void> {
    const { port = isLoopback(this.#options.host) ? 0 : false, tlsPort = 0 } = this.#options;
    const tls = this.#options.tls ?? { ...(await ownCertificate(this.directory)), anonymous: true };
    try {
      if (port !== false) this.#listeners.set("tcp", await this.#ice.listen({ host: this.host, port }));
      this.#listeners.set("ssl", await this.#ice.listen({ host: this.host, port: tlsPort, tls }));
      this.#web = await this.#listenToWeb();
    } catch (error) {
      await this.#ice.close();
      throw error;
    }
    const router = new Router({
      world: this.#world,
      logIns: this.#logIns,
      failedLoginDelay: this.#options.failedLoginDelay ?? FAILED_LOGIN_DELAY,
      proxy: (identity, current) =>
        this.#ice.proxy(identity, current && this.#listeners.get(current.connection.transport)),
      makeFactory: (session, identity, logIn) => ({
        identity,
        sliceId: "::omero::api::ServiceFactory",
        servant: this.#objects.guard(session, "::omero::api::ServiceFactory", this.#factory(session, logIn)),
      }),
    });
    const servant = this.#objects.guard(undefined, ROUTER_SLICE_ID, router);
    this.#ice.register({ identity: ROUTER_IDENTITY, sliceId: ROUTER_SLICE_ID, servant });
  }

  async #listenToWeb(): Promise<WebServer | undefined> {
    const { web, tls, maxConnections = DEFAULT_WEB_CONNECTIONS } = this.#options;
    const setting = webSetting(web, tls);
    if (!setting) return undefined;
    return WebServer.listen(this.host, setting, this.#world, { maxConnections, log: (entry) => this.#log(entry) });
  }

  #factory(session: Session, logIn: () => ReturnType<LogIns["get"]> & object): ServiceFactory {
    const context = new SessionContext(this.#world, session, {
      publish: (sliceId, servant, release) => this.#objects.publish(session, sliceId, servant, release),
      offer: (name, sliceId, servant) => this.#objects.publishService(session, sliceId, servant, name),
      withdraw: ({ identity }: Current) => this.#objects.withdraw(session, identity),
      configuration: this.#configuration,
      messageSizeMax: this.#options.messageSizeMax ?? DEFAULT_MESSAGE_SIZE_MAX,
    });
    return new ServiceFactory(context, this.#objects, logIn, () => this.#logIns.end(logIn()));
  }

  /** Clients that want to leave TLS, or come back to it, ask where. The host is theirs to fill in. */
  get #configuration(): ReadonlyMap<string, string> {
    const router = `${ROUTER_IDENTITY.category}/${ROUTER_IDENTITY.name}`;
    return new Map([
      ...(this.port === 0 ? [] : [["omero.router.insecure", `${router}:tcp -p ${this.port} -h @omero.host@`] as const]),
      ["omero.router.secure", `${router}:ssl -p ${this.tlsPort} -h @omero.host@`],
      ["omero.sessions.timeout", String(this.#options.idleTimeout ?? DEFAULT_IDLE_TIMEOUT)],
      ["omero.client.web.host", ""],
    ]);
  }

  get port(): number {
    return this.#listeners.get("tcp")?.port ?? 0;
  }

  get tlsPort(): number {
    return this.#listeners.get("ssl")!.port;
  }

  get web(): WebAddress | undefined {
    if (!this.#web) return undefined;
    const { port, url, prefix } = this.#web;
    return { port, url, prefix };
  }

  get directory(): string {
    return this.#directory.path;
  }

  contents(): Promise<ServerContents> {
    return listContents(this.#world, this.#objects, {
      connections: this.#ice.connections.size,
      mostStatefulCalls: this.#statefulCalls.most,
    });
  }

  dropConnections(): void {
    this.#web?.dropConnections();
    for (const connection of [...this.#ice.connections]) connection.abort();
  }

  kill(): Promise<void> {
    this.#closing ??= this.#kill();
    return this.#closing;
  }

  async #kill(): Promise<void> {
    await this.#world.abandon();
    await this.#web?.close();
    this.dropConnections();
    await this.#ice.close();
    await this.#directory.release();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#web?.close();
    try {
      await this.#ice.close();
      await this.#world.close();
      await this.#logIns.released();
      await this.#world.file.save();
    } finally {
      // A full disk, for example, must not keep the next server out.
      await this.#world.file.abandon();
      await this.#directory.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #beforeCall(call: ServedCall): Promise<void> {
    const { latency = 0, beforeCall } = this.#options;
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
    await beforeCall?.(call);
  }

  #log(entry: LogEntry): void {
    this.#options.log?.({ ...entry, message: loggable(entry.message) });
  }
}
