import { expect, it, vi } from "vitest";

it("parses the schema when it is first asked for, and once", async () => {
  vi.resetModules();
  const parse = vi.spyOn(JSON, "parse");
  const { loadSchema } = await import("../../../../src/connect/ice/schema/schema.js");
  const { SCHEMA_JSON } = await import("../../../../src/connect/ice/schema/schema-data.js");
  await import("../../../../src/connect/ice/codec/codec.js");
  const parses = () => parse.mock.calls.filter(([text]) => text === SCHEMA_JSON).length;
  expect(parses()).toBe(0);
  expect(loadSchema()).toBe(loadSchema());
  expect(parses()).toBe(1);
});
