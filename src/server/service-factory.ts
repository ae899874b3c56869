/** `omero::api::ServiceFactory`: the services of one session, as one connection sees it. */

import type { ProxyRef } from "../connect/ice/codec/proxy-ref.js";
import type { Request } from "../connect/ice/schema/omero.js";
import type { Current } from "../connect/ice/serve/served-object.js";
import { CommandHandle } from "./commands/command-handle.js";
import { runRequest } from "./commands/run-request.js";
import { apiUsage, securityViolation } from "./exceptions.js";
import type { LogIn } from "./log-ins.js";
import type { Instance } from "./model/materialize.js";
import { PixelsService } from "./pixels/pixels-service.js";
import { RawPixelsStore } from "./pixels/raw-pixels-store.js";
import { Exporter } from "./rendering/export/exporter.js";
import { ProjectionService } from "./rendering/projection-service.js";
import { RenderingEngine } from "./rendering/rendering-engine.js";
import { RenderingSettingsService } from "./rendering/settings/rendering-settings-service.js";
import { ThumbnailStore } from "./rendering/thumbnail-store.js";
import { LdapService } from "./services/admin/ldap-service.js";
import { RepositoryInfoService } from "./services/admin/repository-info-service.js";
import { AdminService } from "./services/admin-service.js";
import { ConfigService } from "./services/config-service.js";
import { ContainerService } from "./services/container-service.js";
import type { SessionContext } from "./services/context.js";
import { ScriptService } from "./services/finding/script-service.js";
import { Search } from "./services/finding/search.js";
import { ShareService } from "./services/finding/share-service.js";
import { TimelineService } from "./services/finding/timeline-service.js";
import { MetadataService } from "./services/metadata-service.js";
import { QueryService } from "./services/query-service.js";
import { RawFileStore } from "./services/raw-file-store.js";
import { RoiService } from "./services/rois/roi-service.js";
import { SessionService } from "./services/session-service.js";
import { SharedResources } from "./services/shared-resources.js";
import { TypesService } from "./services/types-service.js";
import { UpdateService } from "./services/update-service.js";
import type { SessionObjects } from "./session-objects.js";

type ServiceClass = new (context: SessionContext) => object;

const SERVICES: Record<string, ServiceClass> = {
  "::omero::api::IAdmin": AdminService,
  "::omero::api::IConfig": ConfigService,
  "::omero::api::IContainer": ContainerService,
  "::omero::api::ILdap": LdapService,
  "::omero::api::IMetadata": MetadataService,
  "::omero::api::IPixels": PixelsService,
  "::omero::api::IProjection": ProjectionService,
  "::omero::api::IQuery": QueryService,
  "::omero::api::IRenderingSettings": RenderingSettingsService,
  "::omero::api::IRepositoryInfo": RepositoryInfoService,
  "::omero::api::IRoi": RoiService,
  "::omero::api::IScript": ScriptService,
  "::omero::api::ISession": SessionService,
  "::omero::api::IShare": ShareService,
  "::omero::api::ITimeline": TimelineService,
  "::omero::api::ITypes": TypesService,
  "::omero::api::IUpdate": UpdateService,
  "::omero::grid::SharedResources": SharedResources,
};

interface StatefulService {
  close(current: Current): void | Promise<void>;
  /** Frees what the service holds. */
  release?(): Promise<void>;
}

const STATEFUL: Record<string, new (context: SessionContext) => StatefulService> = {
  "::omero::api::Exporter": Exporter,
  "::omero::api::RawFileStore": RawFileStore,
  "::omero::api::RawPixelsStore": RawPixelsStore,
  "::omero::api::RenderingEngine": RenderingEngine,
  "::omero::api::Search": Search,
  "::omero::api::ThumbnailStore": ThumbnailStore,
};

export class ServiceFactory {
  readonly #context: SessionContext;
  readonly #objects: SessionObjects;
  readonly #logIn: () => LogIn;
  /** Ends this connection's part in the session. */
  readonly #destroy: () => void;

  constructor(context: SessionContext, objects: SessionObjects, logIn: () => LogIn, destroy: () => void) {
    this.#context = context;
    this.#objects = objects;
    this.#logIn = logIn;
    this.#destroy = destroy;
  }

  getAdminService(): ProxyRef {
    return this.#service("::omero::api::IAdmin");
  }

  getConfigService(): ProxyRef {
    return this.#service("::omero::api::IConfig");
  }

  getContainerService(): ProxyRef {
    return this.#service("::omero::api::IContainer");
  }

  getMetadataService(): ProxyRef {
    return this.#service("::omero::api::IMetadata");
  }

  getRoiService(): ProxyRef {
    return this.#service("::omero::api::IRoi");
  }

  getQueryService(): ProxyRef {
    return this.#service("::omero::api::IQuery");
  }

  getSessionService(): ProxyRef {
    return this.#service("::omero::api::ISession");
  }

  getTypesService(): ProxyRef {
    return this.#service("::omero::api::ITypes");
  }

  getUpdateService(): ProxyRef {
    return this.#service("::omero::api::IUpdate");
  }

  sharedResources(): ProxyRef {
    return this.#service("::omero::grid::SharedResources");
  }

  getPixelsService(): ProxyRef {
    return this.#service("::omero::api::IPixels");
  }

  getRenderingSettingsService(): ProxyRef {
    return this.#service("::omero::api::IRenderingSettings");
  }

  getLdapService(): ProxyRef {
    return this.#service("::omero::api::ILdap");
  }

  getProjectionService(): ProxyRef {
    return this.#service("::omero::api::IProjection");
  }

  getRepositoryInfoService(): ProxyRef {
    return this.#service("::omero::api::IRepositoryInfo");
  }

  getScriptService(): ProxyRef {
    return this.#service("::omero::api::IScript");
  }

  getShareService(): ProxyRef {
    return this.#service("::omero::api::IShare");
  }

  getTimelineService(): ProxyRef {
    return this.#service("::omero::api::ITimeline");
  }

  createSearchService(): ProxyRef {
    return this.#create("::omero::api::Search");
  }

  createExporter(): ProxyRef {
    return this.#create("::omero::api::Exporter");
  }

  createRawFileStore(): ProxyRef {
    return this.#create("::omero::api::RawFileStore");
  }

  createRawPixelsStore(): ProxyRef {
    return this.#create("::omero::api::RawPixelsStore");
  }

  createRenderingEngine(): ProxyRef {
    return this.#create("::omero::api::RenderingEngine");
  }

  createThumbnailStore(): ProxyRef {
    return this.#create("::omero::api::ThumbnailStore");
  }

  /** A stateless service by its short name, or an open one with state by the name of its proxy. */
  getByName(name: string): ProxyRef {
    const open = this.#objects.proxyNamed(this.#context.session, name);
    if (open) return open;
    const sliceId = `::${name.replaceAll(".", "::")}`;
    if (sliceId in SERVICES) return this.#service(sliceId);
    throw apiUsage(`No service ${name} on this server`);
  }

  createByName(name: string): ProxyRef {
    const sliceId = `::${name.replaceAll(".", "::")}`;
    if (!Object.hasOwn(STATEFUL, sliceId)) throw apiUsage(`No stateful service ${name} on this server`);
    return this.#create(sliceId);
  }

  activeServices(): string[] {
    return this.#objects.statefulNames(this.#context.session);
  }

  setCallback(): void {}

  subscribe(): void {}

  closeOnDestroy(): void {
    this.#logIn().closeOnDestroy = true;
  }

  detachOnDestroy(): void {
    this.#logIn().closeOnDestroy = false;
  }

  keepAlive(proxy: ProxyRef | null): boolean {
    return proxy !== null && this.#isAlive(proxy);
  }

  /** Bit `i` is set where proxy `i` is alive; all bits where none is asked for. */
  keepAllAlive(proxies: readonly (ProxyRef | null)[]): bigint {
    if (proxies.length === 0) return -1n;
    return proxies.reduce(
      (bits, proxy, index) => (this.keepAlive(proxy) ? bits | (1n << BigInt(index % 63)) : bits),
      0n,
    );
  }

  #isAlive({ identity }: ProxyRef): boolean {
    const { session } = this.#context;
    return identity.name === session.uuid || this.#objects.has(session, identity);
  }

  getSecurityContexts(current: Current): Instance[] {
    const { world, session } = this.#context;
    const groups = world.accounts.groupsOf(session.user);
    return groups.map(({ id }) =>
      this.#context.load(this.#context.access(current), { className: "ExperimenterGroup", id }),
    );
  }

  /** Changes the group of the session; returns the one it was in. */
  setSecurityContext(object: Instance | null, current: Current): Instance {
    const { world, session } = this.#context;
    const open = this.#objects.statefulServices(session);
    if (open.length > 0) {
      const which = `${session.uuid} has active stateful services:\n\n${open.join("\n")}\n`;
      throw securityViolation(`SecurityContext change cancelled:\n${which}`);
    }
    const id = (object?.id as { val: bigint } | null | undefined)?.val;
    if (!object?.iceId.endsWith("ExperimenterGroup") || id === undefined) throw apiUsage("A group is needed");
    if (!world.accounts.group(id) || !(session.user.isAdmin || world.accounts.isMember(session.user, id))) {
      throw securityViolation(`User ${session.user.id} is not a member of group ${id}`);
    }
    const previous = { className: "ExperimenterGroup", id: session.group };
    session.group = id;
    return this.#context.load(this.#context.access(current), previous);
  }

  setSecurityPassword(): void {}

  async submit(request: Request | null, current: Current): Promise<ProxyRef> {
    const started = Date.now();
    const response = await runRequest(this.#context, this.#context.access(current), request);
    const handle = new CommandHandle(this.#context, request, response, started);
    return this.#context.publish("::omero::cmd::Handle", handle, () => {});
  }

  destroy(): void {
    this.#destroy();
  }

  #create(sliceId: string): ProxyRef {
    const Service = STATEFUL[sliceId]!;
    const service = new Service(this.#context);
    return this.#context.publish(sliceId, service, () => service.release?.());
  }

  #service(sliceId: string): ProxyRef {
    const Service = SERVICES[sliceId]!;
    return this.#objects.publishService(this.#context.session, sliceId, new Service(this.#context));
  }
}
