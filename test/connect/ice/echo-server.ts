import { createIceClient, type IceClient, type IceClientOptions } from "../../../src/connect/ice/client/ice-client.js";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import type { IConfig, RawFileStore, Router } from "../../../src/connect/ice/schema/omero.js";
import {
  createIceServer,
  type IceListener,
  type IceServer,
  type IceServerOptions,
  type ListenOptions,
} from "../../../src/connect/ice/serve/ice-server.js";
import type { Servant } from "../../../src/connect/ice/serve/served-object.js";

export const CONFIG = { category: "services", name: "config" };
export const RAW_FILE = { category: "services", name: 'raw file/with "signs" ü' };
export const ROUTER = { category: "OMERO.Glacier2", name: "router" };

/** Answers with what it was asked, and in the ways a servant can fail. */
const config: Servant<IConfig> = {
  getConfigValue: (key, current) =>
    JSON.stringify({ key, context: Object.fromEntries(current.context), operation: current.operation }),
  getVersion: () => {
    throw new TypeError("the servant is broken\n    at someFunction (/secret/path/servant.ts:1:2)");
  },
  getDatabaseUuid: () => {
    throw new IceUserException("::omero::ApiUsageException", { message: "not now", serverStackTrace: "at a.b.c" });
  },
  getDatabaseTime: () => {
    throw new IceUserException("::omero::grid::BadName", {});
  },
  getServerTime: () => new Promise(() => {}),
};

export const rawFile: Servant<RawFileStore> = {
  read: (position, length) => new Uint8Array(length).fill(Number(position)),
  write: (bytes, position) => {
    if (bytes.some((byte) => byte !== Number(position))) throw new Error("other bytes than were sent");
  },
};

const router: Servant<Router> = {
  addProxies: () => [],
  createSession: (user, password) => {
    if (password !== "pass") {
      throw new IceUserException("::Glacier2::PermissionDeniedException", { reason: `who is ${user}?` });
    }
    return null;
  },
};

export async function startEchoServer(options: IceServerOptions = {}): Promise<IceServer> {
  const server = await createIceServer(options);
  server.register({ identity: CONFIG, sliceId: "::omero::api::IConfig", servant: config });
  server.register({ identity: RAW_FILE, sliceId: "::omero::api::RawFileStore", servant: rawFile });
  server.register({ identity: ROUTER, sliceId: "::Glacier2::Router", servant: router });
  return server;
}

export interface Link {
  server: IceServer;
  listener: IceListener;
  client: IceClient;
  config: IConfig;
  rawFile: RawFileStore;
  router: Router;
  close(): Promise<void>;
}

/** A server, and a client connected to it. */
export async function startLink(
  listen: ListenOptions = { port: 0 },
  serverOptions: IceServerOptions = {},
  clientOptions: Partial<IceClientOptions> = {},
): Promise<Link> {
  const server = await startEchoServer(serverOptions);
  const listener = await server.listen(listen);
  const { port, transport } = listener;
  const client = await createIceClient({ host: "127.0.0.1", port, transport, ...clientOptions });
  return {
    server,
    listener,
    client,
    config: client.service<IConfig>(server.proxy(CONFIG), "::omero::api::IConfig"),
    rawFile: client.service<RawFileStore>(server.proxy(RAW_FILE), "::omero::api::RawFileStore"),
    router: client.service<Router>(client.router, "::Glacier2::Router"),
    close: async () => {
      await client.destroy();
      await server.close();
    },
  };
}
