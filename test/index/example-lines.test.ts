/** Lines of code of the gateway's examples beside those of BlitzGateway: what the documents say is counted. */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

const text = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
const lines = (code: string, comment: string) =>
  code.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith(comment)).length;

it("of each example are as many as the table says", async () => {
  const [python, document] = await Promise.all([
    text("test/reference/golden/steps.py"),
    text("docs/migration/blitzgateway.md"),
  ]);
  const examples = python.split(/^# example: /m).slice(1);
  const counted = await Promise.all(
    examples.map(async (example) => {
      const [name, ...code] = example.split("\n");
      const here = (await text(`examples/gateway/${name}.ts`)).replace(/\/\*.*?\*\//gs, "");
      return [`${name}.ts`, lines(code.join("\n"), "#"), lines(here, "//")];
    }),
  );
  const told = [...document.matchAll(/^\| .*\(`([a-z-]+\.ts)`\) \| (\d+) \| (\d+) \|$/gm)];
  expect(told.map(([, name, theirs, ours]) => [name, Number(theirs), Number(ours)])).toEqual(counted);
  expect(counted).toHaveLength(12);
});
