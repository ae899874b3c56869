/** What one session has, no other reaches or sees without permission. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { field } from "../../src/columns/batch.js";
import { createIceClient, type IceClient } from "../../src/connect/ice/client/ice-client.js";
import { emptyColumns } from "../../src/connect/ice/codec/columns/columns.js";
import type { ProxyRef } from "../../src/connect/ice/codec/proxy-ref.js";
import type { IQuery, IUpdate, OriginalFile, Router, Table } from "../../src/connect/ice/schema/omero.js";
import { getOperation, loadSchema, type Service } from "../../src/connect/ice/schema/schema.js";
import { rstring } from "../../src/rtypes.js";
import type { OmeroServer } from "../../src/server/index.js";
import { startLabServer } from "../connect/embedded.js";
import { contentOf, TestClient, unloaded } from "../server/client.js";
import { callTo } from "../support/calls.js";
import { batch, logInRequest, messages, openSocket, request, requestBody } from "./frames.js";
import { ManglingProxy } from "./mangling-proxy.js";

let server: OmeroServer;
let ana: TestClient;
/** Of the same group as Ana. */
let ben: TestClient;
/** Of no group of Ana's. */
let cyd: TestClient;
/** Ana once more, in another session. */
let otherAna: TestClient;
/** All that Ana's session offers, by Slice type. */
let offered: Map<string, ProxyRef>;
/** The file of Ana's table. */
let fileId: bigint;

beforeAll(async () => {
  server = await startLabServer();
  ana = await TestClient.logIn(server, { user: "ana", password: "pass-ana" });
  otherAna = await TestClient.logIn(server, { user: "ana", password: "pass-ana" });
  ben = await TestClient.logIn(server, { user: "ben", password: "pass-ben" });
  cyd = await TestClient.logIn(server, { user: "cyd", password: "pass-cyd" });
  offered = await everythingOf(ana);
});
afterAll(async () => {
  for (const client of [ana, otherAna, ben, cyd]) await client[Symbol.asyncDispose]();
  await server.close();
});

async function everythingOf({ ice, factory, factoryProxy }: TestClient): Promise<Map<string, ProxyRef>> {
  const found = new Map<string, ProxyRef>([["::omero::api::ServiceFactory", factoryProxy]]);
  const getters = {
    "::omero::api::IQuery": () => factory.getQueryService(),
    "::omero::api::IUpdate": () => factory.getUpdateService(),
    "::omero::api::IAdmin": () => factory.getAdminService(),
    "::omero::api::IConfig": () => factory.getConfigService(),
    "::omero::api::IContainer": () => factory.getContainerService(),
    "::omero::api::IMetadata": () => factory.getMetadataService(),
    "::omero::api::IRoi": () => factory.getRoiService(),
    "::omero::api::ISession": () => factory.getSessionService(),
    "::omero::api::ITypes": () => factory.getTypesService(),
    "::omero::grid::SharedResources": () => factory.sharedResources(),
    "::omero::api::RawFileStore": () => factory.createRawFileStore(),
    "::omero::cmd::Handle": () => factory.submit({ iceId: "::omero::cmd::Delete2", targetObjects: new Map() } as never),
  };
  for (const [sliceId, get] of Object.entries(getters)) found.set(sliceId, (await get())!);
  const resources = await ana.resources();
  const table = (await resources.newTable(1n, "private table"))!;
  found.set("::omero::grid::Table", table);
  const service = ice.service<Table>(table, "::omero::grid::Table");
  await service.initialize(emptyColumns([field("n", "Long")]) as never);
  fileId = (await service.getOriginalFile())!.id!.val;
  return found;
}

/** Operations of a service and its bases. */
function operationsOf(service: Service): string[] {
  return [...service.operations.keys(), ...service.bases.flatMap(operationsOf)];
}

/** What comes of each operation of an object, called without parameters. */
async function sweep(ice: IceClient, sliceId: string, proxy: ProxyRef): Promise<Set<string>> {
  const codes = new Set<string>();
  for (const name of [...operationsOf(loadSchema().findService(sliceId)!), "ice_ping", "ice_ids"]) {
    const { mode } = getOperation(sliceId, name);
    const code = await ice.invoke(callTo(proxy, name, mode)).then(
      () => "answered",
      (error) => error.code as string,
    );
    codes.add(code);
  }
  return codes;
}

describe("objects of a session", () => {
  test("are out of reach for other users, other sessions of the same user and strangers", async () => {
    const stranger = await createIceClient({ host: "127.0.0.1", port: server.port, transport: "tcp" });
    for (const ice of [otherAna.ice, ben.ice, cyd.ice, stranger]) {
      for (const [sliceId, proxy] of offered) {
        expect([sliceId, await sweep(ice, sliceId, proxy)]).toEqual([sliceId, new Set(["NO_SUCH_OBJECT"])]);
      }
    }
    await stranger.destroy();
    // They are there, for Ana.
    for (const [sliceId, proxy] of offered) {
      if (sliceId.endsWith("ServiceFactory")) continue;
      expect(await ana.ice.invoke(callTo(proxy, "ice_ping", 1))).toMatchObject({ kind: "ok" });
    }
  });

  test("are out of reach of calls that want no answers, single and in batches", async () => {
    const held = await server.contents();
    const socket = await openSocket(server.port);
    const answers = messages(socket, 3);
    socket.write(request(1, logInRequest("cyd", "pass-cyd")));
    await expect.poll(async () => (await server.contents()).sessions.length).toBe(held.sessions.length + 1);
    const calls = [...offered].flatMap(([sliceId, { identity }]) =>
      operationsOf(loadSchema().findService(sliceId)!).map((operation) => {
        const { mode } = getOperation(sliceId, operation);
        return { identity, operation, mode, context: { "omero.group": "-1" } };
      }),
    );
    expect(calls.map(({ operation }) => operation)).toEqual(expect.arrayContaining(["close", "delete", "destroy"]));
    socket.write(Buffer.concat(calls.map((call) => request(0, call))));
    socket.write(batch(calls.map((call) => requestBody(call))));
    socket.write(request(2, { ...calls[0]!, operation: "ice_ping", mode: 1 }));
    // The greeting, and the answers to the log-in and to the last call.
    const ids = (await answers).slice(1).map((answer) => answer.readInt32LE(14));
    expect(ids).toEqual([1, 2]);
    socket.destroy();
    await expect.poll(async () => (await server.contents()).sessions.length).toBe(held.sessions.length);
    expect(lasting(await server.contents())).toEqual(lasting(held));
    for (const [sliceId, proxy] of offered) {
      if (sliceId.endsWith("ServiceFactory")) continue;
      expect(await ana.ice.invoke(callTo(proxy, "ice_ping", 1))).toMatchObject({ kind: "ok" });
    }
  });

  test("are not found under one's own session either", async () => {
    for (const [sliceId, { identity }] of offered) {
      if (sliceId.startsWith("::omero::api::I") || sliceId.endsWith("SharedResources")) continue;
      const own = cyd.ice.proxy(`"${cyd.sessionUuid}/${identity.name}"`);
      expect([sliceId, await sweep(cyd.ice, sliceId, own)]).toEqual([sliceId, new Set(["NO_SUCH_OBJECT"])]);
    }
  });

  test("end with it, for those too who had joined", async () => {
    const first = await TestClient.logIn(server, { user: "ben", password: "pass-ben" });
    const uuid = first.sessionUuid;
    const joined = await TestClient.logIn(server, { user: uuid, password: uuid });
    const store = (await first.factory.createRawFileStore())!;
    expect(await joined.ice.invoke(callTo(store, "ice_ping", 1))).toMatchObject({ kind: "ok" });
    const session = { iceId: "::omero::model::Session", uuid: rstring(uuid) } as never;
    while ((await (await first.sessions()).closeSession(session).catch(() => 0)) > 0);
    for (const client of [first, joined]) {
      const left = await client.ice.invoke(callTo(store, "getFileId", 1)).then(
        ({ kind }) => kind,
        (error) => error.code as string,
      );
      expect(left).not.toBe("ok");
      await client.ice.destroy();
    }
    await expect(TestClient.logIn(server, { user: uuid, password: uuid })).rejects.toMatchObject({
      code: "WRONG_CREDENTIALS",
    });
  });
});

describe("a session's key", () => {
  test("is not told to others, whatever they ask", async () => {
    const received: Buffer[] = [];
    await using proxy = await ManglingProxy.start(server.port, (bytes, direction) => {
      if (direction === "toClient") received.push(Buffer.from(bytes));
      return bytes;
    });
    const client = await TestClient.logIn({ host: "127.0.0.1", port: proxy.port } as OmeroServer, {
      user: "ben",
      password: "pass-ben",
    });
    const [query, admin, sessions] = [await client.query(), await client.admin(), await client.sessions()];
    const everywhere = { context: { "omero.group": "-1" } };
    const questions: (() => Promise<unknown>)[] = [
      () => query.findAllByQuery("from OriginalFile f join fetch f.details.creationEvent", null, everywhere),
      () => query.findAllByQuery("from Session s", null, everywhere),
      () => query.projection("select o.details.creationEvent.session.uuid from IObject o", null, everywhere),
      () => query.projection("select s.uuid from Session s", null, everywhere),
      () => query.find("OriginalFile", fileId, everywhere),
      () => admin.getEventContext(),
      () => admin.lookupExperimenters(),
      () => admin.lookupGroups(),
      () => sessions.getMyOpenSessions(),
      () => sessions.getMyOpenAgentSessions(""),
      () => client.factory.activeServices(),
      () => client.factory.getByName([...offered.values()].at(-1)!.identity.name),
    ];
    const answers = await Promise.allSettled(questions.map((ask) => ask()));
    expect(answers.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(5);
    await client[Symbol.asyncDispose]();
    const all = Buffer.concat(received);
    expect(all.includes(client.sessionUuid)).toBe(true);
    for (const secret of [ana.sessionUuid, otherAna.sessionUuid, "pass-ana", "pass-ben"]) {
      expect(all.includes(secret)).toBe(false);
    }
  });

  test("is not found by trying", async () => {
    const { sessionUuid } = ana;
    const tries = ["", sessionUuid.slice(0, -1), sessionUuid.toUpperCase(), `${sessionUuid}0`, `${sessionUuid}\0`, "%"];
    for (const key of tries) {
      const joining = TestClient.logIn(server, { user: key, password: key });
      await expect(joining, key.replace(sessionUuid, "")).rejects.toMatchObject({ code: "WRONG_CREDENTIALS" });
    }
  });

  test("cannot be used to end the session by whoever does not have it", async () => {
    const ice = await createIceClient({ host: "127.0.0.1", port: server.port, transport: "tcp" });
    await expect(ice.service<Router>(ice.router, "::Glacier2::Router").destroySession()).rejects.toMatchObject({
      code: "SESSION_EXPIRED",
    });
    await ice.destroy();
    expect(await ana.factory.keepAlive(ana.factoryProxy)).toBe(true);
  });
});

describe("data of a group", () => {
  const everywhere = { context: { "omero.group": "-1" } };

  test("are not seen from outside, by any query", async () => {
    const { files, annotations } = await server.contents();
    const { userId } = await cyd.eventContext();
    const hidden = [...files, ...annotations].filter(({ owner }) => BigInt(owner) !== userId);
    expect(hidden.length).toBeGreaterThan(0);
    const query = await cyd.query();
    const rows = await query.projection("select o.class, o.id from IObject o", null, everywhere);
    const seen = new Set(rows.map(([type, id]) => `${String(contentOf(type)).split(".").at(-1)}:${contentOf(id)}`));
    for (const { type, id } of hidden) expect(seen).not.toContain(`${type}:${id}`);
    for (const text of [
      `select f.name from OriginalFile f where f.id = ${fileId}`,
      `select count(*) from OriginalFile f where f.name like 'private%'`,
      `select a.id from FileAnnotation a where a.file.id = ${fileId}`,
    ]) {
      const found = await query.projection(text, null, everywhere);
      expect(found.flat().every((value) => contentOf(value) === 0n)).toBe(true);
    }
  });

  test("are not opened, written or removed from outside", async () => {
    const query: IQuery = await cyd.query();
    const update: IUpdate = await cyd.update();
    const held = await server.contents();
    const context = await groupOfFile();
    const refused = { code: expect.stringMatching(/^(SECURITY_VIOLATION|VALIDATION|API_USAGE|SERVER_FAILURE)$/) };
    const attempts: (() => Promise<unknown>)[] = [
      () => query.get("OriginalFile", fileId),
      () => query.get("OriginalFile", fileId, everywhere),
      () => query.get("OriginalFile", fileId, { context }),
      () => query.get("Image", 1),
      () => cyd.openTable(fileId),
      () => cyd.openTable(fileId, { "omero.group": "-1" }),
      () => cyd.openTable(fileId, context),
      async () => (await cyd.rawFileStore()).setFileId(fileId),
      async () => (await cyd.rawFileStore()).setFileId(fileId, { context }),
      () => update.saveAndReturnObject({ ...unloaded<OriginalFile>("OriginalFile", fileId), loaded: true } as never),
      () => update.deleteObject(unloaded("OriginalFile", fileId) as never),
      () => cyd.factory.setSecurityContext(unloaded("ExperimenterGroup", BigInt(context["omero.group"])) as never),
      () =>
        update.saveAndReturnObject({
          iceId: "::omero::model::FileAnnotation",
          file: unloaded("OriginalFile", fileId),
        } as never),
    ];
    for (const [number, attempt] of attempts.entries()) {
      await expect(attempt(), `attempt ${number}`).rejects.toMatchObject(refused);
    }
    const targets = new Map([["OriginalFile", BigInt64Array.of(fileId)]]);
    const deletion = await cyd.submit({ iceId: "::omero::cmd::Delete2", targetObjects: targets });
    expect(deletion.iceId).not.toBe("::omero::cmd::Delete2Response");
    expect(lasting(await server.contents())).toEqual(lasting(held));
  });

  test("are read but not changed by other members of a read-annotate group", async () => {
    const file = await (await ben.query()).get("OriginalFile", fileId);
    expect(contentOf((file as { name?: unknown }).name)).toBe("private table");
    const held = await server.contents();
    const table = await ben.openTable(fileId);
    await expect(table.setMetadata("key", rstring("value"))).rejects.toMatchObject({ name: "ServerError" });
    await table.close();
    const targets = new Map([["OriginalFile", BigInt64Array.of(fileId)]]);
    const deletion = await ben.submit({ iceId: "::omero::cmd::Delete2", targetObjects: targets });
    expect(deletion.iceId).not.toBe("::omero::cmd::Delete2Response");
    expect(lasting(await server.contents())).toEqual(lasting(held));
  });

  async function groupOfFile(): Promise<{ "omero.group": string }> {
    const { files } = await server.contents();
    return { "omero.group": String(files.find(({ id }) => id === Number(fileId))!.group) };
  }
});

function lasting({ files, annotations, links, tables, contentFiles }: Awaited<ReturnType<OmeroServer["contents"]>>) {
  return { files, annotations, links, tables, contentFiles };
}
