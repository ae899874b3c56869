import type { IceConnection, IceRuntime } from "./ice-runtime.js";

const STATE_CLOSED = 5;

let guarded: IceRuntime["ConnectionI"] | undefined;

/**
 * Ice's connection, which closes itself on any failure to handle a message (memory that cannot be had for a declared
 * size, bytes that are no UTF-8), where Ice's own would let the error end the process.
 */
export function guardedConnectionClass(ice: IceRuntime): IceRuntime["ConnectionI"] {
  guarded ??= class GuardedConnection extends ice.ConnectionI {
    override message(operation: number): void {
      try {
        super.message(operation);
      } catch (error) {
        closeConnection(ice, this, error);
      }
    }
  };
  return guarded;
}

/** Closes a connection at once; requests in flight on it fail with `error`. */
export function closeConnection(ice: IceRuntime, connection: IceConnection, error: unknown): void {
  const reason =
    error instanceof ice.LocalException ? error : new ice.MarshalException(String((error as Error)?.message ?? error));
  connection.setState(STATE_CLOSED, reason);
}
