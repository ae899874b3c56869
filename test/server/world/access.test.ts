import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import type { ObjectOptions } from "../../../src/server/options.js";
import { GROUPS, type SmallWorld, smallWorld, stored } from "./small-world.js";

/** One image of Ann's in each group. */
const OBJECTS: ObjectOptions[] = GROUPS.map(({ name, id }) => ({ type: "Image", id: id!, group: name, owner: "ann" }));

let small: SmallWorld;
beforeAll(async () => {
  small = await smallWorld(OBJECTS);
});
afterAll(() => small[Symbol.asyncDispose]());

function mayDo(user: string, group: string): string {
  const image = stored(small.world, { className: "Image", id: small.world.accounts.groupNamed(group)!.id });
  const access = small.access(user);
  const rights = access.rights(image);
  const letters = [
    access.canRead(image) && "read",
    rights.annotate && "annotate",
    rights.link && "link",
    rights.edit && "edit",
    rights.delete && "delete",
  ];
  return letters.filter(Boolean).join(" ");
}

describe("Access", () => {
  const ALL = "read annotate link edit delete";
  const APART = "read edit delete";
  it.each([
    ["ann", "private", ALL],
    ["ann", "read-only", ALL],
    ["bob", "private", ""],
    ["bob", "read-only", "read"],
    ["bob", "read-annotate", "read annotate"],
    ["bob", "read-write", ALL],
    ["lea", "private", APART],
    ["lea", "read-only", ALL],
    ["out", "private", ""],
    ["out", "read-write", ""],
    ["root", "private", APART],
  ])("%s in a %s group: %s", (user, group, expected) => {
    expect(mayDo(user, group).replace(/^annotate link edit delete$/, "")).toBe(expected);
  });

  it("is about one group, or all the user is in", () => {
    const image = stored(small.world, { className: "Image", id: 11n });
    expect(small.access("ann", "read-only").canRead(image)).toBe(true);
    expect(small.access("ann", "read-write").canRead(image)).toBe(false);
    expect(small.access("ann").canRead(image)).toBe(true);
  });

  it("refuses groups the user is not in, and groups that are none", () => {
    expect(() => small.access("out", "read-only")).toThrow(IceUserException);
    expect(() => small.access("root").in(12345n)).toThrow(/ExperimenterGroup#12345/);
  });

  it("can write in one group at a time", () => {
    expect(small.access("ann", "read-only").writableGroup).toBe(11n);
    expect(() => small.access("ann").writableGroup).toThrow(/for reading/);
  });

  it("shows users and groups to everyone and lets nobody but administrators change them", () => {
    const ann = stored(small.world, { className: "Experimenter", id: small.world.accounts.userNamed("ann")!.id });
    expect(small.access("out").canRead(ann)).toBe(true);
    expect(small.access("out").rights(ann).edit).toBe(false);
    expect(small.access("ann").rights(ann).edit).toBe(true);
    expect(small.access("root").rights(ann).edit).toBe(true);
  });
});
