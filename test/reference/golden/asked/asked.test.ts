/** What users of groups with other permissions ask in the query language, and what a real server answered. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { GoldenWorld, ROOT_PASSWORD } from "../golden-world.js";

/** Answers that differ: faults of the real server itself, and what is of no use. The list may only become shorter. */
const KNOWN_DIFFERENCES = [
  "hql select i.name from omero.model.Image i",
  "hql select i.id from Image i where i.id = ?",
  "hql select -5, +5 from Pixels p where p.id = $pxira",
  "hql select initcap(i.name), md5(i.name), ascii(i.name), chr(65) from Image i where i.id = $ira",
  "hql select cast(p.sizeX as big_decimal) from Pixels p where p.id = $pxira",
  "hql select w.wellSamples[0].id from Well w where w.id = $w0",
  "hql select all i.name from Image i where i.id = $ira",
  "hql select new ome.model.core.Image(i.id) from Image i where i.id = $ira",
  "hql select i.name, new map(i.id as x) from Image i where i.id = -1",
  "hql select i.version, i.details.externalInfo from Image i where i.id = $ira",
  "hql select g.details.permissions.perm1 from ExperimenterGroup g where g.id = $gra",
  "hql select i.name from Image i where i = :obj",
  "hql select i.name from Image i where i.id = :nul",
  "hql select i.id from IObject i where i.id = $ira",
  "hql select a.id - a.id from Annotation a where a.class in ('TagAnnotation') and a.id = $tra",
  "hql select i.name from Image i where null is null and i.id = $ira",
];

it("is answered as a real server answers, errors and permissions with it", async () => {
  await using world = await GoldenWorld.empty();
  const list = fileURLToPath(new URL("asked.json", import.meta.url));
  await world.run("asked/asked.py", ROOT_PASSWORD, list, world.path("asked.json"));
  const expected = JSON.parse(await readFile(list, "utf8")) as Record<string, unknown>;
  const answers = await world.json<Record<string, unknown>>("asked.json");
  expect(Object.keys(expected).length).toBeGreaterThan(600);
  const isSame = (name: string) => JSON.stringify(compared(answers[name])) === JSON.stringify(expected[name]);
  expect(Object.keys(expected).filter((name) => !isSame(name))).toEqual(KNOWN_DIFFERENCES);
});

/** Without what only another kind of server can say: its statements, its nodes and its classes. */
function compared(answer: unknown): unknown {
  if (typeof answer !== "string" || !answer.startsWith("EXC")) return answer;
  return answer
    .replace(/SQL \[.*/, "SQL")
    .replace(/(No data type for node: \S+).*/, "$1")
    .replace(/(ClassCastException\)):.*/, "$1");
}
