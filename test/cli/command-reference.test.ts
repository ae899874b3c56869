import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandReference, REFERENCE } from "../../tools/command-reference.js";

test("docs/commands.md is what the commands say of themselves: npm run commands writes it", () => {
  expect(readFileSync(REFERENCE, "utf8")).toBe(commandReference());
});
