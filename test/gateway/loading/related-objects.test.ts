/** How many related objects are asked for at once, and held, whatever their number. */
import { describe, expect, it } from "vitest";
import { createInstance } from "../../../src/connect/ice/schema/instance.js";
import type { IObject, Parameters } from "../../../src/connect/ice/schema/omero.js";
import { RelatedObjects, type Relation } from "../../../src/gateway/loading/related-objects.js";
import { rlong } from "../../../src/rtypes.js";
import { listed } from "../served-world.js";

const RELATION: Relation = { key: "images", type: "Image", from: "Link l", parent: "l.parent.id", child: "l.child.id" };

/** Answers the queries of {@link RELATION} for parents with so many children each, numbered on from 1. */
class FakeServer {
  readonly pairs: (readonly [parent: bigint, child: bigint])[] = [];
  readonly asked: string[] = [];
  rows = 0;
  failing = false;

  constructor(counts: readonly number[]) {
    let child = 0n;
    for (const [parent, count] of counts.entries())
      for (let index = 0; index < count; index++) this.pairs.push([BigInt(parent + 1), ++child]);
  }

  get ids(): bigint[] {
    return [...new Set(this.pairs.map(([parent]) => parent))];
  }

  related(ids = this.ids): RelatedObjects {
    const connection = { getQueryService: () => this } as never;
    return new RelatedObjects({ context: { connection, classes: {} }, ids, group: 3 }, RELATION, (models) =>
      models.map(({ id }) => id!.val),
    );
  }

  async projection(hql: string, { map, theFilter }: Parameters) {
    if (this.failing) throw new Error("no server");
    const parents = new Set((map.get("parents") as unknown as { val: { val: bigint }[] }).val.map(({ val }) => val));
    const found = this.pairs.filter(([parent]) => parents.has(parent));
    if (hql.includes("count(")) {
      this.asked.push("count");
      return [...parents].map((parent) => [rlong(parent), rlong(found.filter(([of]) => of === parent).length)]);
    }
    const [offset, limit] = [theFilter?.offset?.val ?? 0, theFilter?.limit?.val ?? found.length];
    const page = found.slice(offset, offset + limit);
    this.asked.push(`pairs of ${parents.size}`);
    this.rows = Math.max(this.rows, page.length);
    return page.map(([parent, child]) => [rlong(parent), rlong(child)]);
  }

  async findAllByQuery(_hql: string, { map }: Parameters): Promise<IObject[]> {
    const ids = (map.get("ids") as unknown as { val: { val: bigint }[] }).val;
    this.asked.push(`load ${ids.length}`);
    return ids.map((id) => createInstance("::omero::model::Image", { id: rlong(id.val), loaded: true }));
  }

  children(parent: bigint): bigint[] {
    return this.pairs.filter(([of]) => of === parent).map(([, child]) => child);
  }
}

describe("related objects", () => {
  it("of several come by two calls where they are few", async () => {
    const server = new FakeServer([3, 1, 4]);
    const related = server.related([1n, 2n, 3n, 4n]);
    for (const id of [2n, 1n, 4n, 3n]) expect(await listed(related.of(id))).toEqual(server.children(id));
    expect(server.asked).toEqual(["pairs of 4", "load 8"]);
  });

  it("that are many are asked for in parts, none of which is large", async () => {
    const server = new FakeServer([6000, 6000, 12_000, 10]);
    const related = server.related();
    for (const id of server.ids) expect(await listed(related.of(id))).toEqual(server.children(id));
    expect(server.rows).toBeLessThanOrEqual(10_001);
    expect(server.asked.filter((one) => one.startsWith("load")).every((one) => Number(one.slice(5)) <= 5000)).toBe(
      true,
    );
    expect(server.asked.slice(0, 4)).toEqual(["pairs of 4", "count", "pairs of 1", "load 5000"]);
    expect(server.asked.length).toBeLessThan(20);
  });

  it("of one that has very many come page by page", async () => {
    const server = new FakeServer([25_000]);
    const first: unknown[] = [];
    for await (const child of server.related().of(1n)) if (first.push(child) === 3) break;
    expect(first).toEqual([1n, 2n, 3n]);
    expect(server.asked).toEqual(["pairs of 1", "pairs of 1", "load 5000"]);
    expect((await listed(server.related().of(1n))).length).toBe(25_000);
  });

  it("are asked for again the second time, and after a failure", async () => {
    const server = new FakeServer([2, 2]);
    const related = server.related();
    server.failing = true;
    await expect(listed(related.of(1n))).rejects.toThrow("no server");
    server.failing = false;
    expect(await listed(related.of(1n))).toEqual([1n, 2n]);
    server.pairs.push([1n, 9n]);
    expect(await listed(related.of(1n))).toEqual([1n, 2n, 9n]);
    expect(await listed(related.of(2n))).toEqual([3n, 4n]);
  });

  it("are given to all who ask at the same time, one object to each of its parents", async () => {
    const server = new FakeServer([5, 5]);
    server.pairs.push([2n, 1n]);
    const related = server.related();
    const lists = await Promise.all(server.ids.map((id) => listed(related.of(id))));
    expect(lists).toEqual([server.children(1n), server.children(2n)]);
    expect(server.asked.filter((one) => one.startsWith("load"))).toEqual(["load 10"]);
  });

  it("stop when told to", async () => {
    const server = new FakeServer([5]);
    const aborting = new AbortController();
    const children = server.related().of(1n, aborting.signal);
    await children.next();
    aborting.abort();
    await expect(children.next()).rejects.toMatchObject({ code: "ABORTED" });
  });
});
