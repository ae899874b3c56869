/** An OMERO.tables server in one process, for tests, demonstrations and work without a network. */
export type { ServerTls } from "../connect/ice/serve/tls-server.js";
export type {
  AnnotationSummary,
  FileSummary,
  LinkSummary,
  ObjectSummary,
  ServerContents,
  SessionSummary,
} from "./contents.js";
export type { GroupOptions, LogEntry, ObjectOptions, ServedCall, ServerOptions, UserOptions } from "./options.js";
export { type OmeroServer, startServer } from "./server.js";
export type { WebOptions } from "./web/web-options.js";
export type { WebAddress } from "./web/web-server.js";
export type { UserLimits } from "./world/user-limits.js";
