import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runPython } from "./reference-server.js";

it("the schema is what omero-py states", async () => {
  const tool = fileURLToPath(new URL("../../tools/extract-schema.py", import.meta.url));
  expect(await runPython(tool, ["--check"])).toContain("up to date");
});
