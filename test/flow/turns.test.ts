import { expect, test } from "vitest";
import { Turns } from "../../src/flow/turns.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("turns come one at a time, in the order they were asked for", async () => {
  const turns = new Turns();
  const order: string[] = [];
  const take = async (name: string) => {
    const turn = await turns.take(name);
    order.push(`${name} begins`);
    await settled();
    order.push(`${name} ends`);
    turn.end();
    turn.end();
  };
  await Promise.all(["a", "b", "c"].map(take));
  await take("d");
  expect(order).toEqual(["a", "b", "c", "d"].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test("whoever gives up leaves the queue, and those behind move up", async () => {
  const turns = new Turns();
  const first = await turns.take("first");
  const controller = new AbortController();
  const second = turns.take("second", controller.signal);
  const third = turns.take("third");
  controller.abort(new Error("enough"));
  await expect(second).rejects.toMatchObject({ code: "ABORTED", message: expect.stringContaining("second") });
  first.end();
  (await third).end();
  await expect(turns.take("fourth", controller.signal)).rejects.toMatchObject({ code: "ABORTED" });
  (await turns.take("fifth")).end();
});

test("giving up after the turn has come changes nothing", async () => {
  const turns = new Turns();
  const controller = new AbortController();
  const first = await turns.take("first");
  const second = turns.take("second", controller.signal);
  first.end();
  const turn = await second;
  controller.abort();
  let third = false;
  const waiting = turns.take("third").then(() => {
    third = true;
  });
  await settled();
  expect(third).toBe(false);
  turn.end();
  await waiting;
});

test("a turn lasts until what was begun in it has settled, however that is", async () => {
  const turns = new Turns();
  let answer: (error: Error) => void = () => {};
  const turn = await turns.take("first");
  turn.lastsUntil(
    new Promise((_resolve, reject) => {
      answer = reject;
    }),
  );
  turn.end();
  let second = false;
  const waiting = turns.take("second").then(() => {
    second = true;
  });
  await settled();
  expect(second).toBe(false);
  answer(new Error("lost"));
  await waiting;
});

test("so many have a turn at a time", async () => {
  const turns = new Turns(2);
  const [first] = [await turns.take("first"), await turns.take("second")];
  let third = false;
  const waiting = turns.take("third").then(() => {
    third = true;
  });
  await settled();
  expect(third).toBe(false);
  first.end();
  await waiting;
  expect(turns.isFree).toBe(false);
});
