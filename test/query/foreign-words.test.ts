import { expect, test } from "vitest";
import { field } from "../../src/columns/batch.js";
import { checkCondition } from "../../src/query/index.js";

const fields = [field("area", "Double"), field("ok", "Bool")];

test.each([
  ["area == nan", /isnan\(column\)/],
  ["area != NULL", /isnan\(column\)/],
  ["ok == true", /True and False/],
  ["area in [1, 2]", /\.in\(\[1, 2\]\)/],
  ["area > @limit", /variables/],
])("%s: says what is meant", (query, message) => {
  expect(() => checkCondition(query, fields)).toThrow(message);
});
