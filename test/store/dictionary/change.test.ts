import { describe, expect, it } from "vitest";
import { openedStore } from "../support.js";

const image = { data: Float32Array.of(1, 2, 3), shape: [3], header: { name: "ä" } };

describe("a change of several dictionaries", () => {
  it("takes values and images from one to another as they are", async () => {
    const store = await openedStore();
    const [todo, done] = [store.open("todo"), store.open("done")];
    await todo.set("image", image);
    await todo.set(7, new Map([[1, -0]]));
    await store.change(["todo", "done"], (from, to) => {
      for (const key of from!.keys()) {
        to!.set(key, from!.get(key)!);
        expect(from!.delete(key)).toBe(true);
      }
    });
    expect([todo.size, done.size]).toEqual([0, 2]);
    expect(await done.get(7)).toEqual(new Map([[1, -0]]));
    expect(await done.getImage("image")).toMatchObject({
      data: image.data,
      shape: [3],
      header: { name: "ä", mean: 2 },
    });
  });

  it("ends with the function that makes it, which waits for nothing", async () => {
    const store = await openedStore();
    const [before] = await store.change(["a"], (a) => [a!]);
    expect(() => before!.set("late", 1)).toThrow("which has ended");
    expect(() => before!.get("late")).toThrow("which has ended");
    const waiting = async (a: { set(key: string, value: number): void } | undefined) => {
      a!.set("x", 1);
      await null;
      a!.set("y", 1);
    };
    await expect(store.change(["a"], waiting)).rejects.toThrow("not async");
    await expect(store.open("a").update("x", waiting as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(store.change("a" as never, () => 1)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(store.open("a").size).toBe(0);
  });

  it("is made whole or not at all", async () => {
    const store = await openedStore();
    await store.open("a").set("kept", 1);
    const bad: [unknown, string][] = [
      [undefined, "use delete"],
      [() => 1, "a function"],
      [{ ...image, shape: [4] }, "its data has 3"],
    ];
    for (const [value, why] of bad) {
      const change = store.change(["a", "b"], (a, b) => {
        a!.delete("kept");
        b!.set("new", image);
        b!.set("bad", value as never);
      });
      await expect(change).rejects.toThrow(why);
    }
    expect([await store.open("a").get("kept"), store.open("b").size]).toEqual([1, 0]);
  });
});

it("a value is changed into an image, and into nothing it is not", async () => {
  const dictionary = (await openedStore()).open("d");
  await dictionary.set(0, "value");
  await dictionary.update<typeof image>(0, () => image);
  expect(await dictionary.getAttribute(0, "maximum")).toBe(3);
  await expect(dictionary.update(0, () => undefined as never)).rejects.toThrow("use delete");
  await expect(dictionary.setImage(-1, image)).resolves.toBe(1);
  await dictionary.setImage(Number.MAX_SAFE_INTEGER, image);
  await expect(dictionary.setImage(-1, image)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
