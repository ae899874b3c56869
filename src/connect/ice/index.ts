/** The wire: what other rooms use of Ice. */

export { createIceClient, type IceClient, type IceClientOptions } from "./client/ice-client.js";
export type { CallOptions, RawReply } from "./client/invoke.js";
export { proxyOf, serviceProxy } from "./client/service-proxy.js";
export {
  type ColumnInstance,
  columnFields,
  emptyColumns,
  fromColumnBatch,
  toColumnBatch,
  toRowNumbers,
} from "./codec/columns.js";
export { IceUserException } from "./codec/ice-exception.js";
export type { Identity, ProxyCodec, ProxyRef } from "./codec/proxy-ref.js";
export { createInstance, isInstanceOf } from "./schema/instance.js";
export type * as omero from "./schema/omero.js";
export {
  createIceServer,
  type IceListener,
  type IceServer,
  type IceServerOptions,
  type ListenOptions,
} from "./serve/ice-server.js";
export type { Current, Servant, ServedObject } from "./serve/served-object.js";
export type { ClientConnection } from "./serve/server-connection.js";
export type { ServerTls } from "./serve/tls-server.js";
export type { Transport } from "./transport/byte-channel.js";
export { DEFAULT_MESSAGE_SIZE_MAX } from "./transport/communicator.js";
export type { TlsMode } from "./transport/tls-mode.js";
