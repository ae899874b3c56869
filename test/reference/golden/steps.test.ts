/** Examples of omero-py's BlitzGateway, step by step. */
import { expect, it } from "vitest";
import { GoldenWorld, ROOT_PASSWORD } from "./golden-world.js";

it("takes every step of the gateway's examples", async () => {
  await using world = await GoldenWorld.make();
  await world.run("steps.py", ROOT_PASSWORD, world.path("steps.json"));
  const steps = await world.json<[name: string, failure: string | null][]>("steps.json");
  expect(steps.filter(([, failure]) => failure !== null)).toEqual([]);
  expect(steps).toHaveLength(61);
});
