import { describe, expect, it } from "vitest";
import { type ObjectId, toObjectId } from "../../src/connect/object-id.js";
import { TableError } from "../../src/errors.js";

describe("an id", () => {
  it.each<[ObjectId, bigint]>([
    [0, 0n],
    [402, 402n],
    [402n, 402n],
    ["402", 402n],
    ["0402", 402n],
    ["9223372036854775807", 2n ** 63n - 1n],
    [2n ** 63n - 1n, 2n ** 63n - 1n],
  ])("%o is taken", (id, value) => {
    expect(toObjectId(id, "fileId")).toBe(value);
  });

  it.each<[unknown]>([
    [-1],
    [-1n],
    [1.5],
    [2 ** 53],
    [Number.NaN],
    ["9223372036854775808"],
    ["-1"],
    [""],
    [" 402"],
    ["0x10"],
    ["four"],
    [null],
    [undefined],
    [{}],
    [2n ** 63n],
  ])("%o is refused", (id) => {
    expect(() => toObjectId(id as ObjectId, "fileId")).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining("fileId") }),
    );
  });

  it("of an error is a number, so that it can be told in JSON", () => {
    const error = new TableError("NOT_FOUND", "There is no such file", { fileId: 402n, annotationId: 2n ** 60n });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: "NOT_FOUND", fileId: 402 });
    expect(error).not.toHaveProperty("annotationId");
  });
});
