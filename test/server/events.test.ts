import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Dataset, Event, EventLog, ITimeline, Parameters } from "../../src/connect/ice/schema/omero.js";
import { rlong, rstring, rtime } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { TestClient, unloaded } from "./client.js";

const OPTIONS = {
  users: [
    { name: "ann", password: "ann", groups: ["lab"] },
    { name: "bob", password: "bob", groups: ["lab"] },
    { name: "root", password: "root" },
  ],
  groups: [{ name: "lab", permissions: "rwr---" }],
  objects: [],
  tables: "memory" as const,
};

let directory: string;
let server: OmeroServer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-events-"));
  server = await startServer({ ...OPTIONS, directory });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

const logIn = (name: string) => TestClient.logIn(server, { user: name, password: name });
const dataset = (name: string) =>
  ({ iceId: "::omero::model::Dataset", id: null, loaded: true, details: null, name: rstring(name) }) as Dataset;
const parameters = (map: Record<string, unknown>, filter: object | null = null) =>
  ({
    iceId: "::omero::sys::Parameters",
    map: new Map(Object.entries(map)),
    theFilter: filter,
  }) as unknown as Parameters;

async function select(client: TestClient, query: string, map: Record<string, unknown> = {}): Promise<unknown[][]> {
  const rows = await (await client.query()).projection(query, parameters(map));
  return rows.map((row) => row.map((value) => (value as { val: unknown } | null)?.val ?? null));
}

const logsOf = (client: TestClient, id: bigint) =>
  select(
    client,
    "select l.action, l.event.type.value, l.event.experimenter.omeName from EventLog l " +
      "where l.entityId = :id and l.entityType = 'ome.model.containers.Dataset' order by l.id",
    { id: rlong(id) },
  );

it("makes an event of every call that writes, with an entry for each object", async () => {
  await using ann = await logIn("ann");
  const update = await ann.update();
  const saved = (await update.saveAndReturnArray([dataset("one"), dataset("two")])) as Dataset[];
  const [one, two] = saved.map(({ id }) => id!.val) as [bigint, bigint];
  const shared = "select count(distinct d.details.creationEvent.id) from Dataset d where d.id in (:ids)";
  expect(await select(ann, shared, { ids: { iceId: "::omero::RList", val: [rlong(one), rlong(two)] } })).toEqual([
    [1n],
  ]);
  await update.saveAndReturnObject({ ...saved[0]!, description: rstring("changed") } as Dataset);
  await update.deleteObject(unloaded("Dataset", two));
  expect(await logsOf(ann, one)).toEqual([
    ["INSERT", "User", "ann"],
    ["UPDATE", "User", "ann"],
  ]);
  expect((await logsOf(ann, two)).map(([action]) => action)).toEqual(["INSERT", "DELETE"]);
});

it("notes nothing of a call that fails", async () => {
  await using ann = await logIn("ann");
  const nameless = { ...dataset(""), name: null } as unknown as Dataset;
  const count = () => select(ann, "select count(l) from EventLog l");
  const before = await count();
  await expect((await ann.update()).saveAndReturnArray([dataset("lost"), nameless])).rejects.toThrow();
  expect(await count()).toEqual(before);
});

it("shows events to everybody, and sessions to their users and administrators", async () => {
  await using ann = await logIn("ann");
  await using bob = await logIn("bob");
  await using root = await logIn("root");
  const saved = (await (await ann.update()).saveAndReturnObject(dataset("seen"))) as Dataset;
  const event = saved.details!.updateEvent as Event;
  expect(event.session?.id?.val).toBeGreaterThan(0n);
  expect(((await (await bob.query()).get("Event", event.id!.val)) as Event).experimenter!.id).toEqual(
    saved.details!.owner!.id,
  );
  const sessions = (client: TestClient) =>
    select(client, "select s.owner.omeName from Session s where s.id = :id", { id: event.session!.id });
  expect(await Promise.all([ann, bob, root].map(sessions))).toEqual([[["ann"]], [], [["ann"]]]);
  await expect((await bob.query()).get("Session", event.session!.id!.val)).rejects.toThrow(/Cannot read/);
});

it("tells in the timeline of projects and datasets, the user's own unless others are asked for", async () => {
  await using ann = await logIn("ann");
  await using bob = await logIn("bob");
  const timeline = async (client: TestClient) =>
    client.ice.service<ITimeline>((await client.factory.getTimelineService())!, "::omero::api::ITimeline");
  const around = [rtime(Date.now() - 60_000), rtime(Date.now() + 60_000)] as const;
  const logs = (await (await timeline(ann)).getEventLogsByPeriod(...around, parameters({}))) as EventLog[];
  expect(logs.map(({ entityType, action }) => `${entityType!.val} ${action!.val}`)).toContain(
    "ome.model.containers.Dataset UPDATE",
  );
  const owner = {
    iceId: "::omero::sys::Filter",
    ownerId: logs[0]!.event!.experimenter!.id,
    limit: { iceId: "::omero::RInt", val: 1 },
  };
  expect(await (await timeline(bob)).getEventLogsByPeriod(...around, parameters({}))).toEqual([]);
  expect(await (await timeline(bob)).getEventLogsByPeriod(...around, parameters({}, owner))).toHaveLength(1);
  expect(await (await timeline(ann)).countByPeriod(["Image", "Annotation"], ...around, parameters({}))).toEqual(
    new Map([
      ["Image", 0n],
      ["Annotation", -1n],
    ]),
  );
});

it("keeps events, and who made them, when the server starts anew", async () => {
  let id: bigint;
  {
    await using ann = await logIn("ann");
    const saved = (await (await ann.update()).saveAndReturnObject(dataset("kept"))) as Dataset;
    id = saved.id!.val;
  }
  await server.close();
  server = await startServer({ ...OPTIONS, directory });
  await using ann = await logIn("ann");
  expect(await logsOf(ann, id)).toEqual([["INSERT", "User", "ann"]]);
  const session =
    "select s.owner.omeName from Dataset d join d.details.creationEvent e join e.session s where d.id = :id";
  expect(await select(ann, session, { id: rlong(id) })).toEqual([["ann"]]);
  const saved = (await (await ann.update()).saveAndReturnObject(dataset("later"))) as Dataset;
  const later = await select(ann, "select max(e.id) from Event e");
  expect(later).toEqual([[saved.details!.creationEvent!.id!.val]]);
});
