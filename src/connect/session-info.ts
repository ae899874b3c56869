/** What a session says of its user and groups. */
import { idNumber } from "../columns/int64.js";
import { ServerError } from "../errors.js";
import type { Experimenter, ExperimenterGroup, IAdmin, ISession, Permissions } from "./ice/schema/omero.js";
import type { LiveSession } from "./live-session.js";
import { remoteService, type ServiceId, type SessionServices } from "./remote/services.js";

/** A user, as OMERO.web shows one. */
export interface UserInfo {
  /** Id of the Experimenter. */
  readonly id: number;
  /** Log-in name. */
  readonly userName: string;
  /** First name. */
  readonly firstName: string;
  /** Last name. */
  readonly lastName: string;
  /** First and last name. */
  readonly fullName: string;
  /** E-mail address; empty where the user gave none. */
  readonly email: string;
}

/** A group that users share data in. */
export interface GroupInfo {
  /** Id of the ExperimenterGroup. */
  readonly id: number;
  /** Name of the group. */
  readonly name: string;
  /** For example `rwra--`: what the owner, the group's members and others may do (read, write or annotate). */
  readonly permissions: string;
  /** Whether the session's user leads the group. */
  readonly isLeader: boolean;
}

/** What the server knows of a session. */
export interface SessionInfo {
  /** Id of the user. */
  readonly userId: number;
  /** Log-in name of the user. */
  readonly userName: string;
  /** The session's own group, which calls work in unless told otherwise. */
  readonly groupId: number;
  /** Name of the session's own group. */
  readonly groupName: string;
  /** Permissions of that group, for example `rwr---`. */
  readonly groupPermissions: string;
  /** Ids of the groups the user is in, the default one first. */
  readonly memberOfGroups: readonly number[];
  /** Ids of the groups the user leads. */
  readonly leaderOfGroups: readonly number[];
  /** Whether the user is an administrator. */
  readonly isAdmin: boolean;
  /** Light or full administrators: what they may do, for example `Sudo`. Empty for other users. */
  readonly adminPrivileges: readonly string[];
  /** Administrator who opened this session for the user. */
  readonly sudoerName: string | undefined;
  /** Milliseconds without calls after which the server ends the session; undefined where it does not say. */
  readonly timeToIdle: number | undefined;
  /** Milliseconds after which the server ends the session in any case; undefined for never, or where it does not say. */
  readonly timeToLive: number | undefined;
}

/**
 * Asks what a session is. Where a server has no `ISession`, the times are undefined.
 * @param key gives the session's key once the session is known to be alive.
 */
async function readSessionInfo(admin: IAdmin, sessions: ISession, key: () => string): Promise<SessionInfo> {
  const context = await admin.getEventContext();
  if (!context) throw new ServerError("SERVER_FAILURE", "the server does not say who is logged in");
  const { timeToIdle, timeToLive } = (await ifServed(sessions.getSession(key()))) ?? {};
  return {
    userId: idNumber(context.userId, "user"),
    userName: context.userName,
    groupId: groupNumber(context.groupId),
    groupName: context.groupName,
    groupPermissions: permissionText(context.groupPermissions),
    memberOfGroups: Array.from(context.memberOfGroups, groupNumber),
    leaderOfGroups: Array.from(context.leaderOfGroups, groupNumber),
    isAdmin: context.isAdmin,
    adminPrivileges: [...context.adminPrivileges],
    sudoerName: context.sudoerName?.val,
    timeToIdle: timeToIdle ? Number(timeToIdle.val) : undefined,
    timeToLive: timeToLive?.val ? Number(timeToLive.val) : undefined,
  };
}

const groupNumber = (id: bigint) => idNumber(id, "group");

export function userInfo(user: Experimenter): UserInfo {
  const [firstName, lastName] = [user.firstName?.val ?? "", user.lastName?.val ?? ""];
  return {
    id: idNumber(user.id?.val ?? -1n, "user"),
    userName: user.omeName?.val ?? "",
    firstName,
    lastName,
    fullName: [firstName, lastName].filter((name) => name !== "").join(" "),
    email: user.email?.val ?? "",
  };
}

export function groupInfo(group: ExperimenterGroup, leaderOf: readonly number[]): GroupInfo {
  const id = groupNumber(group.id?.val ?? -1n);
  return {
    id,
    name: group.name?.val ?? "",
    permissions: permissionText(group.details?.permissions ?? null),
    isLeader: leaderOf.includes(id),
  };
}

/**
 * Permissions as OMERO writes them: for owner, group and others each `r` and then `w` (write) or `a` (annotate). They
 * are kept in three groups of four bits: annotate 1, write 2, read 4.
 */
export function permissionText(permissions: Permissions | null): string {
  if (!permissions) return "";
  const bits = Number(permissions.perm1 & 0xfffn);
  return [8, 4, 0].map((shift) => roleText((bits >> shift) & 7)).join("");
}

function roleText(bits: number): string {
  const change = bits & 2 ? "w" : bits & 1 ? "a" : "-";
  return (bits & 4 ? "r" : "-") + change;
}

/** The result, or null from a server that does not have the operation or does not allow it. */
async function ifServed<T>(result: Promise<T | null>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof ServerError) return null;
    throw error;
  }
}

/** What the session says of itself, whatever group calls work in. */
export function sessionInfoOf(live: LiveSession, services: SessionServices): Promise<SessionInfo> {
  const service = <T>(id: ServiceId) => remoteService<T>(live.calls, services.stateless(id), () => ({}));
  const admin = service<IAdmin>("::omero::api::IAdmin");
  return readSessionInfo(admin, service<ISession>("::omero::api::ISession"), () => live.sessionKey.reveal());
}
