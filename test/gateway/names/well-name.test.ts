import { describe, expect, it } from "vitest";
import { wellLabel, wellName, wellPlace } from "../../../src/gateway/names/well-name.js";

describe("a well", () => {
  it("is called as its plate calls rows and columns", () => {
    const place = { row: 27, column: 2 };
    expect(wellLabel(place, {})).toBe("AB3");
    expect(wellLabel(place, { rows: "letter", columns: "number" })).toBe("AB3");
    expect(wellLabel(place, { rows: "number", columns: "letter" })).toBe("28C");
    expect(wellLabel(place, { rows: "Number", columns: "number" })).toBe("283");
    expect(wellLabel(place, { rows: "", columns: "" })).toBe("AB3");
  });

  it("is found by letters and a number, whatever the plate says", () => {
    expect(wellName({ row: 27, column: 2 })).toBe("ab3");
    expect(wellPlace("AB03")).toEqual({ row: 27, column: 2 });
    expect(wellPlace("3B")).toBeUndefined();
  });
});
