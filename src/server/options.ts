/** What an embedded server can be told. */

import type { ServerTls } from "../connect/ice/serve/tls-server.js";
import { ArgumentError } from "../errors.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import type { WebOptions } from "./web/web-options.js";
import { type UserLimits, userLimits } from "./world/user-limits.js";

/** What a server is to be like. */
export interface ServerOptions {
  /**
   * Plain TCP port; 0 for any free one; false for none, as whoever is on the way can read passwords there. Default 0 on
   * this machine's own addresses, else false.
   */
  readonly port?: number | false;
  /** TLS port; 0 (default) for any free one. */
  readonly tlsPort?: number;
  /** Address to listen on. Default "127.0.0.1": this machine only. */
  readonly host?: string;
  /** Who can log in. Default: user "user" with password "pass" in group "lab". */
  readonly users?: readonly UserOptions[];
  /** Groups, where users' groups are not to be read-only ones. */
  readonly groups?: readonly GroupOptions[];
  /**
   * Objects that are there from the start, in a directory that holds none yet. Default: Images 1-20, Datasets 1-3,
   * Project, Screen and Plate 1, Wells and Rois 1-4 of the first user's.
   */
  readonly objects?: readonly ObjectOptions[];
  /** Where objects, files and tables are kept. Default: a temporary directory that goes with the server. */
  readonly directory?: string;
  /** Milliseconds a session may idle. Default 600,000. */
  readonly idleTimeout?: number;
  /** Milliseconds in which a client that has connected, or has logged out, must log in. Default 60,000. */
  readonly loginTimeout?: number;
  /**
   * Private key and certificate of the TLS port in PEM form. Default: a certificate of the server's own, made at its
   * first start, and anonymous ciphers beside it; `{}`: anonymous ciphers alone, as OMERO had before 5.6.
   */
  readonly tls?: ServerTls;
  /** Milliseconds before a wrong password is refused after another one of the same user's. Default 3,000, as on an OMERO server. */
  readonly failedLoginDelay?: number;
  /**
   * A web server beside this one, at which TileDB arrays are registered as tables in the manner of OMERO Plus.
   * Default none.
   */
  readonly web?: boolean | WebOptions;
  /** Whether users find some tables of colours (`fire.lut`, `ice.lut`, ...) to render channels by. Default false. */
  readonly lookupTables?: boolean;
  /** How tables are kept: as HDF5 files (default), or in memory. */
  readonly tables?: "hdf5" | "memory";
  /**
   * Whether reading a table, or updating it, is refused with OptimisticLockException once another handle has written
   * to it, as `omero/Tables.ice` has it (default). The servants of omero-py 5.23 themselves go on reading.
   */
  readonly optimisticLocks?: boolean;
  /** Decides what is left to chance. Default 1. */
  readonly seed?: number;
  /**
   * Largest message, in bytes; a larger one ends the connection. Default 64 MiB, as with many an OMERO server; newer ones
   * take 250,000 KiB.
   */
  readonly messageSizeMax?: number;
  /**
   * Bytes of large requests (64 KiB and more) of all connections that are read and worked on at a time; others are left
   * unread meanwhile. Default 1 GiB.
   */
  readonly requestBytes?: number;
  /** Bytes of all tables that are kept in memory (`tables: "memory"`). Default 2 GiB. */
  readonly memoryTableBytes?: number;
  /** Connections of one port at a time. Default 1,000. */
  readonly maxConnections?: number;
  /** Sessions at a time. Default 10,000. */
  readonly maxSessions?: number;
  /** What one user may take, where that is not to be the default. */
  readonly userLimits?: Partial<UserLimits>;
  /** Milliseconds to wait before each call is answered. */
  readonly latency?: number;
  /** Runs before each call; what it throws, the client gets. */
  readonly beforeCall?: (call: ServedCall) => void | Promise<void>;
  /** Is told what happens; nobody is unless given. */
  readonly log?: (entry: LogEntry) => void;
}

/** A user who can log in. */
export interface UserOptions {
  /** Log-in name. */
  readonly name: string;
  /** A user without a password cannot log in with one. */
  readonly password?: string;
  /** Default: the next free id from 2; 0 for the user named "root". */
  readonly id?: number;
  /** First name, then last name. Default: the user's name. */
  readonly fullName?: string;
  /** E-mail address. Default none. */
  readonly email?: string;
  /** Whether the user is an administrator. Default: only the user named "root". */
  readonly admin?: boolean;
  /** What an administrator may do, for example "Sudo". Default: everything. */
  readonly privileges?: readonly string[];
  /** Groups the user belongs to, the first being the default one. Groups that are not declared are read-only ones. */
  readonly groups?: readonly (string | { readonly name: string; readonly leader?: boolean })[];
}

/** A group that is there when the server first starts. */
export interface GroupOptions {
  /** Name of the group. */
  readonly name: string;
  /** Default: the next free id from 3. */
  readonly id?: number;
  /** `rw----` private, `rwr---` read-only (default), `rwra--` read-annotate, `rwrw--` read-write. */
  readonly permissions?: string;
  /** What the group is for. Default none. */
  readonly description?: string;
}

/** An object that is there when the server first starts. */
export interface ObjectOptions {
  /** Class of `omero::model`, for example "Image". */
  readonly type: string;
  /** Default: the next free id. */
  readonly id?: number;
  /** Default: type and id. */
  readonly name?: string;
  /** Name of its group. Default: that of its owner. */
  readonly group?: string;
  /** Name of its owner. Default: the first user. */
  readonly owner?: string;
  /** Other objects it refers to, by member: `{ plate: { type: "Plate", id: 1 } }`. */
  readonly references?: Readonly<Record<string, { readonly type: string; readonly id: number }>>;
  /** Other members, as rtypes. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** One request a client made, for logging and for tests. */
export interface ServedCall {
  /** Operation that was called, for example `read`. */
  readonly operation: string;
  /** Slice interface, for example `::omero::grid::Table`. */
  readonly service: string;
  /** Name of the user, once logged in. */
  readonly user: string | undefined;
}

/** A line of the server's log. */
export interface LogEntry {
  /** How grave it is. */
  readonly level: "debug" | "info" | "warning" | "error";
  /** What happened. */
  readonly message: string;
}

const SERVER_OPTIONS: OptionNames<ServerOptions> = {
  port: true,
  tlsPort: true,
  host: true,
  users: true,
  groups: true,
  objects: true,
  directory: true,
  idleTimeout: true,
  loginTimeout: true,
  tls: true,
  failedLoginDelay: true,
  web: true,
  tables: true,
  lookupTables: true,
  optimisticLocks: true,
  seed: true,
  messageSizeMax: true,
  requestBytes: true,
  memoryTableBytes: true,
  maxConnections: true,
  maxSessions: true,
  userLimits: true,
  latency: true,
  beforeCall: true,
  log: true,
};

/** @throws ArgumentError `INVALID_ARGUMENT` for options that there are not, or that cannot be */
export function checkServerOptions(options: ServerOptions): void {
  checkOptions(options, SERVER_OPTIONS, "startServer");
  const { host, users, failedLoginDelay = 0 } = options;
  if (!isLoopback(host) && !users) {
    const advice = "name its users; the default user is for this machine only";
    throw new ArgumentError("INVALID_ARGUMENT", `a server on ${host} can be reached from elsewhere: ${advice}`);
  }
  if (!(failedLoginDelay >= 0)) {
    const found = `failedLoginDelay ${failedLoginDelay} is no number of milliseconds`;
    throw new ArgumentError("INVALID_ARGUMENT", found);
  }
  userLimits(options.userLimits);
  for (const name of ["idleTimeout", "loginTimeout"] as const) {
    const value = options[name];
    if (value === undefined || value > 0) continue;
    throw new ArgumentError("INVALID_ARGUMENT", `${name} ${value} is no positive number of milliseconds`);
  }
}

/** Whether an address can be reached from this machine alone. */
export function isLoopback(host: string | undefined): boolean {
  return host === undefined || /^(localhost|127(\.\d+){3}|::1)$/.test(host);
}
