import { expect, it } from "vitest";
import { createInstance } from "../../../src/connect/ice/schema/instance.js";
import { ServerError } from "../../../src/errors.js";
import { idOf, loadByIds, queryRowsOfIds } from "../../../src/gateway/loading/query-rows.js";
import { rint, rlong } from "../../../src/rtypes.js";

const contextOf = (service: object) => ({ connection: { getQueryService: () => service } as never, classes: {} });

it("gives objects in the order of their ids, each once, and refuses those without", async () => {
  const image = (id: bigint) => createInstance("::omero::model::Image", { id: rlong(id), loaded: true });
  const context = contextOf({ findAllByQuery: async () => [null, image(1n), image(2n), image(2n)] });
  const found = await loadByIds(context, "Image", [2n, 1n, 2n, 3n], {});
  expect(found.map(({ id }) => id!.val)).toEqual([2n, 1n]);
  const without = contextOf({ findAllByQuery: async () => [createInstance("::omero::model::Image")] });
  await expect(loadByIds(without, "Image", [1n], {})).rejects.toMatchObject({ code: "SERVER_FAILURE" });
});

it("asks for less where the answer is too large", async () => {
  const sizes: number[] = [];
  const findAllByQuery = async (_hql: string, { map }: { map: Map<string, { val: { val: bigint }[] }> }) => {
    const ids = map.get("ids")!.val;
    sizes.push(ids.length);
    if (ids.length > 150) throw new ServerError("MESSAGE_TOO_LARGE", "too large");
    return ids.map(({ val }) => createInstance("::omero::model::Well", { id: rlong(val), loaded: true }));
  };
  const ids = Array.from({ length: 450 }, (_, index) => BigInt(index));
  const found = await loadByIds(contextOf({ findAllByQuery }), "Well", ids, {});
  expect(found.map(({ id }) => id!.val)).toEqual(ids);
  expect(sizes).toEqual([400, 200, 100, 100, 200, 100, 100, 50]);
});

it("asks for many ids in several queries, and refuses what is no id", async () => {
  const sizes: number[] = [];
  const projection = async (_hql: string, { map }: { map: Map<string, { val: unknown[] }> }) => {
    sizes.push(map.get("ids")!.val.length);
    return map.get("ids")!.val.map((id) => [id]);
  };
  const ids = Array.from({ length: 2500 }, (_, index) => BigInt(index));
  const rows = await queryRowsOfIds(contextOf({ projection }), "select ..", ids, {}, {});
  expect(sizes).toEqual([1000, 1000, 500]);
  expect(rows.map(([id]) => idOf(id))).toEqual(ids);
  for (const value of [null, undefined, rint(1)]) expect(() => idOf(value)).toThrow("asked for an id");
});
