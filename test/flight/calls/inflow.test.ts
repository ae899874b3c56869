/** Messages that wait to be worked on. */
import { expect, it } from "vitest";
import { Inflow } from "../../../src/flight/calls/inflow.js";

const MB = 1 << 20;

it("lets in messages as there is room, in their order, and one of any size where none waits", () => {
  const inflow = new Inflow();
  const inside: number[] = [];
  const come = (megabytes: number) => inflow.admit(megabytes * MB, () => inside.push(megabytes));
  come(64);
  expect(inside).toEqual([64]);
  come(1);
  expect(inside).toEqual([64]);
  inflow.take(64 * MB);
  expect(inside).toEqual([64, 1]);
  come(3);
  come(4);
  expect(inside).toEqual([64, 1, 3, 4]);
  come(5);
  inflow.take(1 * MB);
  expect(inside).toEqual([64, 1, 3, 4]);
  inflow.take(3 * MB);
  inflow.take(4 * MB);
  expect(inside).toEqual([64, 1, 3, 4, 5]);
});
