import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServiceFactory } from "../../src/connect/ice/schema/omero.js";
import { LoginError, ServerError } from "../../src/errors.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { connect, contentOf, routerOf, TestClient, unloaded } from "./client.js";

const USERS = [
  { name: "ann", password: "päss", groups: ["lab", { name: "lead", leader: true }], fullName: "Ann Lee", email: "a@b" },
  { name: "bob", password: "b", groups: ["lab"] },
  { name: "root", password: "r" },
  { name: "helper", password: "h", admin: true, privileges: ["Sudo"], groups: ["lab"] },
];
const ann = { user: "ann", password: "päss" };

let server: OmeroServer;
beforeAll(async () => {
  server = await startServer({
    users: USERS,
    groups: [
      { name: "lab", id: 7 },
      { name: "lead", id: 8 },
    ],
    tables: "memory",
  });
});
afterAll(() => server.close());

describe("log-in", () => {
  it.each([false, true])("works, TLS %s", async (tls) => {
    await using client = await TestClient.logIn(server, { ...ann, tls });
    const context = await client.eventContext();
    expect(context).toMatchObject({
      userName: "ann",
      groupName: "lab",
      groupId: 7n,
      isAdmin: false,
      sessionUuid: client.sessionUuid,
      memberOfGroups: BigInt64Array.of(7n, 1n, 8n),
      leaderOfGroups: BigInt64Array.of(8n),
    });
  });

  it.each([
    ["ann", "wrong"],
    ["nobody", "päss"],
    ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"],
    ["", ""],
  ])("refuses %s", async (user, password) => {
    const refused = await TestClient.logIn(server, { user, password }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LoginError);
    expect((refused as LoginError).code).toBe("WRONG_CREDENTIALS");
    expect(String(refused)).not.toContain("päss");
  });

  it("puts the session in the group named; in one of others nothing is allowed", async () => {
    await using client = await TestClient.logIn(server, { ...ann, context: { "omero.group": "lead" } });
    expect((await client.eventContext()).groupId).toBe(8n);
    await using bob = await TestClient.logIn(server, {
      user: "bob",
      password: "b",
      context: { "omero.group": "lead" },
    });
    await expect(bob.eventContext()).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
  });

  it("happens once a connection", async () => {
    await using client = await TestClient.logIn(server, ann);
    await expect(client.router.createSession("ann", "päss")).rejects.toThrow(LoginError);
  });

  it("answers nothing else before it", async () => {
    const ice = await connect(server);
    await using client = await TestClient.logIn(server, ann);
    const stranger = ice.service<ServiceFactory>(client.factoryProxy, "::omero::api::ServiceFactory");
    await expect(stranger.keepAlive(null)).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    await expect(routerOf(ice).destroySession()).rejects.toThrow(LoginError);
    expect(await routerOf(ice).getSessionTimeout()).toBe(0n);
    await ice.destroy();
  });
});

describe("a session", () => {
  it("is joined by its key, from several connections, and ends with the last", async () => {
    const first = await TestClient.logIn(server, ann);
    const uuid = first.sessionUuid;
    const second = await TestClient.logIn(server, { user: uuid, password: uuid });
    expect(second.sessionUuid).toBe(uuid);
    await first[Symbol.asyncDispose]();
    expect((await second.eventContext()).userName).toBe("ann");
    await second[Symbol.asyncDispose]();
    await expect.poll(async () => (await server.contents()).sessions).toEqual([]);
    await expect(TestClient.logIn(server, { user: uuid, password: uuid })).rejects.toMatchObject({
      code: "WRONG_CREDENTIALS",
    });
  });

  it("goes on without connections when detached", async () => {
    const first = await TestClient.logIn(server, ann);
    const uuid = first.sessionUuid;
    await first.factory.detachOnDestroy();
    await first.ice.destroy();
    const second = await TestClient.logIn(server, { user: uuid, password: uuid });
    const session = await (await second.sessions()).getSession(uuid);
    expect(contentOf(session!.uuid)).toBe(uuid);
    expect(await (await second.sessions()).getReferenceCount(uuid)).toBe(1);
    await second[Symbol.asyncDispose]();
    await expect.poll(async () => (await server.contents()).sessions).toEqual([]);
  });

  it("ends when another connection closes it", async () => {
    await using first = await TestClient.logIn(server, ann);
    const query = await first.query();
    const uuid = first.sessionUuid;
    const second = await TestClient.logIn(server, { user: uuid, password: uuid });
    const service = await second.sessions();
    const session = await service.getSession(uuid);
    expect(await service.closeSession(session)).toBe(1);
    expect(await service.closeSession(session)).toBe(-2);
    await expect(query.find("Image", 1)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    await second.ice.destroy();
  });

  it("times out", async () => {
    await using hasty = await startServer({ users: USERS, tables: "memory", idleTimeout: 150 });
    await using client = await TestClient.logIn(hasty, ann);
    const table = await client.newTable();
    for (let ping = 0; ping < 4; ping++) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      expect(await client.factory.keepAlive(client.factoryProxy)).toBe(true);
    }
    await expect.poll(async () => (await hasty.contents()).sessions, { timeout: 2000 }).toEqual([]);
    await expect(client.factory.keepAlive(null)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    await expect(table.getNumberOfRows()).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    await expect.poll(async () => (await hasty.contents()).openTables.size).toBe(0);
  });

  it("may be given more time by its user", async () => {
    await using client = await TestClient.logIn(server, ann);
    const request = { iceId: "::omero::cmd::UpdateSessionTimeoutRequest", session: client.sessionUuid };
    const timeToIdle = (val: bigint) => ({ ...request, timeToIdle: { iceId: "::omero::RLong", val } });
    expect((await client.submit(timeToIdle(1_200_000n))).iceId).toBe("::omero::cmd::OK");
    const session = await (await client.sessions()).getSession(client.sessionUuid);
    expect(contentOf(session!.timeToIdle)).toBe(1_200_000n);
    expect((await client.submit(timeToIdle(100_000_000n))).iceId).toBe("::omero::cmd::ERR");
  });

  it("can be made for another user by an administrator with the privilege", async () => {
    const principal = { iceId: "::omero::sys::Principal", name: "ann", group: "lead", eventType: "User" } as never;
    await using helper = await TestClient.logIn(server, { user: "helper", password: "h" });
    const session = await (await helper.sessions()).createSessionWithTimeouts(principal, 0, 60_000);
    const uuid = contentOf(session!.uuid) as string;
    await using acting = await TestClient.logIn(server, { user: uuid, password: uuid });
    const context = await acting.eventContext();
    expect(context).toMatchObject({ userName: "ann", groupId: 8n, sudoerName: { val: "helper" } });
    await using bob = await TestClient.logIn(server, { user: "bob", password: "b" });
    await expect((await bob.sessions()).createSessionWithTimeouts(principal, 0, 0)).rejects.toMatchObject({
      code: "SECURITY_VIOLATION",
    });
  });

  it("changes its group", async () => {
    await using client = await TestClient.logIn(server, ann);
    const before = await client.factory.setSecurityContext(unloaded("ExperimenterGroup", 8n));
    expect(contentOf(before!.id)).toBe(7n);
    expect((await client.eventContext()).groupId).toBe(8n);
    await expect(client.factory.setSecurityContext(unloaded("ExperimenterGroup", 0n))).rejects.toThrow(ServerError);
  });
});

describe("IAdmin", () => {
  it("tells users and groups", async () => {
    await using client = await TestClient.logIn(server, ann);
    const admin = await client.admin();
    const lead = await admin.lookupGroup("lead");
    expect(contentOf(lead!.id)).toBe(8n);
    expect(lead!.groupExperimenterMapSeq.map((map) => [contentOf(map!.child!.omeName), contentOf(map!.owner)])).toEqual(
      [["ann", true]],
    );
    const me = await admin.lookupExperimenter("ann");
    expect([me!.firstName, me!.lastName, me!.email].map(contentOf)).toEqual(["Ann", "Lee", "a@b"]);
    expect((await admin.containedGroups(me!.id!.val)).map((group) => contentOf(group!.name))).toEqual([
      "lab",
      "user",
      "lead",
    ]);
    expect((await admin.lookupExperimenters()).map((user) => contentOf(user!.omeName))).toContain("bob");
    expect(contentOf((await admin.getDefaultGroup(me!.id!.val))!.name)).toBe("lab");
    expect(await admin.getSecurityRoles()).toMatchObject({ userGroupId: 1n, systemGroupId: 0n });
    expect(await admin.getCurrentAdminPrivileges()).toEqual([]);
    await expect(admin.lookupGroup("none")).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(admin.getExperimenter(999)).rejects.toMatchObject({ code: "API_USAGE" });
  });

  it("tells privileges", async () => {
    await using root = await TestClient.logIn(server, { user: "root", password: "r" });
    const all = await (await root.types()).allEnumerations("AdminPrivilege");
    expect(await (await root.admin()).getCurrentAdminPrivileges()).toHaveLength(all.length);
    await using helper = await TestClient.logIn(server, { user: "helper", password: "h" });
    const context = await helper.eventContext();
    expect(context).toMatchObject({ isAdmin: true, adminPrivileges: ["Sudo"] });
  });
});

describe("IConfig", () => {
  it("tells version and routers", async () => {
    await using client = await TestClient.logIn(server, ann);
    const config = await client.config();
    expect(await config.getVersion()).toMatch(/^5\.6\./);
    expect(await config.getConfigValue("omero.router.insecure")).toContain(`-p ${server.port}`);
    expect(await config.getConfigValue("omero.client.viewer.roi_limit")).toBe("2000");
    await expect(config.getConfigValue("no.such.key")).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    expect([...(await config.getConfigValues("^omero\\.router\\.")).keys()]).toEqual([
      "omero.router.insecure",
      "omero.router.secure",
    ]);
    expect(await config.getDatabaseUuid()).toMatch(/^[0-9a-f-]{36}$/);
    await expect(config.setConfigValue("a", "b")).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
  });
});
