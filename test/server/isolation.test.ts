import { describe, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import { emptyColumns, fromColumnBatch } from "../../src/connect/ice/codec/columns/columns.js";
import type {
  Column,
  IQuery,
  OriginalFile,
  RawFileStore,
  ServiceFactory,
  Table,
} from "../../src/connect/ice/schema/omero.js";
import { startServer } from "../../src/server/index.js";
import { connect, routerOf, TestClient, unloaded } from "./client.js";
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

describe("sessions of different users", () => {
  it("see nothing of each other", async () => {
    await using server = await startServer({ users: USERS, groups: GROUPS });
    await using ann = await TestClient.logIn(server, { user: "ann", password: "a" });
    await using bob = await TestClient.logIn(server, { user: "bob", password: "b" });
    const id = await upload(ann, "private");
    const table = await ann.openTable(id);
    const store = await ann.rawFileStore();
    await store.setFileId(id);
    const proxies = {
      table: (await (await ann.resources()).openTable(unloaded<OriginalFile>("OriginalFile", id)))!,
      store: (await ann.factory.createRawFileStore())!,
      query: (await ann.factory.getQueryService())!,
    };
    const calls = [
      bob.ice.service<ServiceFactory>(ann.factoryProxy, "::omero::api::ServiceFactory").keepAlive(null),
      bob.ice.service<Table>(proxies.table, "::omero::grid::Table").getNumberOfRows(),
      bob.ice.service<RawFileStore>(proxies.store, "::omero::api::RawFileStore").getFileId(),
      bob.ice.service<IQuery>(proxies.query, "::omero::api::IQuery").find("Image", 1),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    expect(await bob.factory.keepAlive(proxies.table)).toBe(false);
    expect(await ann.factory.keepAlive(proxies.table)).toBe(true);
    expect(await ann.factory.keepAllAlive([proxies.table, null, proxies.query])).toBe(5n);
    await expect((await bob.query()).find("OriginalFile", id)).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    await expect(bob.openTable(id)).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    await expect((await bob.rawFileStore()).setFileId(id)).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    expect(
      await (await bob.query()).findAllByQuery("from OriginalFile f where f.mimetype = 'OMERO.tables'", null),
    ).toEqual([]);
    expect((await bob.factory.activeServices()).length).toBe(1);
    const response = await bob.submit({ iceId: "::omero::cmd::CurrentSessionsRequest" });
    expect(JSON.stringify(response, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      ann.sessionUuid,
    );
    await table.close();
  });

  it("cannot be had in place of the router", async () => {
    await using server = await startServer();
    await using client = await TestClient.logIn(server);
    const ice = await connect(server);
    const fake = ice.service<ServiceFactory>(routerProxyAs(ice, client.sessionUuid), "::omero::api::ServiceFactory");
    await expect(fake.getQueryService()).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    expect(await routerOf(ice).getCategoryForClient()).toBe("");
    await ice.destroy();
  });
});

function routerProxyAs(ice: Awaited<ReturnType<typeof connect>>, uuid: string) {
  return ice.proxy(`session-/${uuid}`);
}
