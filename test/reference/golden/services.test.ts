/** What IPixels, RawPixelsStore, RenderingEngine, IRenderingSettings and ThumbnailStore answered on a real server. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { GoldenWorld, goldenAnswers } from "./golden-world.js";

type Answers = Readonly<Record<string, unknown>>;

/** Calls whose answers are others than the real server's. The list may only become shorter. */
const KNOWN_DIFFERENCES = [
  // The real server's answer refers to a binding that is not stored yet, which no client can read.
  "re contexts",
];

let world: GoldenWorld;
beforeAll(async () => {
  world = await GoldenWorld.make();
});
afterAll(() => world[Symbol.asyncDispose]());

it("gives the answers of a real server", async () => {
  await world.run("prepare.py", world.path("ids.json"));
  await world.run("services.py", world.path("ids.json"), world.path("answers.json"));
  const expected = await goldenAnswers<Answers>("services.json");
  const found = await world.json<Answers>("answers.json");
  const different = Object.keys(expected).filter(
    (call) => JSON.stringify(found[call]) !== JSON.stringify(expected[call]),
  );
  expect(different).toEqual(KNOWN_DIFFERENCES);
  expect(Object.keys(expected)).toHaveLength(270);
});
