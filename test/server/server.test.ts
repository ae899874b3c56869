import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import { emptyColumns, fromColumnBatch } from "../../src/connect/ice/codec/columns/columns.js";
import type { Column, Experimenter, OriginalFile } from "../../src/connect/ice/schema/omero.js";
import { ArgumentError } from "../../src/errors.js";
import { rstring } from "../../src/rtypes.js";
import { type LogEntry, type ServedCall, type ServerOptions, startServer } from "../../src/server/index.js";
import { contentOf, TestClient, unloaded } from "./client.js";
import { batchOf } from "./tables/batches.js";

const FIELDS = [field("n", "Long"), field("s", "String", 8)];
const USERS = [
  { name: "ann", password: "a", groups: ["lab"] },
  { name: "bob", password: "b", groups: ["lab"] },
];
const GROUPS = [{ name: "lab", permissions: "rw----" }];

async function upload(client: TestClient, name: string): Promise<bigint> {
  const table = await client.newTable(name);
  await table.initialize(emptyColumns(FIELDS) as readonly Column[]);
  await table.addData(fromColumnBatch(batchOf(FIELDS, [1, 2, 3])) as readonly Column[]);
  const id = (await table.getOriginalFile())!.id!.val;
  await table.close();
  return id;
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-test-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe("startServer", () => {
  it("listens on free ports of this machine, with demonstration objects and user", async () => {
    await using server = await startServer();
    expect(server.host).toBe("127.0.0.1");
    expect(server.port).toBeGreaterThan(0);
    expect(server.tlsPort).toBeGreaterThan(0);
    await using client = await TestClient.logIn(server, { tls: true });
    const rows = await (await client.query()).projection(
      "select i.class, count(*) from IObject i group by i.class",
      null,
    );
    const counts = Object.fromEntries(
      rows.map(([type, count]) => [String(contentOf(type)).split(".").at(-1), contentOf(count)]),
    );
    expect(counts).toMatchObject({ Image: 20n, Dataset: 3n, Project: 1n, Screen: 1n, Plate: 1n, Well: 4n, Roi: 4n });
  });

  it("leaves nothing behind in a temporary directory", async () => {
    const server = await startServer();
    await server.close();
    await server.close();
    await expect(readdir(server.directory)).rejects.toThrow(/ENOENT/);
  });

  it("brings back objects, files and tables from its directory, and what was deleted stays so", async () => {
    const first = await startServer({ directory, users: USERS });
    const client = await TestClient.logIn(first, { user: "ann", password: "a" });
    const id = await upload(client, "kept");
    await client.submit({ iceId: "::omero::cmd::Delete2", targetObjects: new Map([["Image", BigInt64Array.of(4n)]]) });
    await client[Symbol.asyncDispose]();
    await first.close();

    await using second = await startServer({ directory, users: USERS });
    await using again = await TestClient.logIn(second, { user: "ann", password: "a" });
    const table = await again.openTable(id);
    expect(await table.getNumberOfRows()).toBe(3n);
    expect(contentOf((await table.getOriginalFile())!.name)).toBe("kept");
    expect(await (await again.query()).find("Image", 4)).toBeNull();
    expect(await upload(again, "new")).toBeGreaterThan(id);
    await table.close();
  });

  it("keeps what clients were told is stored when it is killed", async () => {
    const first = await startServer({ directory, users: USERS });
    const client = await TestClient.logIn(first, { user: "ann", password: "a" });
    const id = await upload(client, "kept");
    await expect.poll(async () => (await readdir(directory)).includes("objects")).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const open = await client.openTable(id);
    const pending = open.addData(fromColumnBatch(batchOf(FIELDS, [4])) as readonly Column[]).catch(() => "cut off");
    await first.kill();
    await pending;
    expect(client.ice.connected).toBe(false);
    await client.ice.destroy();

    await using second = await startServer({ directory, users: USERS });
    await using again = await TestClient.logIn(second, { user: "ann", password: "a" });
    const table = await again.openTable(id);
    expect([3n, 4n]).toContain(await table.getNumberOfRows());
    await table.close();
  });

  it("refuses what cannot be", async () => {
    await expect(startServer({ host: "0.0.0.0" })).rejects.toThrow(/name its users/);
    await expect(startServer({ idleTimeout: 0 })).rejects.toThrow(ArgumentError);
    await expect(startServer({ groups: [{ name: "x", permissions: "public" }] })).rejects.toThrow(/rwra--/);
    await expect(startServer({ objects: [{ type: "Nonsense" }] })).rejects.toThrow(/no class of the OMERO model/);
    await expect(startServer({ objects: [{ type: "Image", owner: "nobody" }] })).rejects.toThrow(/no user "nobody"/);
    await expect(
      startServer({
        objects: [
          { type: "Image", id: 1 },
          { type: "Image", id: 1 },
        ],
      }),
    ).rejects.toThrow(/two of them/);
    const twice = [
      { name: "a", id: 5 },
      { name: "b", id: 5 },
    ];
    await expect(startServer({ users: twice })).rejects.toThrow(/another has this id/);
    await expect(startServer({ users: [{ name: "a" }, { name: "a" }] })).rejects.toThrow(/two users are called "a"/);
    await expect(startServer({ groups: [{ name: "g" }, { name: "g" }] })).rejects.toThrow(/two groups are called "g"/);
    await expect(startServer({ userLimits: { sessions: -1 } })).rejects.toThrow(/userLimits\.sessions -1/);
    await expect(startServer({ userLimits: { seats: 1 } as object })).rejects.toThrow(/userLimits has no seats/);
    await expect(startServer({ groups: twice })).rejects.toThrow(/another has this id/);
    await expect(startServer({ groups: [{ name: "x", id: 1 }] })).rejects.toThrow(/another has this id/);
    await expect(startServer({ users: [{ name: "x", id: 1.5 }] })).rejects.toThrow(ArgumentError);
    await using server = await startServer({ directory });
    await expect(startServer({ directory })).rejects.toThrow(/choose another directory/);
    await expect(startServer({ port: server.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it.each<[string, ServerOptions]>([
    ["where it is switched off", { port: false }],
    ["beyond this machine", { host: "0.0.0.0", users: USERS }],
  ])("offers no plain tcp %s", async (_where, options) => {
    await using server = await startServer({ users: USERS, ...options });
    expect(server.port).toBe(0);
    const at = { host: "127.0.0.1", port: 0, tlsPort: server.tlsPort };
    await using client = await TestClient.logIn(at, { user: "ann", password: "a", tls: true });
    const config = await client.config();
    expect(await config.getConfigValue("omero.router.insecure")).toBe("");
    expect(await config.getConfigValue("omero.router.secure")).toContain(`-p ${server.tlsPort} `);
  });

  it("keeps a user's name with the id", async () => {
    const options = {
      directory,
      users: [...USERS.filter(({ name }) => name !== "root"), { name: "root", password: "r" }],
    };
    const first = await startServer(options);
    const client = await TestClient.logIn(first, { user: "root", password: "r" });
    const own = (await (await client.query()).findByString("Experimenter", "omeName", "bob")) as Experimenter;
    const update = await client.update();
    await expect(update.saveObject({ ...own, omeName: rstring("ann") } as Experimenter)).rejects.toThrow(
      /Experimenter:Id_\d+ keeps its omeName: bob/,
    );
    await update.saveObject({ ...own, firstName: rstring("Robert") } as Experimenter);
    await client[Symbol.asyncDispose]();
    await first.close();
    await using second = await startServer({ ...options, users: [...options.users].reverse() });
    await using again = await TestClient.logIn(second, { user: "bob", password: "b" });
    expect((await (await again.admin()).getEventContext())!.userId).toBe(own.id!.val);
  });

  it("starts and ends whatever a sparse file says it holds", async () => {
    const first = await startServer({ directory, users: USERS });
    const client = await TestClient.logIn(first, { user: "ann", password: "a" });
    const file = await (await client.update()).saveAndReturnObject({
      iceId: "::omero::model::OriginalFile",
      name: rstring("sparse"),
      path: rstring("/"),
      hasher: { iceId: "::omero::model::ChecksumAlgorithm", value: rstring("SHA1-160") },
    } as OriginalFile);
    const store = await client.rawFileStore();
    await store.setFileId(file!.id!.val);
    await store.write(Uint8Array.of(1), 2 ** 40 - 2, 1);
    // Its terabyte is being summed up.
    const saved = store.save().catch(() => "cut off");
    await (await client.query()).get("Image", 1);
    await first.kill();
    expect(await saved).toBe("cut off");
    const second = await startServer({ directory, users: USERS });
    await using another = await TestClient.logIn(second, { user: "ann", password: "a" });
    await (await another.query()).get("Image", 1);
    await second.close();
  });

  it("gives its ports and directory back when it cannot start", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    await expect(startServer({ directory, tlsPort: port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    taken.close();
    await using server = await startServer({ directory, tlsPort: port });
    expect(server.tlsPort).toBe(port);
  });

  it("tells what it holds", async () => {
    await using server = await startServer({ users: USERS, groups: GROUPS });
    await using client = await TestClient.logIn(server, { user: "ann", password: "a" });
    const id = await upload(client, "t");
    const table = await client.openTable(id);
    const update = await client.update();
    const annotation = (await update.saveAndReturnObject({
      iceId: "::omero::model::FileAnnotation",
      ns: rstring("ns"),
      file: unloaded("OriginalFile", id),
    } as never))!;
    await update.saveObject({
      iceId: "::omero::model::ImageAnnotationLink",
      parent: unloaded("Image", 1n),
      child: unloaded("FileAnnotation", annotation.id!.val),
    } as never);
    const contents = await server.contents();
    expect(contents).toMatchObject({
      files: [
        {
          type: "OriginalFile",
          id: Number(id),
          name: "t",
          mimetype: "OMERO.tables",
          hash: "",
        },
      ],
      annotations: [{ type: "FileAnnotation", namespace: "ns", fileId: Number(id) }],
      links: [{ parent: { type: "Image", id: 1 }, child: { type: "FileAnnotation", id: Number(annotation.id!.val) } }],
      tables: [Number(id)],
      contentFiles: [String(id)],
      sessions: [{ user: "ann", connections: 1, statefulServices: 1 }],
      connections: 1,
    });
    expect(contents.openTables).toEqual(new Map([[Number(id), 1]]));
    expect(contents.files[0]!.size).toBeGreaterThan(0);
    await table.close();
    expect((await server.contents()).openTables.size).toBe(0);
  });

  it("drops connections and goes on", async () => {
    await using server = await startServer();
    const client = await TestClient.logIn(server);
    await client.factory.detachOnDestroy();
    server.dropConnections();
    await expect(client.factory.keepAlive(null)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await client.ice.destroy();
    const uuid = client.sessionUuid;
    await using again = await TestClient.logIn(server, { user: uuid, password: uuid });
    expect(again.sessionUuid).toBe(uuid);
  });

  it("can be killed from within a call", async () => {
    const server = await startServer({
      beforeCall: ({ operation }) => (operation === "addData" ? server.kill() : undefined),
    });
    const client = await TestClient.logIn(server);
    const table = await client.newTable();
    await table.initialize(emptyColumns(FIELDS) as readonly Column[]);
    const adding = table.addData(fromColumnBatch(batchOf(FIELDS, [1])) as readonly Column[]);
    await expect(adding).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await server.kill();
    await expect(TestClient.logIn(server)).rejects.toMatchObject({ code: "CONNECTION_REFUSED" });
    expect((await server.contents()).connections).toBe(0);
    await client.ice.destroy();
  });

  it("refuses to read more than an answer holds, and says so", async () => {
    await using server = await startServer({ messageSizeMax: 20_000 });
    await using client = await TestClient.logIn(server);
    const table = await client.newTable();
    await table.initialize(emptyColumns([FIELDS[0]!]) as readonly Column[]);
    const rows = Array.from({ length: 1000 }, (_, row) => row);
    for (let portion = 0; portion < 3; portion++) {
      await table.addData(fromColumnBatch(batchOf([FIELDS[0]!], rows)) as readonly Column[]);
    }
    await expect(table.read(BigInt64Array.of(0n), 0, 0)).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    await expect(table.slice([], [])).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    const withoutNumbers = { context: { "omero.tables.include_row_numbers": "false" } };
    expect((await table.read(BigInt64Array.of(0n), 0, 2000, withoutNumbers))!.columns).toHaveLength(1);
    await expect(table.read(BigInt64Array.of(0n), 0, 2000)).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    await table.close();
  });

  it("lets tests delay and break calls, and logs without secrets", async () => {
    const calls: ServedCall[] = [];
    const entries: LogEntry[] = [];
    const beforeCall = (call: ServedCall) => {
      calls.push(call);
      if (call.operation === "getDatabaseUuid") throw new Error("broken on purpose");
    };
    await using server = await startServer({ latency: 30, beforeCall, log: (entry) => entries.push(entry) });
    const start = Date.now();
    await using client = await TestClient.logIn(server);
    const config = await client.config();
    expect(await config.getVersion()).toMatch(/^5/);
    expect(Date.now() - start).toBeGreaterThanOrEqual(80);
    await expect(config.getDatabaseUuid()).rejects.toThrow(/broken on purpose/);
    await TestClient.logIn(server, { password: "secret-word" }).catch(() => {});
    const served = calls.map(({ operation, user }) => `${operation} ${user}`);
    expect(served.filter((call) => !call.startsWith("addProxies"))).toEqual([
      "createSession undefined",
      "getConfigService user",
      "getVersion user",
      "getDatabaseUuid user",
      "createSession undefined",
    ]);
    const text = entries.map(({ message }) => message).join("\n");
    expect(text).toContain("IConfig.getVersion");
    expect(text).toContain("broken on purpose");
    for (const secret of ["secret-word", "pass\n", client.sessionUuid]) expect(text).not.toContain(secret);
  });
});
