/** The server a function works with: an open connection, or a new one for its time. */
import { ArgumentError } from "../errors.js";
import { type OptionNames, pickOptions } from "../flow/options.js";
import { CONNECT_OPTIONS, type ConnectOptions, connectToOmero } from "./connect-to-omero.js";
import type { OmeroConnection } from "./connection.js";

/** An open `connection`, which stays open, or the options of `connectToOmero`. */
export interface ConnectionOption extends ConnectOptions {
  /** An open connection to use; it stays open. */
  readonly connection?: OmeroConnection | undefined;
}

/** The names of {@link ConnectionOption}, to be spread into those of functions that take them. */
export const CONNECTION_OPTIONS: OptionNames<ConnectionOption> = { ...CONNECT_OPTIONS, connection: true };

/** A connection, and how to let go of it. */
export interface UsedConnection {
  readonly connection: OmeroConnection;
  /** Closes the connection if it was made for this use. */
  release(): Promise<void>;
}

const LOGIN_OPTIONS = ["server", "port", "username", "password", "sessionKey"] as const;

/** @throws ArgumentError `INVALID_ARGUMENT` where a connection is given together with how to log in. */
export function checkConnectionOption(options: ConnectionOption): void {
  const extra = LOGIN_OPTIONS.find((name) => options[name] !== undefined);
  if (options.connection === undefined || extra === undefined) return;
  const message = `connection and ${extra} are both given; a connection needs no ${extra}`;
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

/** The options with a connection that was made by them in place of how to log in. */
export function through<Options extends ConnectionOption>(
  connection: OmeroConnection,
  options: Options,
): Options & { readonly connection: OmeroConnection } {
  const none = Object.fromEntries(LOGIN_OPTIONS.map((name) => [name, undefined]));
  return { ...options, ...none, connection };
}

export async function useConnection(options: ConnectionOption): Promise<UsedConnection> {
  checkConnectionOption(options);
  const { connection } = options;
  if (connection !== undefined) return { connection, release: async () => {} };
  const made = await connectToOmero(pickOptions<ConnectOptions>(options, CONNECT_OPTIONS));
  return { connection: made, release: () => made.close() };
}

/** Runs `use` with the connection and lets go of it, however that ends. */
export async function withConnection<T>(
  options: ConnectionOption,
  use: (connection: OmeroConnection) => Promise<T>,
): Promise<T> {
  const { connection, release } = await useConnection(options);
  try {
    return await use(connection);
  } finally {
    await release();
  }
}
