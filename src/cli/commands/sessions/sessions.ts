/** `login`, `logout`, `sessions`: sessions that later commands join, kept where `omero login` keeps them. */
import { homedir } from "node:os";
import type { Command } from "commander";
import { forgetSession, keepSession, keptSessions } from "../../../connect/credentials/kept-sessions.js";
import { type StoredSession, sessionsDirectory } from "../../../connect/credentials/session-store.js";
import {
  type ConnectOptions,
  connectToOmero,
  formatAddress,
  type OmeroConnection,
  parseServerAddress,
} from "../../../connect/index.js";
import { ConnectionError, LoginError } from "../../../errors.js";
import { EXIT } from "../../failure.js";
import { connectionOf, type ServerFlags, withServer } from "../../options/connection.js";
import { type JsonFlag, jsonOption } from "../../options/tables.js";
import { counted, print, printColumns, printJson, visibleLine, warn } from "../../output.js";

type Flags = ServerFlags & JsonFlag;

export function addLogin(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("login")))
    .description("log in and stay so: later commands, and omero, join the session until it ends by itself or by logout")
    .argument("[server]", "as --server says one")
    .action(async (server: string | undefined, options: Flags) => {
      const asked = connectionOf({ ...options, server: options.server ?? server });
      const connection = await connectToOmero({ ...asked, signal });
      try {
        await keepSession(directoryOfSessions(), sessionOf(connection, options.group));
      } catch (error) {
        await connection.close();
        throw error;
      }
      const { userName, groupName } = connection.session;
      const address = formatAddress(connection.server);
      await connection.close({ session: "keep" });
      if (options.json) printJson({ server: address, user: userName, group: groupName });
      else print(`logged in to ${address} as ${userName}, group ${groupName}`);
    });
}

function sessionOf({ server: address, session }: OmeroConnection, group: string | undefined) {
  return { address, username: session.userName, key: session.uuid, group };
}

export function addLogout(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("logout")))
    .description("end the sessions that are kept, those of one server or user if options say so")
    .action(async (options: Flags) => {
      const sessions = (await keptSessions(directoryOfSessions())).filter((one) => isMeant(one, options));
      let ended = 0;
      for (const session of sessions) {
        if (await endSession(session, options, signal)) ended++;
        await forgetSession(directoryOfSessions(), session);
      }
      if (options.json) return printJson({ ended, forgotten: sessions.length });
      if (sessions.length === 0) warn("no session is kept");
      else print(`${counted(sessions.length, "session")} forgotten, ${ended} of which still lived`);
    });
}

/** Whether it had not ended before. */
async function endSession(session: StoredSession, options: Flags, signal: AbortSignal): Promise<boolean> {
  try {
    const connection = await connectToOmero({ ...joining(session, options), signal });
    await connection.close({ session: "end" });
    return true;
  } catch (error) {
    if (error instanceof LoginError || error instanceof ConnectionError) return false;
    throw error;
  }
}

export function addSessions(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("sessions")))
    .description("list the sessions that are kept, and whether they still live")
    .action(async (options: Flags) => {
      const sessions = (await keptSessions(directoryOfSessions())).filter((one) => isMeant(one, options));
      const states = await Promise.all(sessions.map((session) => stateOf(session, options, signal)));
      const rows = sessions.map(({ address, username, group }, index) => ({
        server: formatAddress(address),
        user: username,
        group: group ?? "",
        state: states[index]!,
      }));
      if (options.json) for (const row of rows) printJson(row);
      if (options.json) return;
      const names = ["server", "user", "group", "state"] as const;
      printColumns(names.map((heading) => ({ heading, cells: rows.map((row) => visibleLine(row[heading])) })));
      if (rows.length === 0) process.exitCode = EXIT.failed;
    });
}

async function stateOf(session: StoredSession, options: Flags, signal: AbortSignal): Promise<string> {
  try {
    const connection = await connectToOmero({ ...joining(session, options), signal });
    await connection.close({ session: "keep" });
    return "lives";
  } catch (error) {
    if (error instanceof LoginError) return "has ended";
    if (error instanceof ConnectionError) return "server not reached";
    throw error;
  }
}

function joining({ address, sessionKey }: StoredSession, options: Flags): ConnectOptions {
  const { verify } = options;
  const tls = verify ? { tls: "verify" as const } : {};
  return { server: formatAddress(address), sessionKey: sessionKey.reveal(), interactive: false, ...tls };
}

function isMeant({ address, username }: StoredSession, { server, port, user }: Flags): boolean {
  if (user !== undefined && user !== username) return false;
  if (server === undefined) return true;
  const meant = parseServerAddress(server, { port });
  return meant.host.toLowerCase() === address.host.toLowerCase() && meant.port === address.port;
}

function directoryOfSessions(): string {
  return sessionsDirectory(process.env, homedir(), process.platform);
}
