import { expect, test } from "vitest";
import { rlist, rlong, rstring } from "../../../src/rtypes.js";
import { fromRType } from "../../../src/server/hql/query-values.js";

const RMAP = { iceId: "::omero::RMap", val: new Map([["n", rlong(1)]]) };

test("lists become lists, objects their ids, nulls stay", () => {
  expect(fromRType(rlist([rlong(1), rstring("a")]))).toEqual([rlong(1), rstring("a")]);
  expect(fromRType({ iceId: "::omero::RObject", val: { id: rlong(7) } })).toEqual({
    iceId: "::omero::RObject",
    val: 7n,
  });
  expect(fromRType({ iceId: "::omero::RObject", val: null })).toBeNull();
  expect(fromRType(null)).toBeNull();
});

test.each([
  ["a map", RMAP],
  ["a map in a list", rlist([RMAP as never])],
  ["a list in a list", rlist([rlist([rlong(1)])])],
])("%s is refused", (_name, value) => {
  expect(() => fromRType(value)).toThrow(/ApiUsageException: .* cannot hold ::omero::R(Map|List)/);
});
