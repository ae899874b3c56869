/** What an embedded server can be told. */

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
