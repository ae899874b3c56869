import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectFrom } from "../../src/connect/connect-to-omero.js";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { ADMIN, connectPlain, connectSecurely, NOWHERE, startLabServer, USER } from "./embedded.js";

let server: OmeroServer;
beforeAll(async () => {
  server = await startLabServer();
});
afterAll(() => server.close());

const find = (connection: OmeroConnection, id: number) => connection.getQueryService().find("Image", id);
/** Whether an image can be read; in another group the server refuses to. */
const sees = (connection: OmeroConnection, id: number) =>
  find(connection, id).then(
    (image) => image !== null,
    (error) => (error.code === "SECURITY_VIOLATION" ? false : Promise.reject(error)),
  );
/** Once those that were left have ended, which takes a moment. */
async function sessions() {
  await expect
    .poll(async () => (await server.contents()).sessions.map(({ connections }) => connections))
    .not.toContain(0);
  return (await server.contents()).sessions;
}

describe("connecting", () => {
  test.each([
    ["tcp", connectPlain],
    ["TLS", connectSecurely],
  ])("over %s", async (_name, connect) => {
    await using connection = await connect(server);
    expect(connection.session).toMatchObject({
      userName: "ana",
      groupName: "lab",
      groupPermissions: "rwra--",
      isAdmin: false,
      adminPrivileges: [],
      timeToIdle: 600_000,
      timeToLive: undefined,
    });
    expect(connection.session.memberOfGroups.length).toBeGreaterThan(1);
    expect(connection.session.leaderOfGroups).toEqual([connection.session.groupId]);
    expect(await find(connection, 1)).toMatchObject({ iceId: "::omero::model::Image" });
    expect(connection.state).toBe("connected");
  });

  test.each([
    [
      "a wrong password",
      { password: "wrong-secret" },
      "WRONG_CREDENTIALS",
      /refuses user "ana": check user name and password/,
    ],
    ["an unknown user", { username: "nobody" }, "WRONG_CREDENTIALS", /refuses user "nobody"/],
    [
      "an unknown session",
      { sessionKey: "0a1b2c3d-0000-4000-8000-00000000abcd" },
      "SESSION_EXPIRED",
      /knows no such session/,
    ],
    ["a group of that name that is none", { group: "nope" }, "LOGIN_REFUSED", /refuses the log-in/],
    ["a group of that id that is none", { group: 7777 }, "INVALID_ARGUMENT", /user "ana" is not in group 7777/],
  ])("with %s fails", async (_name, options, code, message) => {
    const before = (await sessions()).length;
    const error = await connectPlain(server, options).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(inspect(error, { depth: 9 })).not.toMatch(/wrong-secret|0a1b2c3d/);
    expect(await sessions()).toHaveLength(before);
  });

  test("refuses options that there are not, and says which were meant", async () => {
    const options = { server: "localhost", usrname: "ana" } as never;
    await expect(connectToOmero(options)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: 'connectToOmero takes no option "usrname"; did you mean "username"?',
    });
    await expect(connectToOmero("localhost" as never)).rejects.toThrow("takes options as an object");
  });

  test("to a closed port, to a host that is none and to no OMERO server fails, each in its way", async () => {
    const other = await startLabServer();
    await other.close();
    await expect(connectPlain(other)).rejects.toMatchObject({ code: "CONNECTION_REFUSED", port: other.port });
    const unknown = connectFrom(NOWHERE, { server: "no-such-host.invalid", ...USER });
    await expect(unknown).rejects.toMatchObject({ code: "UNKNOWN_HOST", host: "no-such-host.invalid" });
    const noTls = connectFrom(NOWHERE, { server: `127.0.0.1:${server.port}`, ...USER });
    await expect(noTls).rejects.toMatchObject({ code: "TLS_FAILED" });
  });

  test("can be given up", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(connectPlain(server, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  });

  test.each([
    [{ keepAlive: -1 }],
    [{ keepAlive: Number.NaN }],
    [{ connectTimeout: 0 }],
    [{ reconnectTimeout: -1 }],
    [{ server: "http://x" }],
  ])("with %j is refused before anything is sent", async (options) => {
    await expect(connectPlain(server, options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("the session", () => {
  test("that was made here ends with the connection", async () => {
    const before = (await sessions()).length;
    const connection = await connectPlain(server);
    expect(await sessions()).toHaveLength(before + 1);
    await connection.close();
    await connection.close();
    expect(await sessions()).toHaveLength(before);
    await expect(find(connection, 1)).rejects.toMatchObject({ code: "CONNECTION_CLOSED", operation: "IQuery.find" });
    expect(connection.state).toBe("closed");
  });

  test("that was joined lives on", async () => {
    await using owner = await connectPlain(server);
    const joined = await connectPlain(server, { sessionKey: owner.session.uuid });
    expect(joined.session.uuid).toBe(owner.session.uuid);
    await joined.close();
    expect(await find(owner, 1)).not.toBeNull();
  });

  test("stored by `omero login` is joined; one that has ended is passed over", async () => {
    await using owner = await connectPlain(server);
    const home = await mkdtemp(join(tmpdir(), "omero-home-"));
    try {
      const host = join(home, "omero", "sessions", "127.0.0.1");
      await mkdir(join(host, "ana"), { recursive: true });
      await writeFile(join(host, "._LASTUSER_"), "ana");
      const store = (key: string) =>
        writeFile(
          join(host, "ana", key),
          `omero.host=127.0.0.1\nomero.port=${server.port}\nomero.user=ana\nomero.sess=${key}\n`,
        );
      await store("0a1b2c3d-0000-4000-8000-00000000dead");
      await writeFile(join(host, "ana", "._LASTSESS_"), "0a1b2c3d-0000-4000-8000-00000000dead");
      const options = { server: `tcp://127.0.0.1:${server.port}` };
      const none = await connectFrom({ ...NOWHERE, home }, options).catch((error: Error) => error);
      expect(none).toMatchObject({ code: "MISSING_CREDENTIALS" });
      expect((none as Error).message).toMatch(/omero login for tcp:\/\/127\.0\.0\.1:\d+: .*knows no such session/);
      expect((none as Error).message).not.toContain("0a1b2c3d");
      await store(owner.session.uuid);
      const connection = await connectFrom({ ...NOWHERE, home }, options);
      expect(connection.session.uuid).toBe(owner.session.uuid);
      await connection.close();
      expect(await find(owner, 1)).not.toBeNull();
    } finally {
      await rm(home, { recursive: true });
    }
  });

  test("tells its user, groups and administrators", async () => {
    await using connection = await connectPlain(server);
    expect(await connection.getUser()).toMatchObject({ userName: "ana", firstName: "Ana", lastName: "Lund" });
    expect(await connection.getGroups()).toEqual([
      { id: expect.any(Number), name: "lab", permissions: "rwra--", isLeader: true },
      { id: expect.any(Number), name: "other", permissions: "rwrw--", isLeader: false },
    ]);
    expect(await connection.getAdministrators()).toMatchObject([{ id: 0, userName: "root" }]);
    expect(connection.isAdmin()).toBe(false);
    await expect(connection.getUser(-3)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("never shows its key", async () => {
    await using connection = await connectPlain(server);
    const { uuid } = connection.session;
    expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
    const error = await connection
      .getQueryService()
      .get("Image", 4711)
      .catch((caught: unknown) => caught);
    for (const value of [connection, connection.session, connection.getQueryService(), error]) {
      expect(inspect(value, { depth: 9, showHidden: true })).not.toContain(uuid);
    }
    expect(JSON.stringify(connection)).toBe(
      `{"server":"tcp://127.0.0.1:${server.port}","userName":"ana","groupId":${connection.groupId},"state":"connected"}`,
    );
    expect(`${inspect(connection)}${inspect(error)}`).not.toContain(USER.password);
  });
});

describe("groups", () => {
  test("a connection works in the group it is given", async () => {
    await using connection = await connectPlain(server, { group: "other" });
    expect(connection.session.groupName).toBe("other");
    await using byId = await connectPlain(server, { group: connection.groupId });
    expect(byId.groupId).toBe(connection.groupId);
    expect(await sees(byId, 99)).toBe(true);
    await using everywhere = await connectPlain(server, { group: -1 });
    expect([await sees(everywhere, 1), await sees(everywhere, 99)]).toEqual([true, true]);
    expect(everywhere.groupId).toBe(-1);
  });

  test("withGroup leaves other calls alone", async () => {
    await using connection = await connectPlain(server);
    const home = connection.groupId;
    const [inside, outside] = await Promise.all([
      connection.withGroup("other", async (view) => [await sees(view, 1), await sees(view, 99)]),
      Promise.all([sees(connection, 1), sees(connection, 99)]),
    ]);
    expect(inside).toEqual([false, true]);
    expect(outside).toEqual([true, false]);
    expect(connection.groupId).toBe(home);
  });

  test("a service got before keeps the group of its view", async () => {
    await using connection = await connectPlain(server);
    const query = connection.getQueryService();
    const view = await connection.inGroup("other");
    await expect(query.find("Image", 99)).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    expect(await view.getQueryService().find("Image", 99)).not.toBeNull();
    await view.close();
    expect(connection.state).toBe("connected");
    await connection.setGroup("other");
    expect(await query.find("Image", 99)).not.toBeNull();
    expect(await query.find("Image", 1, { context: { "omero.group": "-1" } })).not.toBeNull();
  });

  test("that do not exist or are not the user's are refused", async () => {
    await using connection = await connectPlain(server);
    await expect(connection.setGroup("nope")).rejects.toThrow('there is no group "nope" that this user can see');
    await expect(connection.setGroup("third")).rejects.toThrow(/user "ana" is not in group third, but in/);
    await expect(connection.setGroup(-2)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await using admin = await connectPlain(server, ADMIN);
    await admin.withGroup("third", (view) => expect(view.groupId).toBeGreaterThan(0));
  });
});

describe("acting as another user", () => {
  test("administrators can; the user's session ends with it", async () => {
    await using admin = await connectPlain(server, ADMIN);
    expect(admin.isAdmin()).toBe(true);
    const before = await sessions();
    const seen = await admin.withUser("ben", async (ben) => {
      expect(await sessions()).toHaveLength(before.length + 1);
      return { ...ben.session };
    });
    expect(seen).toMatchObject({ userName: "ben", groupName: "lab", sudoerName: "root", isAdmin: false });
    expect(await sessions()).toHaveLength(before.length);
    expect(admin.state).toBe("connected");
  });

  test("in a group, and even when the work fails", async () => {
    await using admin = await connectPlain(server, ADMIN);
    const before = (await sessions()).length;
    const work = admin.withUser(
      "ana",
      (ana) => {
        expect(ana.session.groupName).toBe("other");
        throw new Error("failed work");
      },
      { group: "other" },
    );
    await expect(work).rejects.toThrow("failed work");
    expect(await sessions()).toHaveLength(before);
  });

  test("others cannot", async () => {
    await using connection = await connectPlain(server);
    await expect(connection.asUser("ben", { gruop: "lab" } as never)).rejects.toThrow(
      'asUser takes no option "gruop"; did you mean "group"?',
    );
    await expect(connection.asUser("cyd")).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
  });
});

describe("services", () => {
  test("are got by their Slice ids", async () => {
    await using connection = await connectPlain(server);
    expect(await connection.service("::omero::api::IConfig").getVersion()).toMatch(/^\d+\.\d+/);
    expect(await connection.service("::omero::api::ServiceFactory").activeServices()).toBeInstanceOf(Array);
    await connection.keepAlive();
  });

  test("that sessions do not give, or that keep a state, are refused with advice", async () => {
    await using connection = await connectPlain(server);
    expect(() => connection.service("::omero::grid::Table")).toThrow("is not among the services of a session");
    expect(() => connection.service("::omero::api::RawFileStore")).toThrow("use openStateful()");
    expect(() => connection.openStateful("::omero::api::IQuery")).toThrow("use service()");
  });

  test("with a state are closed by the caller", async () => {
    await using connection = await connectPlain(server);
    const store = connection.openStateful("::omero::api::RawFileStore");
    await expect(store.service.size()).rejects.toMatchObject({ name: "ServerError" });
    const open = async () => (await sessions()).reduce((sum, session) => sum + session.statefulServices, 0);
    const before = await open();
    await store.close();
    await store.close();
    expect(await open()).toBe(before - 1);
  });
});
