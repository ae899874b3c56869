import { describe, expect, it } from "vitest";
import { nearestName } from "../../src/flow/nearest-name.js";

describe("nearestName", () => {
  const names = ["area", "mean area", "Nuclei count", "cls"];

  it.each([
    ["aera", "area"],
    ["are", "area"],
    ["meanarea", "mean area"],
    ["NUCLEI COUNT", "Nuclei count"],
    ["nucleicount", "Nuclei count"],
  ])("finds for %s %s", (wrong, right) => expect(nearestName(wrong, names)).toBe(right));

  it.each(["diameter", "x", "", "volume of cell"])("finds nothing near %j", (name) =>
    expect(nearestName(name, names)).toBeUndefined(),
  );

  it("never proposes the name itself", () => expect(nearestName("area", ["area"])).toBeUndefined());
});
