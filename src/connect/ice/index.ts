/** The wire: what other rooms use of Ice. */
export type { Transport } from "./byte-channel.js";
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
export { DEFAULT_MESSAGE_SIZE_MAX } from "./communicator.js";
export {
  createIceServer,
  type IceListener,
  type IceServer,
  type IceServerOptions,
  type ListenOptions,
} from "./ice-server.js";
export { createInstance, isInstanceOf } from "./schema/instance.js";
export type * as omero from "./schema/omero.js";
export type { Current, Servant, ServedObject } from "./served-object.js";
export type { ClientConnection } from "./server-connection.js";
export type { TlsMode } from "./tls-mode.js";
export type { ServerTls } from "./tls-server.js";
