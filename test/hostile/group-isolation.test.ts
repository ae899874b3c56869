/** What members of groups of every kind, and those outside of them, can do with each other's data. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { field } from "../../src/columns/batch.js";
import { emptyColumns, fromColumnBatch } from "../../src/connect/ice/codec/columns/columns.js";
import type {
  Annotation,
  Column,
  IContainer,
  IMetadata,
  IRoi,
  OriginalFile,
  Parameters,
  RawFileStore,
  Table,
} from "../../src/connect/ice/schema/omero.js";
import { rlong, rstring, rtime } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { contentOf, TestClient, text, unloaded } from "../server/client.js";
import { batchOf } from "../server/tables/batches.js";

const KINDS = { secret: "rw----", shown: "rwr---", annotated: "rwra--", shared: "rwrw--" } as const;
type Group = keyof typeof KINDS;
const GROUPS = Object.keys(KINDS) as Group[];
const FIELDS = [field("n", "Long"), field("s", "String", 8)];
const EVERYWHERE = { context: { "omero.group": "-1" } };
/** Which images are asked for: those made since a time, without which the call is refused. */
const SINCE_EVER = {
  iceId: "::omero::sys::Parameters",
  map: new Map(),
  theFilter: { startTime: rtime(0) },
} as unknown as Parameters;
/** In the names of all that Olga has. */
const MARK = "marked-4be1";

/** What Olga has in a group. */
interface Belongings {
  readonly groupId: bigint;
  readonly imageId: bigint;
  readonly roiId: bigint;
  readonly tableId: bigint;
  readonly fileId: bigint;
  readonly annotationId: bigint;
  readonly context: Record<string, string>;
  /** Handles that she holds open. */
  readonly table: Table;
  readonly store: RawFileStore;
}

let server: OmeroServer;
let olga: TestClient;
/** In all groups, and in his own. */
let max: TestClient;
/** In no group of theirs. */
let otto: TestClient;
const belongings = new Map<Group, Belongings>();

beforeAll(async () => {
  server = await startServer({
    tables: "memory",
    groups: [...GROUPS.map((name) => ({ name, permissions: KINDS[name] })), { name: "outside", permissions: "rwrw--" }],
    users: [
      { name: "olga", password: "pass-olga", groups: GROUPS },
      { name: "max", password: "pass-max", groups: GROUPS },
      { name: "otto", password: "pass-otto", groups: ["outside"] },
    ],
    objects: GROUPS.flatMap((group, index) => [
      { type: "Image", id: index + 1, name: `${MARK} image ${index + 1}`, group },
      { type: "Roi", id: index + 1, group, references: { image: { type: "Image", id: index + 1 } } },
    ]),
  });
  [olga, max, otto] = (await Promise.all(
    ["olga", "max", "otto"].map((user) => TestClient.logIn(server, { user, password: `pass-${user}` })),
  )) as [TestClient, TestClient, TestClient];
  for (const [index, group] of GROUPS.entries()) belongings.set(group, await settle(group, BigInt(index + 1)));
});
afterAll(async () => {
  for (const client of [olga, max, otto]) await client[Symbol.asyncDispose]();
  await server.close();
});

async function settle(group: Group, id: bigint): Promise<Belongings> {
  const groupId = (await (await olga.admin()).lookupGroup(group))!.id!.val;
  const context = { "omero.group": String(groupId) };
  const table = await olga.newTable(`${MARK} table`, context);
  await table.initialize(emptyColumns(FIELDS) as readonly Column[]);
  await table.addData(rows());
  const tableId = (await table.getOriginalFile())!.id!.val;
  const update = await olga.update();
  const file = {
    iceId: "::omero::model::OriginalFile",
    name: rstring(`${MARK} file`),
    path: rstring("/"),
  } as OriginalFile;
  const fileId = (await update.saveAndReturnObject(file, { context }))!.id!.val;
  const store = await olga.rawFileStore();
  await store.setFileId(fileId, { context });
  await store.write(Buffer.from(`${MARK} content`), 0n, 19);
  const link = {
    iceId: "::omero::model::ImageAnnotationLink",
    parent: unloaded("Image", id),
    child: {
      iceId: "::omero::model::FileAnnotation",
      ns: text(`${MARK} namespace`),
      file: unloaded("OriginalFile", tableId),
    },
  };
  const saved = (await update.saveAndReturnObject(link as never, { context })) as unknown as { child: Annotation };
  const annotationId = saved.child.id!.val;
  return { groupId, imageId: id, roiId: id, tableId, fileId, annotationId, context, table, store };
}

function rows(): readonly Column[] {
  return fromColumnBatch(batchOf(FIELDS, [1, 2, 3])) as readonly Column[];
}

async function services(client: TestClient) {
  const { factory, ice } = client;
  return {
    query: await client.query(),
    update: await client.update(),
    metadata: ice.service<IMetadata>((await factory.getMetadataService())!, "::omero::api::IMetadata"),
    container: ice.service<IContainer>((await factory.getContainerService())!, "::omero::api::IContainer"),
    roi: ice.service<IRoi>((await factory.getRoiService())!, "::omero::api::IRoi"),
  };
}

const ids = (id: bigint) => BigInt64Array.of(id);

/** What a client gets to see of someone's belongings: by each way there is, whether anything is seen. */
async function seen(client: TestClient, owned: Belongings, context: Record<string, string>) {
  const { imageId, roiId, tableId, fileId, annotationId } = owned;
  const { query, metadata, container, roi } = await services(client);
  const options = { context };
  const none: never[] = [];
  const ways: Record<string, () => Promise<unknown>> = {
    get: () => query.get("OriginalFile", fileId, options),
    find: () => query.find("Image", imageId, options),
    "find by name": () => query.findByString("Image", "name", `${MARK} image ${imageId}`, options),
    "find all": async () => only(await query.findAll("FileAnnotation", null, options), annotationId),
    query: async () =>
      only(await query.findAllByQuery(`from OriginalFile f where f.name like '${MARK}%'`, null, options), fileId),
    projection: async () => {
      const hql = `select f.name from OriginalFile f where f.id in (${tableId}, ${fileId})`;
      return (await query.projection(hql, null, options))[0];
    },
    "joined query": async () => {
      const hql = `select l.child.file.name from ImageAnnotationLink l where l.parent.id = ${imageId}`;
      return (await query.projection(hql, null, options))[0];
    },
    aggregate: async () => {
      const hql = `select count(*) from FileAnnotation a where a.file.id = ${tableId}`;
      return contentOf((await query.projection(hql, null, options))[0]![0]) !== 0n || undefined;
    },
    subquery: async () => {
      const hql = `select e.id from Experimenter e where exists (select f from OriginalFile f where f.id = ${fileId})`;
      return (await query.projection(hql, null, options))[0];
    },
    annotation: async () => (await metadata.loadAnnotation(ids(annotationId), options))[0],
    annotations: async () =>
      (await metadata.loadAnnotations("Image", ids(imageId), none, new BigInt64Array(0), null, options)).get(
        imageId,
      )![0],
    namespace: async () =>
      (await metadata.loadSpecifiedAnnotations("FileAnnotation", [`${MARK} namespace`], none, null, options)).find(
        (found) => contentOf(found?.id) === annotationId,
      ),
    images: async () => (await container.getImages("Image", ids(imageId), null, options))[0],
    "all images": async () => only(await container.getImagesByOptions(SINCE_EVER, options), imageId),
    count: async () => {
      const counts = await container.getCollectionCount("Image", "annotationLinks", ids(imageId), null, options);
      return counts.get(imageId) !== 0n || undefined;
    },
    regions: async () => (await roi.findByImage(imageId, null, options))!.rois[0],
    region: async () => (await roi.findByRoi(roiId, null, options))!.rois[0],
    table: async () => {
      const table = await client.openTable(tableId, context);
      return table.read(BigInt64Array.of(0n, 1n), 0n, 3n).finally(() => table.close());
    },
    file: async () => {
      const store = await client.rawFileStore();
      await store.setFileId(fileId, options);
      return store.read(0n, 100);
    },
  };
  const found: Record<string, boolean> = {};
  for (const [name, look] of Object.entries(ways)) found[name] = await anything(look);
  return found;
}

function only<T extends { readonly id: unknown }>(objects: readonly (T | null)[], id: bigint): T | undefined {
  return objects.find((object) => contentOf(object?.id) === id) ?? undefined;
}

async function anything(look: () => Promise<unknown>): Promise<boolean> {
  try {
    return ((await look()) ?? undefined) !== undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(SECURITY_VIOLATION|VALIDATION)$/) });
    return false;
  }
}

const allOf = (found: Record<string, boolean>, value: boolean) =>
  Object.fromEntries(Object.keys(found).map((name) => [name, value]));

describe.each(GROUPS)("data of another member of the group %s", (group) => {
  test.each(["in the group", "everywhere"])("are seen where its permissions say so, asked %s", async (where) => {
    const owned = belongings.get(group)!;
    const context = where === "everywhere" ? EVERYWHERE.context : owned.context;
    const found = await seen(max, owned, context);
    expect(found).toEqual(allOf(found, group !== "secret"));
    const own = await seen(olga, owned, context);
    expect(own).toEqual(allOf(own, true));
  });

  test("are not seen from outside, nor from another group", async () => {
    const owned = belongings.get(group)!;
    for (const context of [{}, EVERYWHERE.context, owned.context]) {
      const found = await seen(otto, owned, context as Record<string, string>);
      expect(found).toEqual(allOf(found, false));
    }
    const other = belongings.get(group === "shared" ? "shown" : "shared")!;
    const found = await seen(max, owned, other.context);
    expect(found).toEqual(allOf(found, false));
  });

  test("are changed where its permissions say so", async () => {
    const owned = belongings.get(group)!;
    const before = await server.contents();
    for (const [client, allowed] of [
      [otto, false],
      [max, group === "shared"],
    ] as const) {
      const changes = await changed(client, owned);
      expect(changes).toEqual(allOf(changes, allowed));
      if (!allowed) expect(lasting(await server.contents())).toEqual(lasting(before));
    }
    const content = Buffer.from(await owned.store.read(0n, 7)).toString();
    expect(content).toBe(group === "shared" ? "changed" : MARK.slice(0, 7));
  });

  test("are annotated where its permissions say so", async () => {
    const { imageId, context } = belongings.get(group)!;
    const annotate = async (client: TestClient) => {
      const child = { iceId: "::omero::model::TagAnnotation", textValue: text("a tag") };
      const link = { iceId: "::omero::model::ImageAnnotationLink", parent: unloaded("Image", imageId), child };
      return (await client.update()).saveAndReturnObject(link as never, { context });
    };
    expect(await anything(() => annotate(max))).toBe(group === "annotated" || group === "shared");
    expect(await anything(() => annotate(otto))).toBe(false);
  });
});

/** What a client can change of someone's belongings, short of deleting them. */
async function changed(client: TestClient, { tableId, fileId, context }: Belongings) {
  const { query, update } = await services(client);
  const options = { context };
  const withTable = async (use: (table: Table) => Promise<unknown>) => {
    const table = await client.openTable(tableId, context);
    await use(table).finally(() => table.close());
    return true;
  };
  const ways: Record<string, () => Promise<unknown>> = {
    rows: () => withTable((table) => table.addData(rows())),
    cells: () =>
      withTable((table) =>
        table.update({ iceId: "::omero::grid::Data", rowNumbers: [0n], columns: firstRow() } as never),
      ),
    metadata: () => withTable((table) => table.setMetadata("key", rlong(1))),
    "all metadata": () => withTable((table) => table.setAllMetadata(new Map([["key", rlong(1)]]))),
    content: async () => {
      const store = await client.rawFileStore();
      await store.setFileId(fileId, options);
      await store.write(Buffer.from("changed"), 0n, 7);
      return true;
    },
    "end of content": async () => {
      const store = await client.rawFileStore();
      await store.setFileId(fileId, options);
      return store.truncate(18n);
    },
    name: async () => {
      const file = { ...(await query.get("OriginalFile", fileId, options)), name: rstring("renamed") };
      return update.saveAndReturnObject(file as never, options);
    },
  };
  const done: Record<string, boolean> = {};
  for (const [name, change] of Object.entries(ways)) done[name] = await anything(change);
  return done;
}

function firstRow(): readonly Column[] {
  return fromColumnBatch(batchOf(FIELDS, [9])) as readonly Column[];
}

function lasting({ files, annotations, links, tables }: Awaited<ReturnType<OmeroServer["contents"]>>) {
  return { files, annotations, links, tables };
}

describe("handles on the same table", () => {
  test("are each session's own, also where both may read it", async () => {
    const { tableId, context, table } = belongings.get("shown")!;
    const theirs = await max.openTable(tableId, context);
    const before = await table.getNumberOfRows();
    await expect(theirs.addData(rows())).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    await expect(theirs.delete()).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    await theirs.close();
    expect(await table.getNumberOfRows()).toBe(before);
    await table.addData(rows());
    expect(await table.getNumberOfRows()).toBe(before + 3n);
  });

  test("show nothing any more once the table is deleted", async () => {
    const { context } = belongings.get("annotated")!;
    const table = await olga.newTable("to be deleted", context);
    await table.initialize(emptyColumns(FIELDS) as readonly Column[]);
    await table.addData(rows());
    const id = (await table.getOriginalFile())!.id!.val;
    const theirs = await max.openTable(id, context);
    await table.delete();
    await expect(theirs.getOriginalFile()).rejects.toMatchObject({ code: "VALIDATION" });
    await theirs.read(BigInt64Array.of(0n), 0n, 3n).then(
      // Rows that were read with permission may still be at hand; other tables' never are.
      (data) => expect(data!.columns).toHaveLength(1),
      (error) => expect(error.name).toBe("ServerError"),
    );
    await theirs.close();
    await expect(max.openTable(id, context)).rejects.toMatchObject({ code: "VALIDATION" });
  });
});

test("nothing of a name, a content or a namespace is in any answer to an outsider", async () => {
  const { query, metadata } = await services(otto);
  const answers = [
    ...[
      "IObject",
      "OriginalFile",
      "Image",
      "Annotation",
      "ImageAnnotationLink",
      "Roi",
      "Event",
      "Session",
      "Experimenter",
    ].map((type) => query.findAllByQuery(`from ${type} o`, null, EVERYWHERE)),
    query.projection("select o.class, o.id, o.details.owner.omeName from IObject o", null, EVERYWHERE),
    query.projection("select max(f.name), min(f.name), count(f.name) from OriginalFile f", null, EVERYWHERE),
    query.projection("select e.omeName from Experimenter e order by e.omeName", null, EVERYWHERE),
    metadata.loadSpecifiedAnnotations("Annotation", [], [], null, EVERYWHERE),
    otto.submit({ iceId: "::omero::cmd::CurrentSessionsRequest" }),
  ];
  const told = (await Promise.allSettled(answers)).map((answer) => JSON.stringify(answer, plain));
  expect(told.filter((answer) => answer.includes('"fulfilled"')).length).toBeGreaterThan(9);
  for (const answer of told) {
    for (const secret of [MARK, "pass-olga", olga.sessionUuid, max.sessionUuid]) expect(answer).not.toContain(secret);
  }
});

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Map ? [...value] : value;
}
