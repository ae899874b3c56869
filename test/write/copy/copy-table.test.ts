import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ColumnBatch, field } from "../../../src/columns/batch.js";
import { listTables } from "../../../src/gateway/files/attached-file.js";
import { openTable } from "../../../src/gateway/tables/open-table.js";
import { addTableMethods, readTable, tableObjects } from "../../../src/read/index.js";
import { rint } from "../../../src/rtypes.js";
import type { ObjectOptions } from "../../../src/server/index.js";
import { copyTable, getTableMetadata, uploadTable } from "../../../src/write/index.js";
import { link, listed, ServedWorld } from "../../gateway/served-world.js";

const reference = (type: string, id: number) => ({ type, id });
addTableMethods();

/** A plate with wells A1 and A2, and an image in each. */
function plate(id: number, names: readonly string[] = ["one", "two"]): ObjectOptions[] {
  const objects: ObjectOptions[] = [{ type: "Plate", id, name: `plate ${id}` }];
  for (const [index, name] of names.entries()) {
    const own = id * 10 + index;
    objects.push(
      { type: "Image", id: own, name },
      {
        type: "Well",
        id: own,
        references: { plate: reference("Plate", id) },
        values: { row: rint(0), column: rint(index) },
      },
      { type: "WellSample", id: own, references: { well: reference("Well", own), image: reference("Image", own) } },
    );
  }
  return objects;
}

function rows(
  fields: readonly [string, "Image" | "Well" | "Long"][],
  columns: readonly (readonly bigint[])[],
): ColumnBatch {
  return {
    fields: fields.map(([name, type]) => field(name, type)),
    columns: columns.map((values) => ({ kind: "long", values: BigInt64Array.from(values) })),
    rowCount: columns[0]!.length,
    rowNumbers: { start: 0, step: 1 },
  };
}

let world: ServedWorld;
let other: ServedWorld;
beforeAll(async () => {
  const dataset = [
    { type: "Dataset", id: 1 },
    { type: "Image", id: 1, name: "one" },
    link(["Dataset", 1], ["Image", 1]),
  ];
  [world, other] = await Promise.all([
    ServedWorld.start([...plate(1), ...plate(2, ["one"]), ...dataset]),
    ServedWorld.start([...plate(5), ...plate(6, ["one", "three"])]),
  ]);
});
afterAll(() => Promise.all([world[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]));

let fileId: number;
beforeEach(async () => {
  const columns = [
    [10n, 11n, -1n],
    [10n, 11n, 10n],
    [7n, 8n, 9n],
  ];
  const batch = rows(
    [
      ["Image", "Image"],
      ["in well", "Well"],
      ["count", "Long"],
    ],
    columns,
  );
  const options = { connection: world.connection, parentType: "Plate", parentId: 1, metadata: { reviewed: "yes" } };
  ({ fileId } = await uploadTable([batch], "measured", { ...options, resolveNames: false }));
});

const cells = async (id: number) => (await readTable({ connection: other.connection, fileId: id })).values;

describe("copyTable", () => {
  it("has ids become those of the objects of the same names on another server, after a dry run", async () => {
    const source = { connection: world.connection, fileId };
    const target = { connection: other.connection, parentType: "Plate", parentId: 5 };
    const options = { mapIds: "names", sourceParent: "Plate:1" } as const;
    const before = (await other.server.contents()).tables.length;
    const dry = await copyTable(source, target, { ...options, dryRun: true });
    expect(dry).toEqual({
      copy: undefined,
      tableName: "measured",
      ids: [
        { type: "Image", found: 2, unmapped: [] },
        { type: "Well", found: 2, unmapped: [] },
      ],
    });
    expect((await other.server.contents()).tables.length).toBe(before);
    const { copy } = await copyTable(source, target, options);
    expect(await cells(copy!.fileId)).toEqual([
      [50, 50, 7],
      [51, 51, 8],
      [-1, 50, 9],
    ]);
    const metadata = await getTableMetadata({ connection: other.connection, fileId: copy!.fileId });
    expect(metadata.get("reviewed")).toBe("yes");
    const plates = await other.connection.getObject("Plate", 5);
    expect((await plates.tables()).map(({ name }) => name)).toEqual(["measured"]);
  });

  it("copies to another group, with the ids that a map says", async () => {
    const { connection } = world;
    const elsewhere = await connection.createObject("Dataset", { name: "elsewhere", group: "other" });
    const image = { name: "there", sizeX: 1, sizeY: 1, planes: [Uint8Array.of(1)], datasetId: elsewhere.id };
    const { id } = await connection.createImage(image);
    const source = { connection, fileId, columnNames: ["Image", "count"] };
    const mapIds = { Image: { 10: id, 11: id } };
    const dry = await copyTable(source, { connection, parent: elsewhere }, { mapIds, dryRun: true });
    expect([dry.copy, dry.ids]).toEqual([undefined, [{ type: "Image", found: 2, unmapped: [] }]]);
    const { copy } = await copyTable(source, { connection, parent: elsewhere }, { mapIds });
    const made = await connection.getObject("OriginalFile", copy!.fileId, { group: -1 });
    expect(made.details.group?.name).toBe("other");
    await using table = await openTable(connection, { fileId: copy!.fileId });
    expect((await listed(table.objects("Image"))).map(({ row, object }) => [row, object.name])).toEqual([
      [0, "there"],
      [1, "there"],
    ]);
  });

  it("logs in to either side by itself", async () => {
    const login = ({ host, tlsPort }: ServedWorld["server"]) => {
      const known = { username: "ann", password: "ann-pass", interactive: false, allowToken: false };
      return { server: host, port: tlsPort, ...known };
    };
    const target = { ...login(other.server), parentType: "Plate", parentId: 5, tableName: "by log-in" };
    const { copy } = await copyTable({ ...login(world.server), fileId, columnNames: ["count"] }, target);
    expect(await cells(copy!.fileId)).toEqual([[7], [8], [9]]);
  });

  it("refuses ids that become nothing, and makes nothing", async () => {
    const source = { connection: world.connection, fileId };
    const target = { connection: other.connection, parentType: "Plate", parentId: 6 };
    const options = { mapIds: "names", sourceParent: ["Plate", 1] } as const;
    const dry = await copyTable(source, target, { ...options, dryRun: true });
    expect(dry.ids[0]).toEqual({ type: "Image", found: 1, unmapped: [11n] });
    const before = (await other.server.contents()).files.length;
    await expect(copyTable(source, target, options)).rejects.toMatchObject({ code: "UNRESOLVED_NAMES" });
    expect((await other.server.contents()).files.length).toBe(before);
    await expect(copyTable(source, target, { mapIds: "names" })).rejects.toThrow("needs sourceParent");
    await expect(copyTable(source, target, { mapId: {} } as object)).rejects.toThrow('did you mean "mapIds"?');
  });

  it("takes a map, a part of the rows, or ids as they are", async () => {
    const target = { connection: other.connection, parentType: "Plate", parentId: 5, tableName: "mapped" };
    const part = { connection: world.connection, fileId, columnNames: ["Image", "count"], query: "count < 9" };
    const mapped = await copyTable(part, target, { mapIds: { Image: { 10: 60, 11: 61n } } });
    expect([mapped.tableName, await cells(mapped.copy!.fileId)]).toEqual([
      "mapped",
      [
        [60, 7],
        [61, 8],
      ],
    ]);
    const kept = await copyTable(
      { connection: world.connection, parentType: "Dataset", parentId: 1, path: undefined },
      target,
    ).catch((error: Error) => error);
    expect(String(kept)).toContain("No table that this user can see is attached to Dataset 1");
    const same = { connection: world.connection, parentType: "Dataset", parentId: 1 };
    const { copy, ids } = await copyTable({ connection: world.connection, fileId }, same);
    expect([copy!.rowCount, ids]).toEqual([3, []]);
    const frame = await readTable({ connection: world.connection, parentType: "Dataset", parentId: 1 });
    expect(frame.values[2]).toEqual([-1, 10, 9]);
  });
});

describe("the objects of an opened table", () => {
  it("come as they are needed, of the rows that a condition chooses, by one call for many rows", async () => {
    await using table = await openTable(world.connection, { fileId });
    const { result, calls } = await world.counting(() => listed(table.objects("Well", { query: "count > 7" })));
    expect(result.map(({ row, object }) => [row, object.name])).toEqual([
      [1, "A2"],
      [2, "A1"],
    ]);
    expect(calls.filter((call) => call === "IQuery.findAllByQuery")).toHaveLength(1);
    expect((await listed(table.objects("Image", { rows: [1] })))[0]!.object.name).toBe("two");
    await expect(listed(table.objects("Image", { qery: "count > 7" } as object))).rejects.toThrow('mean "query"?');
    await expect(listed(table.objects("Image", { signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(table.rowCount).toBe(3); // it stays open
  });

  it("are asked for a thousand rows at once", async () => {
    const ids = Array.from({ length: 2500 }, (_, row) => BigInt(10 + (row % 2)));
    const options = { connection: world.connection, parent: "Dataset:1", resolveNames: false as const };
    const uploaded = await uploadTable([rows([["Image", "Image"]], [ids])], "many", options);
    await using table = await openTable(world.connection, { fileId: uploaded.fileId });
    const { result, calls } = await world.counting(() => listed(table.objects("Image")));
    expect([result.length, result.at(-1)!.row, result.at(-1)!.object.name]).toEqual([2500, 2499, "two"]);
    expect(calls.filter((call) => call === "IQuery.findAllByQuery")).toHaveLength(3);
  });
});

describe("a parent", () => {
  it("is an object, its type and id, or both as text", async () => {
    const { connection } = world;
    const plate = await connection.getObject("Plate", 1);
    const tables = await plate.tables();
    expect(tables.length).toBeGreaterThan(0);
    for (const parent of [plate, "Plate:1", "plate:1", ["Plate", 1n]] as const)
      expect(await listTables({ connection, parent })).toEqual(tables);
    await uploadTable({ n: [1, 2] }, "by parent", { connection, parent: ["Image", 11] });
    expect((await readTable({ connection, parent: "Image:11" })).shape).toEqual([2, 1]);
    const { copy } = await copyTable({ connection, parent: "Image:11" }, { connection, parent: plate });
    expect(copy!.rowCount).toBe(2);
  });

  it("is refused where it is no object, or is named twice, before anything is sent", async () => {
    const { connection } = world;
    const { calls } = await world.counting(async () => {
      await expect(listTables({ connection, parent: "Plate 1" })).rejects.toThrow('give an object, "Image:101"');
      await expect(listTables({ connection, parent: "Pixels:1" })).rejects.toThrow("Nothing is attached to");
      await expect(listTables({ connection, parent: "Plate:1", parentId: 1 })).rejects.toThrow("either parent");
      await expect(listTables({ connection })).rejects.toThrow("give parent");
      await expect(readTable({ connection, parent: "Plate:1", fileId: 1 })).rejects.toThrow("more than one");
      await expect(uploadTable({ n: [1] }, "t", { connection })).rejects.toThrow("give parent");
    });
    expect(calls).toEqual([]);
  });
});

describe("tableObjects", () => {
  it("gives the images, wells and regions that rows speak of", async () => {
    const { connection } = world;
    const images = await listed(tableObjects("Image", { connection, fileId }));
    expect(images.map(({ row, object }) => [row, object.name])).toEqual([
      [0, "one"],
      [1, "two"],
    ]);
    const wells = await listed(tableObjects("Well", { connection, fileId, query: "count > 7", column: "in well" }));
    expect(wells.map(({ row, object }) => [row, object.name, object.getImage()?.name])).toEqual([
      [1, "A2", "two"],
      [2, "A1", "one"],
    ]);
    await expect(listed(tableObjects("Roi", { connection, fileId }))).rejects.toMatchObject({ code: "UNKNOWN_COLUMN" });
    await expect(listed(tableObjects("Project" as "Image", { connection, fileId }))).rejects.toThrow(
      "give one of Image",
    );
  });
});
