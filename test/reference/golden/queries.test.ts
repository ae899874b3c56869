/** Queries that gateways, OMERO.web and ezomero send, and what kind of answers a real server gave. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { GoldenWorld, goldenAnswers } from "./golden-world.js";

interface GoldenQuery {
  readonly query: string;
  /** The first part of the answer, in a world that had other ids and more objects. */
  readonly answer: string;
}

/** Queries with answers of another kind. The list may only become shorter. */
const KNOWN_DIFFERENCES = [
  // The group of the session comes with its members: the real server has looked at them before.
  "select g from ExperimenterGroup as g where g.name not in (:default_names)",
  "select obj from ExperimenterGroup as obj join obj.groupExperimenterMap as map where map.child.id = :experimenter order by lower(obj.name), obj.id",
  "select obj from ExperimenterGroup as obj order by lower(obj.name), obj.id",
];

it("answers every query, in kind as a real server does", async () => {
  await using world = await GoldenWorld.make();
  const list = fileURLToPath(new URL("queries.json", import.meta.url));
  await world.run("queries.py", world.path("ids.json"), list, world.path("answers.json"));
  const queries = await goldenAnswers<GoldenQuery[]>("queries.json");
  const answers = await world.json<string[]>("answers.json");
  expect(queries).toHaveLength(187);
  expect(answers.filter((answer) => answer.startsWith("EXC"))).toEqual([]);
  const different = queries.filter(({ answer }, index) => !isAlike(kind(answer), kind(answers[index]!)));
  expect(different.map(({ query }) => query).sort()).toEqual(KNOWN_DIFFERENCES);
});

/** The first row, without numbers, names and what is in maps. Empty where there is nothing. */
function kind(answer: string): string {
  const [first = ""] = answer.replace(/^\[+/, "").split(/\], \[|\}, |\)\], |\]$/);
  return first
    .replace(/RMap.*/s, "RMap")
    .replace(/\('[^']*'?\)?/g, "")
    .replace(/:?-?\d+/g, "")
    .replace(/[[\](){}]/g, "")
    .replace(/^None$/, "");
}

/** Where either has no rows, or was cut short, the rest tells. */
function isAlike(expected: string, found: string): boolean {
  return expected === "" || found === "" || expected.startsWith(found) || found.startsWith(expected);
}
