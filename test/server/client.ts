/** A plain client of the wire, for tests of what the server answers. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createIceClient, type IceClient } from "../../src/connect/ice/client/ice-client.js";
import type { ProxyRef } from "../../src/connect/ice/codec/proxy-ref.js";
import type {
  EventContext,
  Handle,
  IAdmin,
  IConfig,
  IObject,
  IQuery,
  ISession,
  ITypes,
  IUpdate,
  OriginalFile,
  RawFileStore,
  Request,
  Response,
  Router,
  ServiceFactory,
  SharedResources,
  Status,
  Table,
} from "../../src/connect/ice/schema/omero.js";

/** Where a server is. */
export interface ServerPorts {
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
}

export interface LogInOptions {
  readonly user?: string;
  readonly password?: string;
  readonly tls?: boolean;
  readonly context?: Record<string, string>;
}

/** One connection that is logged in, with the services of its session. */
export class TestClient implements AsyncDisposable {
  readonly ice: IceClient;
  readonly router: Router;
  readonly factory: ServiceFactory;
  readonly factoryProxy: ProxyRef;

  private constructor(ice: IceClient, router: Router, factoryProxy: ProxyRef) {
    this.ice = ice;
    this.router = router;
    this.factoryProxy = factoryProxy;
    this.factory = ice.service<ServiceFactory>(factoryProxy, "::omero::api::ServiceFactory");
  }

  static async logIn(server: ServerPorts, options: LogInOptions = {}): Promise<TestClient> {
    const { user = "user", password = "pass", tls = false, context = {} } = options;
    const ice = await connect(server, tls);
    const router = routerOf(ice);
    ice.setContext("omero.client.uuid", randomUUID());
    try {
      const session = await router.createSession(user, password, { context });
      return new TestClient(ice, router, session!);
    } catch (error) {
      await ice.destroy();
      throw error;
    }
  }

  get sessionUuid(): string {
    return this.factoryProxy.identity.name;
  }

  async query(): Promise<IQuery> {
    return this.ice.service((await this.factory.getQueryService())!, "::omero::api::IQuery");
  }

  async update(): Promise<IUpdate> {
    return this.ice.service((await this.factory.getUpdateService())!, "::omero::api::IUpdate");
  }

  async admin(): Promise<IAdmin> {
    return this.ice.service((await this.factory.getAdminService())!, "::omero::api::IAdmin");
  }

  async eventContext(): Promise<EventContext> {
    return (await (await this.admin()).getEventContext())!;
  }

  async config(): Promise<IConfig> {
    return this.ice.service((await this.factory.getConfigService())!, "::omero::api::IConfig");
  }

  async types(): Promise<ITypes> {
    return this.ice.service((await this.factory.getTypesService())!, "::omero::api::ITypes");
  }

  async sessions(): Promise<ISession> {
    return this.ice.service((await this.factory.getSessionService())!, "::omero::api::ISession");
  }

  async resources(): Promise<SharedResources> {
    return this.ice.service((await this.factory.sharedResources())!, "::omero::grid::SharedResources");
  }

  async rawFileStore(): Promise<RawFileStore> {
    return this.ice.service((await this.factory.createRawFileStore())!, "::omero::api::RawFileStore");
  }

  async newTable(name = "table", context: Record<string, string> = {}): Promise<Table> {
    return this.table((await (await this.resources()).newTable(1n, name, { context }))!);
  }

  async openTable(file: OriginalFile | bigint, context: Record<string, string> = {}): Promise<Table> {
    const reference = typeof file === "bigint" ? unloaded<OriginalFile>("OriginalFile", file) : file;
    return this.table((await (await this.resources()).openTable(reference, { context }))!);
  }

  table(proxy: ProxyRef): Table {
    return this.ice.service(proxy, "::omero::grid::Table");
  }

  /** Submits a request and returns its response. */
  async submit(request: object): Promise<Response> {
    return (await this.submitted(request)).response;
  }

  async submitted(request: object): Promise<{ response: Response; status: Status }> {
    const handle = this.ice.service<Handle>((await this.factory.submit(request as Request))!, "::omero::cmd::Handle");
    // There is no answer until it is done.
    const done = await pollUntilDone(handle);
    const status = await handle.getStatus();
    await handle.close();
    return { response: done, status: status! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.ice.connected) await this.router.destroySession().catch(() => {});
    await this.ice.destroy();
  }
}

/** In bytes: more than any server takes, so that it is the server that refuses. */
const MESSAGE_SIZE_MAX = 2 ** 29;

async function pollUntilDone(handle: Handle): Promise<Response> {
  for (;;) {
    const response = await handle.getResponse();
    if (response) return response;
    await sleep(20);
  }
}

export function connect(server: ServerPorts, tls = false): Promise<IceClient> {
  return createIceClient({
    host: server.host,
    port: tls ? server.tlsPort : server.port,
    transport: tls ? "ssl" : "tcp",
    messageSizeMax: MESSAGE_SIZE_MAX,
  });
}

export function routerOf(ice: IceClient): Router {
  return ice.service(ice.router, "::Glacier2::Router");
}

/** An object that only says which it is. */
export function unloaded<T extends IObject>(className: string, id: bigint): T {
  return { iceId: `::omero::model::${className}`, id: { iceId: "::omero::RLong", val: id }, loaded: false } as never;
}

export function text(val: string) {
  return { iceId: "::omero::RString", val };
}

/** The value in an rtype, or null. */
export function contentOf(rtype: unknown): unknown {
  return (rtype as { val: unknown } | null)?.val ?? null;
}
