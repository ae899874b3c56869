/** The embedded server and connections to it, for tests of what goes over the wire. */
import { connectFrom } from "../../src/connect/connect-to-omero.js";
import type { Surroundings } from "../../src/connect/credentials/credentials.js";
import type { ConnectOptions, OmeroConnection } from "../../src/connect/index.js";
import { type OmeroServer, type ServerOptions, startServer } from "../../src/server/index.js";

/** Nothing to be found anywhere, and nobody to ask. */
export const NOWHERE: Surroundings = { env: {}, home: "/nonexistent", platform: "linux", ask: undefined };

export const USER = { username: "ana", password: "pass-ana" };
export const ADMIN = { username: "root", password: "pass-root" };

/** Ana leads the lab and is in the other group, Ben is in the lab, Cyd in neither; Image 99 is in the other group. */
export function startLabServer(options: ServerOptions = {}): Promise<OmeroServer> {
  return startServer(labOptions(options));
}

/** What the lab's server is like, where options do not say otherwise. */
export function labOptions(options: ServerOptions = {}): ServerOptions {
  return {
    tables: "memory",
    failedLoginDelay: 0,
    groups: [
      { name: "lab", permissions: "rwra--" },
      { name: "other", permissions: "rwrw--" },
      { name: "third", permissions: "rw----" },
    ],
    users: [
      { name: "ana", password: USER.password, groups: [{ name: "lab", leader: true }, "other"], fullName: "Ana Lund" },
      { name: "ben", password: "pass-ben", groups: ["lab"] },
      { name: "cyd", password: "pass-cyd", groups: ["third"] },
      { name: ADMIN.username, password: ADMIN.password },
    ],
    objects: [
      { type: "Image", id: 1 },
      { type: "Image", id: 99, group: "other" },
    ],
    ...options,
  };
}

export function connectPlain(
  server: Pick<OmeroServer, "port">,
  options: ConnectOptions = {},
): Promise<OmeroConnection> {
  const login = options.sessionKey === undefined ? USER : {};
  return connectFrom(NOWHERE, { server: `tcp://127.0.0.1:${server.port}`, ...login, ...options });
}

export function connectSecurely(server: OmeroServer, options: ConnectOptions = {}): Promise<OmeroConnection> {
  return connectFrom(NOWHERE, { server: `127.0.0.1:${server.tlsPort}`, ...USER, ...options });
}

/** What has happened to a connection. */
export function eventsOf(connection: OmeroConnection): string[] {
  const events: string[] = [];
  connection.on("lost", () => events.push("lost"));
  connection.on("reconnected", ({ newSession }) => events.push(newSession ? "new session" : "joined again"));
  connection.on("closed", () => events.push("closed"));
  return events;
}
