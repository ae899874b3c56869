/** Sessions, users and groups on the reference server: who sees and may do what, and what becomes of sessions. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { field } from "../../src/columns/batch.js";
import { type ConnectOptions, connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { newTable, openTable } from "../../src/gateway/tables/open-table.js";
import { getTableSize, readArrow } from "../../src/read/index.js";
import { rlong } from "../../src/rtypes.js";
import { deleteTable, setTableMetadata, uploadTable } from "../../src/write/index.js";
import { batchOf } from "../support/cells.js";
import { ReferenceServer } from "./reference-server.js";

const [LAB, OTHER, PRIVATE] = [5, 6, 7];
const FIELDS = [field("n", "Long"), field("text", "String", 8)];

let server: ReferenceServer;
const connections: Record<string, OmeroConnection> = {};

function connect(username: string, options: ConnectOptions = {}): Promise<OmeroConnection> {
  const password = username === "root" ? "rootpass" : "pass";
  const login = options.sessionKey === undefined ? { username, password } : {};
  return connectToOmero({
    server: `tcp://127.0.0.1:${server.port}`,
    ...login,
    interactive: false,
    reconnectTimeout: 2_000,
    ...options,
  });
}

beforeAll(async () => {
  server = await ReferenceServer.start();
  for (const name of ["user", "colleague", "stranger", "root"]) connections[name] = await connect(name);
});
afterAll(async () => {
  for (const connection of Object.values(connections)) await connection.close();
  await server.stop();
});

async function storeTable(connection: OmeroConnection, group: number): Promise<number> {
  const table = await newTable(connection, "of a group", { group });
  await table.initialize(FIELDS);
  await table.addData(
    batchOf(FIELDS, [
      [1n, 2n],
      ["a", "é"],
    ]),
  );
  await table.close();
  return table.file.id;
}

describe("the session", () => {
  it("says who is logged in", async () => {
    const { user, colleague, root } = connections;
    expect(user!.session).toMatchObject({
      userName: "user",
      groupId: LAB,
      groupName: "lab",
      groupPermissions: "rwr---",
      memberOfGroups: [5, 6, 1],
      isAdmin: false,
      timeToIdle: 600_000,
      timeToLive: undefined,
    });
    expect(user!.session.uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(colleague!.session.leaderOfGroups).toEqual([PRIVATE]);
    expect(root!.isAdmin()).toBe(true);
    expect(root!.session.adminPrivileges).toHaveLength(15);
    expect(await user!.getUser(3)).toMatchObject({ userName: "colleague", firstName: "Colleague" });
    expect((await user!.getAdministrators()).map(({ userName }) => userName)).toEqual(["root"]);
    expect(await user!.getGroups()).toEqual([
      { id: LAB, name: "lab", permissions: "rwr---", isLeader: false },
      { id: OTHER, name: "other", permissions: "rwra--", isLeader: false },
    ]);
    expect((await colleague!.getGroups()).find(({ id }) => id === PRIVATE)).toMatchObject({ isLeader: true });
  });

  it("starts in a group given by name or id, or is refused", async () => {
    for (const group of ["other", "6", 6, 6n]) {
      await using connection = await connect("user", { group: group as string });
      expect(connection.groupId).toBe(OTHER);
    }
    await expect(connect("user", { group: "private" })).rejects.toMatchObject({ code: "LOGIN_REFUSED" });
    await expect(connect("user", { group: "nowhere" })).rejects.toMatchObject({ code: "LOGIN_REFUSED" });
    await expect(connect("user", { group: 7 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("that was joined lives on, one that was made ends", async () => {
    const made = await connect("user");
    const key = made.session.uuid;
    const joined = await connect("user", { sessionKey: key });
    expect(joined.session.uuid).toBe(key);
    await joined.close();
    expect((await made.getSessionInfo()).userName).toBe("user");
    await made.close();
    // It ends a moment later, and can be joined until then.
    const joinAgain = async () => {
      await using _again = await connect("user", { sessionKey: key });
    };
    await vi.waitFor(() => expect(joinAgain()).rejects.toMatchObject({ code: "SESSION_EXPIRED" }));
  });
});

describe("groups", () => {
  it("hold what is found in them; -1 is all of them", async () => {
    const user = connections.user!;
    const image = (connection: OmeroConnection, id: number) => connection.getQueryService().find("Image", id);
    await expect(image(user, 99)).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    expect(await user.withGroup("other", (view) => image(view, 99))).toMatchObject({ id: rlong(99) });
    expect(await user.withGroup(-1, (view) => image(view, 99))).not.toBeNull();
    await expect(user.withGroup("other", (view) => image(view, 1))).rejects.toMatchObject({
      code: "SECURITY_VIOLATION",
    });
    expect(await image(user, 12345)).toBeNull();
    expect(user.groupId).toBe(LAB);
    await expect(user.withGroup("private", (view) => image(view, 77))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    expect(await connections.root!.withGroup("private", (view) => image(view, 77))).not.toBeNull();
  });

  it("are no obstacle to finding a table", async () => {
    const fileId = await storeTable(connections.user!, OTHER);
    expect(await getTableSize({ connection: connections.user!, fileId })).toEqual([2, 2]);
    const arrow = await readArrow({ connection: connections.user!, fileId, query: "n > 1" });
    expect(arrow.toArray().map((row) => row!.toJSON())).toEqual([{ n: 2n, text: "é" }]);
    expect(await getTableSize({ connection: connections.root!, fileId })).toEqual([2, 2]);
    await expect(getTableSize({ connection: connections.colleague!, fileId })).rejects.toMatchObject({
      code: "NOT_PERMITTED",
      fileId: Number(fileId),
    });
  });

  it("that are read-only let others read a table and nothing else", async () => {
    const { user, colleague } = connections;
    const fileId = await storeTable(user!, LAB);
    expect(await getTableSize({ connection: colleague!, fileId })).toEqual([2, 2]);
    await using table = await openTable(colleague!, { fileId });
    await expect(table.addData(batchOf(FIELDS, [[3n], ["c"]]))).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    await expect(table.update(batchOf([FIELDS[0]!], [[9n]], Float64Array.of(0)))).rejects.toMatchObject({
      code: "SECURITY_VIOLATION",
    });
    const asColleague = { connection: colleague!, fileId };
    await expect(setTableMetadata({ a: 1 }, asColleague)).rejects.toThrow(/not allowed|may not|WRITE/);
    await expect(deleteTable(asColleague)).rejects.toThrow(/not permitted|refused|may not/);
    expect((await readArrow({ connection: user!, fileId })).toArray().map((row) => row!.n)).toEqual([1n, 2n]);
  });

  it("that are private keep a table from all but its owner, leaders and administrators", async () => {
    const { colleague, stranger, root } = connections;
    const fileId = await storeTable(stranger!, PRIVATE);
    for (const connection of [stranger, colleague, root]) {
      expect(await getTableSize({ connection: connection!, fileId })).toEqual([2, 2]);
    }
    const leaders = await storeTable(colleague!, PRIVATE);
    await expect(getTableSize({ connection: stranger!, fileId: leaders })).rejects.toMatchObject({
      code: "NOT_PERMITTED",
    });
  });

  it("keep tables from objects that may not be annotated, before anything is made", async () => {
    const { colleague } = connections;
    const before = await server.contents();
    const upload = uploadTable({ n: [1] }, "refused", { connection: colleague!, parentId: 1 });
    await expect(upload).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    const elsewhere = uploadTable({ n: [1] }, "refused", { connection: colleague!, parentId: 99 });
    await expect(elsewhere).rejects.toMatchObject({ code: "NOT_PERMITTED" });
    const links = [["Image", 99]] as const;
    const two = uploadTable({ n: [1] }, "refused", { connection: connections.user!, parentId: 1, links });
    await expect(two).rejects.toThrow(/one group/);
    expect((await server.contents()).objects).toEqual(before.objects);
  });

  it("receive an upload in the group of what it is attached to", async () => {
    const user = connections.user!;
    const { fileId } = await uploadTable({ n: [1, 2, 3] }, "elsewhere", { connection: user, parentId: 99 });
    await using table = await openTable(user, { fileId });
    expect(table.file.groupId).toBe(OTHER);
    expect(user.groupId).toBe(LAB);
  });
});

describe("acting as another user", () => {
  it("is for administrators", async () => {
    const { user, root } = connections;
    const fileId = await root!.withUser("user", async (asUser) => {
      expect(asUser.session).toMatchObject({ userName: "user", sudoerName: "root", groupId: LAB });
      return storeTable(asUser, LAB);
    });
    expect(await getTableSize({ connection: user!, fileId })).toEqual([2, 2]);
    await using elsewhere = await root!.asUser("user", { group: OTHER });
    expect(elsewhere.session.groupName).toBe("other");
    await expect(user!.asUser("colleague")).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    await expect(root!.asUser("nobody")).rejects.toThrow(/makes no session for user "nobody"/);
  });
});

describe("a session that the server ends", () => {
  it("is replaced by another where there is a password, and reading goes on", async () => {
    await using connection = await connect("user");
    const fileId = await storeTable(connection, LAB);
    await using table = await openTable(connection, { fileId });
    const key = connection.session.uuid;
    const events: string[] = [];
    connection.on("lost", () => events.push("lost"));
    connection.on("reconnected", ({ newSession }) => events.push(newSession ? "new" : "same"));
    await server.expireSessions();
    expect((await table.read([0], 0, 2)).rowCount).toBe(2);
    expect(await getTableSize({ connection, fileId })).toEqual([2, 2]);
    expect(events).toEqual(["lost", "new"]);
    expect(connection.session.uuid).not.toBe(key);
  });

  it("is over where only its key is known", async () => {
    await using made = await connect("user");
    await using joined = await connect("user", { sessionKey: made.session.uuid });
    const fileId = await storeTable(joined, LAB);
    await server.expireSessions();
    await expect(getTableSize({ connection: joined, fileId })).rejects.toMatchObject({
      name: "LoginError",
      code: "SESSION_EXPIRED",
    });
  });

  it("fails a write whose outcome nobody knows", async () => {
    await using connection = await connect("user");
    const table = await newTable(connection, "in vain");
    await table.initialize(FIELDS);
    await server.expireSessions();
    const failing = table.addData(batchOf(FIELDS, [[3n], ["c"]]));
    await expect(failing).rejects.toMatchObject({ code: expect.stringMatching(/CONNECTION_LOST|NO_SUCH_OBJECT/) });
    await table.close();
  });
});

describe("an idle session", () => {
  it("ends in time, unless it is kept alive", async () => {
    await using impatient = await ReferenceServer.start({ sessionTimeout: 2 });
    const options = {
      server: `tcp://127.0.0.1:${impatient.port}`,
      username: "user",
      password: "pass",
      interactive: false,
      reconnectTimeout: 0,
    };
    await using kept = await connectToOmero({ ...options, keepAlive: 0.5 });
    const idle = await connectToOmero({ ...options, keepAlive: false });
    const keys = [kept, idle].map(({ session }) => session.uuid);
    const lost = new Promise((resolve) => idle.on("lost", resolve));
    await Promise.all([lost, sleep(3_000)]);
    const join = (sessionKey: string) => connectToOmero({ server: options.server, sessionKey, interactive: false });
    await (await join(keys[0]!)).close();
    await expect(join(keys[1]!)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    expect((await kept.getSessionInfo()).timeToIdle).toBe(2_000);
    expect(kept.session.uuid).toBe(keys[0]);
    expect((await impatient.contents()).keepAlives).toBeGreaterThanOrEqual(4);
    await idle.close();
  });
});
