import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadSchema } from "../../../src/connect/ice/schema/schema.js";
import { Model } from "../../../src/server/model/model.js";
import { ObjectStore, type StoredObject } from "../../../src/server/model/object-store.js";

const model = new Model(loadSchema());
const about = { owner: 2n, group: 5n, created: 0, updated: 0 };

function link(id: bigint, parent: bigint, child: bigint): StoredObject {
  const values = { parent: { className: "Image", id: parent }, child: { className: "TagAnnotation", id: child } };
  return { className: "ImageAnnotationLink", id, ...about, values };
}

describe("ObjectStore", () => {
  it("gives classes with one root one series of ids", () => {
    const store = new ObjectStore(model);
    expect([store.nextId("TagAnnotation"), store.nextId("FileAnnotation"), store.nextId("Image")]).toEqual([
      1n,
      2n,
      1n,
    ]);
    store.put({ className: "Image", id: 50n, ...about, values: {} });
    expect(store.nextId("Image")).toBe(51n);
  });

  it("finds an object as its class and its base classes only", () => {
    const store = new ObjectStore(model);
    store.put({ className: "TagAnnotation", id: 3n, ...about, values: {} });
    expect(store.get("Annotation", 3n)?.className).toBe("TagAnnotation");
    expect(store.get("FileAnnotation", 3n)).toBeUndefined();
    expect([...store.all("Annotation")]).toHaveLength(1);
    expect([...store.all("CommentAnnotation")]).toHaveLength(0);
  });

  it("undoes a transaction that fails", () => {
    const store = new ObjectStore(model);
    store.put(link(1n, 1n, 1n));
    store.put(link(2n, 1n, 2n));
    expect(() =>
      store.transaction(() => {
        store.put(link(3n, 1n, 3n));
        store.put(link(1n, 9n, 9n));
        store.delete("ImageAnnotationLink", 2n);
        throw new Error("half-way");
      }),
    ).toThrow("half-way");
    const parent = { className: "Image", id: 1n };
    expect(store.referring("ImageAnnotationLink", "parent", parent).map(({ id }) => id)).toEqual([1n, 2n]);
    expect(store.referring("ImageAnnotationLink", "parent", { className: "Image", id: 9n })).toEqual([]);
    expect(store.get("ImageAnnotationLink", 3n)).toBeUndefined();
  });

  it("knows what refers to what, whatever is put, replaced and deleted", () => {
    const step = fc.record({
      id: fc.bigInt(1n, 6n),
      parent: fc.bigInt(1n, 3n),
      child: fc.bigInt(1n, 3n),
      keep: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const store = new ObjectStore(model);
        const expected = new Map<bigint, StoredObject>();
        for (const { id, parent, child, keep } of steps) {
          if (keep) {
            store.put(link(id, parent, child));
            expected.set(id, link(id, parent, child));
          } else {
            expect(store.delete("ImageAnnotationLink", id)).toBe(expected.delete(id));
          }
        }
        for (const target of [1n, 2n, 3n]) {
          const found = store.referring("ImageAnnotationLink", "child", { className: "Annotation", id: target });
          const wanted = [...expected.values()].filter(({ values }) => (values.child as { id: bigint }).id === target);
          expect(found.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
        }
      }),
    );
  });
});
