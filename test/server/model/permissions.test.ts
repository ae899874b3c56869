import { describe, expect, it } from "vitest";
import {
  groupRights,
  isPermissionString,
  permissionBits,
  permissionString,
} from "../../../src/server/model/permissions.js";

describe("permissions", () => {
  // perm1 of omero.model.PermissionsI(text), omero-py 5.23
  it.each([
    ["rw----", -120n],
    ["rwr---", -56n],
    ["rwra--", -40n],
    ["rwrw--", -8n],
    ["rwrwrw", -1n],
    ["------", -1912n],
  ])("%s has the bits %s", (text, bits) => {
    expect(permissionBits(text)).toBe(bits);
    expect(permissionString(bits)).toBe(text);
  });

  it("says what members may do with each other's objects", () => {
    expect(groupRights("rw----")).toEqual({ read: false, annotate: false, write: false });
    expect(groupRights("rwr---")).toEqual({ read: true, annotate: false, write: false });
    expect(groupRights("rwra--")).toEqual({ read: true, annotate: true, write: false });
    expect(groupRights("rwrw--")).toEqual({ read: true, annotate: true, write: true });
  });

  it("knows what is no permission string", () => {
    expect(isPermissionString("rw__--")).toBe(true);
    for (const text of ["", "rw", "rwxrwx", "rwr----"]) expect(isPermissionString(text)).toBe(false);
    expect(() => groupRights("what")).toThrow(RangeError);
  });
});
