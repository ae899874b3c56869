import { expect, it } from "vitest";
import { FairTurns } from "../../../../src/server/hql/pace/fair-turns.js";

it("lets one long work of a user's go on at a time, and those of others", async () => {
  const turns = new FairTurns();
  const first = await turns.only("a");
  let begun = false;
  const second = turns.only("a").then((turn) => {
    begun = true;
    return turn;
  });
  (await turns.only("b"))[Symbol.dispose]();
  expect(begun).toBe(false);
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
});

it("gives each user a turn before one gets the next, and everything else its time in between", async () => {
  const turns = new FairTurns();
  const order: string[] = [];
  const work = async (user: string, name: string) => {
    await turns.turn(user);
    order.push(name);
  };
  const all = Promise.all([work("a", "a1"), work("a", "a2"), work("a", "a3"), work("b", "b1"), work("c", "c1")]);
  setImmediate(() => order.push("other"));
  await all;
  expect(order.filter((name) => name !== "other")).toEqual(["a1", "b1", "c1", "a2", "a3"]);
  expect(order.indexOf("other")).toBeLessThan(3);
});
