import { expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { tableStamp } from "../../../src/gateway/tables/table-stamp.js";

const file = {
  id: 1,
  name: "t",
  mimetype: "OMERO.tables",
  size: 100,
  sha1: "a".repeat(40) as string | undefined,
  groupId: 3,
  updateEventId: 7 as number | undefined,
  contentTime: 1_000 as number | undefined,
};
const fields = [field("n", "Long")];

it("is another one after every change that the server notes", () => {
  const stamp = tableStamp(file, 5, fields);
  const changed = [
    tableStamp({ ...file, size: 101 }, 5, fields),
    tableStamp({ ...file, sha1: "b".repeat(40) }, 5, fields),
    tableStamp({ ...file, updateEventId: 8 }, 5, fields),
    tableStamp({ ...file, contentTime: 1_001 }, 5, fields),
    tableStamp(file, 6, fields),
    tableStamp(file, 5, [field("m", "Long")]),
    tableStamp(file, 5, [field("n", "Double")]),
  ];
  expect(new Set([stamp, ...changed]).size).toBe(changed.length + 1);
  expect(tableStamp({ ...file, name: "another name" }, 5, fields)).toBe(stamp);
});

it("is none where cells may change and nothing tells", () => {
  const untold = { ...file, sha1: undefined };
  expect(tableStamp(untold, 5, fields)).toBeDefined();
  expect(tableStamp({ ...untold, contentTime: undefined }, 5, fields)).toBeUndefined();
  expect(tableStamp({ ...untold, updateEventId: undefined }, 5, fields)).toBeUndefined();
  expect(tableStamp({ ...file, contentTime: undefined }, 5, fields)).toBeDefined();
});
