/** Commands of the `omero` command line and of its plugins, beside what a real server gave. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { referenceEnvironment } from "../reference-server.js";
import { GoldenWorld, goldenAnswers, ROOT_PASSWORD } from "./golden-world.js";

type Outcome = readonly [command: string, code: number, printed: string];

/** Commands that print something else, or end in another way. The list may only become shorter. */
const KNOWN_DIFFERENCES = [
  // The real server had more users, groups and sessions.
  "user list --style csv",
  "user email --all",
  "group list --style csv",
  "sessions who",
  // The real server tells the id of a user whose password was wrong.
  "login NAME@N.N:N -w wrong",
  // The real server's index was not made yet: it finds nothing.
  "search Image image* --style csv",
  // Thumbnails are made when they are asked for, and take no room.
  "fs usage Dataset:N --report",
  // Copies were made in one event: the real server leaves their order to chance.
  "fs images --style csv",
];

it("does what commands ask for, as a real server does", async () => {
  await using world = await GoldenWorld.empty();
  const python = join(referenceEnvironment("commands"), "bin", "python");
  const port = String(world.server.tlsPort);
  await world.runBy(python, "commands.py", port, ROOT_PASSWORD, "command-user", world.path("outcomes.json"));
  const expected = await goldenAnswers<Outcome[]>("commands.json");
  const found = await world.json<Outcome[]>("outcomes.json");
  expect(found.map(([command]) => command)).toEqual(expected.map(([command]) => command));
  const different = expected.filter((outcome, index) => JSON.stringify(outcome) !== JSON.stringify(found[index]));
  expect(different.map(([command]) => command)).toEqual(KNOWN_DIFFERENCES);
  const succeeded = (outcomes: readonly Outcome[]) => outcomes.filter(([, code]) => code === 0).length;
  expect([expected.length, succeeded(expected), succeeded(found)]).toEqual([80, 73, 74]);
});
