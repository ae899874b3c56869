import { expect, it } from "vitest";
import { withJson } from "../../src/columns/json-map.js";

it("is a Map that becomes an object of the same entries in JSON", () => {
  const entries: [string, bigint | number | string][] = [
    ["__version", "2"],
    ["count", 5n],
    ["most", 2n ** 60n],
    ["share", 0.5],
    ["é", ""],
  ];
  const metadata = withJson(new Map(entries));
  expect(metadata).toEqual(new Map(entries));
  expect(JSON.parse(JSON.stringify({ metadata })).metadata).toEqual({
    __version: "2",
    count: 5,
    most: "1152921504606846976",
    share: 0.5,
    é: "",
  });
  expect(JSON.stringify(withJson(new Map()))).toBe("{}");
});
