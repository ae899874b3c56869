/** What the rooms above use of a connection besides its public members. */
import type { RemoteObject } from "./remote-object.js";
import type { SessionServices } from "./services.js";

export interface RemoteAccess {
  readonly services: SessionServices;
  /** A remote object as an object with its operations, in the connection's group or with a context given. */
  service<T>(remote: RemoteObject, context?: Readonly<Record<string, string>> | undefined): T;
  /** Gets an object that will be called soon, meanwhile. If that fails, so will the call. */
  prepare(remote: RemoteObject): void;
  /**
   * Closes a remote object, after the calls before. Returns why that failed, if it did.
   * @param written whether its content was changed.
   */
  close(remote: RemoteObject, written?: boolean): Promise<unknown>;
}

const accesses = new WeakMap<object, RemoteAccess>();

export function grantRemoteAccess(connection: object, access: RemoteAccess): void {
  accesses.set(connection, access);
}

export function remoteAccess(connection: object): RemoteAccess {
  return accesses.get(connection)!;
}
