/** The documents' table of names has every public method of BlitzGateway and its wrappers, and no other. */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { PythonSession } from "./python-session.js";

it("holds all public methods, class by class", async () => {
  const document = await readFile(new URL("../../docs/migration/blitzgateway-methods.md", import.meta.url), "utf8");
  const told = Object.fromEntries(
    document
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [name] = section.split("\n", 1);
        const cells = [...section.matchAll(/^\| (`.*?`) \| /gm)].map(([, cell]) => cell!);
        return [name!, cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, method]) => method!)).sort()];
      }),
  );
  await using python = await PythonSession.start("import inspect, omero.gateway");
  const there = await python.run<Record<string, string[]>>(`found = {}
for cls in vars(omero.gateway).values():
    if not inspect.isclass(cls) or cls.__module__ != "omero.gateway": continue
    public = [n for n, v in vars(cls).items() if not n.startswith("_") and (inspect.isfunction(v) or isinstance(v, (property, staticmethod, classmethod)))]
    if public: found.setdefault(cls.__name__.lstrip("_").replace("Wrapper", ""), set()).update(public)
result = {name: sorted(methods) for name, methods in found.items()}`);
  expect(told).toEqual(there);
  const count = Object.values(there).reduce((sum, methods) => sum + methods.length, 0);
  console.log(`BlitzGateway's public methods, all in the table: ${count}`);
  expect(count).toBeGreaterThan(400);
});
