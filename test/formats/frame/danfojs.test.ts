import { describe, expect, it } from "vitest";
import { checkDanfojs, loadDanfojs } from "../../../src/formats/frame/danfojs.js";

describe("checkDanfojs", () => {
  it("passes where danfojs-node is installed", async () => {
    expect(() => checkDanfojs()).not.toThrow();
    expect((await loadDanfojs()).DataFrame).toBeTypeOf("function");
  });

  it("says how to install it where it is not", () => {
    const resolve = () => {
      throw Object.assign(new Error("Cannot find module 'danfojs-node'"), { code: "MODULE_NOT_FOUND" });
    };
    expect(() => checkDanfojs(resolve)).toThrow(expect.objectContaining({ code: "MISSING_PACKAGE" }));
    expect(() => checkDanfojs(resolve)).toThrow("npm install danfojs-node");
    expect(() => checkDanfojs(resolve)).toThrow("overrides.xlsx=0.18.5");
  });
});
