import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findStoredSessions, sessionsDirectory } from "../../../src/connect/credentials/session-store.js";
import { parseServerAddress } from "../../../src/connect/server-address.js";

const LAST = "11111111-aaaa-4000-8000-000000000001";
const OLDER = "22222222-bbbb-4000-8000-000000000002";
const YOUNGER = "33333333-cccc-4000-8000-000000000003";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero-sessions-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function put(path: string, text: string, age = 0): Promise<void> {
  const file = join(directory, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, text);
  const time = Date.now() / 1000 - age;
  await utimes(file, time, time);
}

function properties(host: string, user: string, key: string, more = ""): string {
  return `omero.host=${host}\nomero.user=${user}\nomero.sess=${key}\n${more}`;
}

async function putThreeSessions(): Promise<void> {
  await put("._LASTHOST_", "omero.example.org");
  await put("._LASTPORT_", "4064");
  await put("omero.example.org/._LASTUSER_", "ana");
  await put("omero.example.org/ana/._LASTSESS_", `${LAST}\n`);
  await put(`omero.example.org/ana/${LAST}`, properties("omero.example.org", "ana", LAST, "omero.group=lab\n"), 500);
  await put(`omero.example.org/ana/${OLDER}`, properties("omero.example.org", "ana", OLDER), 300);
  await put(
    `omero.example.org/ana/${YOUNGER}`,
    properties("omero.example.org", "ana", YOUNGER, "omero.port=4064"),
    100,
  );
}

const keys = (found: Awaited<ReturnType<typeof findStoredSessions>>) =>
  found.sessions.map((s) => s.sessionKey.reveal());

describe("findStoredSessions", () => {
  test("gives the session used last first, then the others from young to old", async () => {
    await putThreeSessions();
    const found = await findStoredSessions(directory, {});
    expect(keys(found)).toEqual([LAST, YOUNGER, OLDER]);
    expect(found.sessions[0]).toMatchObject({
      address: { protocol: "ssl", host: "omero.example.org", port: 4064 },
      username: "ana",
      group: "lab",
    });
  });

  test("looks for the server, user and group asked for", async () => {
    await putThreeSessions();
    const server = parseServerAddress("OMERO.example.org");
    expect(keys(await findStoredSessions(directory, { server, username: "ana", group: "lab" }))).toEqual([LAST]);
    expect(keys(await findStoredSessions(directory, { server, username: "ben" }))).toEqual([]);
    expect(keys(await findStoredSessions(directory, { server: parseServerAddress("other") }))).toEqual([]);
    const otherPort = await findStoredSessions(directory, { server: parseServerAddress("omero.example.org:14064") });
    expect(otherPort.sessions).toEqual([]);
    expect(otherPort.remarks.join()).toContain("is for port 4064");
  });

  test("decodes host names and reads the stored port", async () => {
    const host = "wss://omero.example.org/omero-ws";
    await put("wss%3A%2F%2Fomero.example.org%2Fomero-ws/._LASTUSER_", "ana");
    await put(`wss%3A%2F%2Fomero.example.org%2Fomero-ws/ana/${OLDER}`, properties(host, "ana", OLDER));
    await put(`localhost/ana/${LAST}`, properties("localhost", "ana", LAST, "omero.port=14064"));
    await put("._LASTHOST_", host);
    const [session] = (await findStoredSessions(directory, {})).sessions;
    expect(session!.address).toEqual({ protocol: "wss", host: "omero.example.org", port: 443, path: "/omero-ws" });
    const server = parseServerAddress("localhost:14064");
    expect(keys(await findStoredSessions(directory, { server, username: "ana" }))).toEqual([LAST]);
  });

  test("passes over malformed files and says so without the session key", async () => {
    await put("._LASTHOST_", "localhost");
    await put("localhost/._LASTUSER_", "ana");
    await put(`localhost/ana/${LAST}`, "\u0000\u0001 no properties");
    await put(`localhost/ana/${OLDER}`, properties("localhost", "ana", YOUNGER));
    await put(`localhost/ana/${YOUNGER}`, properties("localhost", "ana", YOUNGER, "omero.port=many"));
    await put("localhost/ana/huge", "x".repeat(100_000));
    const { sessions, remarks } = await findStoredSessions(directory, {});
    expect(sessions).toEqual([]);
    expect(remarks).toHaveLength(4);
    for (const remark of remarks) expect(remark).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
  });

  test("never leaves its directory", async () => {
    await put("._LASTHOST_", "../outside");
    await put("localhost/._LASTUSER_", "../../outside");
    const { sessions, remarks } = await findStoredSessions(directory, { server: parseServerAddress("localhost") });
    expect(sessions).toEqual([]);
    expect(remarks.join()).toContain("cannot hold the sessions");
    expect((await findStoredSessions(directory, {})).sessions).toEqual([]);
  });

  test("says that there are none", async () => {
    const { sessions, remarks } = await findStoredSessions(join(directory, "missing"), {});
    expect(sessions).toEqual([]);
    expect(remarks).toEqual([`none in ${join(directory, "missing")}`]);
  });
});

test("sessionsDirectory", () => {
  expect(sessionsDirectory({ OMERO_SESSIONDIR: "/s", OMERO_USERDIR: "/u" }, "/home/ana", "linux")).toBe("/s");
  expect(sessionsDirectory({ OMERO_USERDIR: "/u" }, "/home/ana", "linux")).toBe(join("/u", "sessions"));
  expect(sessionsDirectory({ APPDATA: "/roaming" }, "/home/ana", "linux")).toBe(join("/home/ana", "omero", "sessions"));
  expect(sessionsDirectory({ APPDATA: "/roaming" }, "/home/ana", "win32")).toBe(join("/roaming", "omero", "sessions"));
});
