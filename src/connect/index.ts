/** Reaching an OMERO server and staying with it: what other rooms use of connecting. */

export { type ConnectOptions, connectToOmero } from "./connect-to-omero.js";
export { OmeroConnection, type StatefulService } from "./connection.js";
export type { GroupRef } from "./groups.js";
export type { TlsMode } from "./ice/transport/tls-mode.js";
export type { SessionEvents } from "./live-session.js";
export { type ObjectId, toObjectId } from "./object-id.js";
export type { ServiceId } from "./remote/services.js";
export { formatAddress, parseServerAddress, type ServerAddress } from "./server-address.js";
export type { GroupInfo, SessionInfo, UserInfo } from "./session-info.js";
export type { UserSessionOptions } from "./user-session.js";
