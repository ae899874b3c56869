import { describe, expect, it } from "vitest";
import { hasDanfojs, loadDanfojs } from "../../../../src/formats/frame/danfojs/danfojs.js";
import { frameClass } from "../../../../src/formats/frame/frame-class.js";
import type { DataFrameClass } from "../../../../src/formats/frame/types/data-frame.js";

const notInstalled = () => {
  throw Object.assign(new Error("Cannot find module 'danfojs-node'"), { code: "MODULE_NOT_FOUND" });
};

describe("loadDanfojs", () => {
  it("takes the package danfojs-node where it is installed", async () => {
    expect(hasDanfojs()).toBe(true);
    const { default: installed } = await import("danfojs-node");
    expect(await loadDanfojs()).toBe(installed);
  });

  it("takes the one that is built in where it is not", async () => {
    expect(hasDanfojs(notInstalled)).toBe(false);
    const builtIn = await loadDanfojs(false);
    expect(builtIn).not.toBe(await loadDanfojs());
    const DataFrame = frameClass(builtIn) as unknown as DataFrameClass;
    const frame = new DataFrame({ area: [1.5, 2.5, Number.NaN], label: ["b", "a", "b"] });
    expect(frame.toString()).toContain("label");
    expect(frame.fillNa(0).values).toEqual([
      [1.5, "b"],
      [2.5, "a"],
      [0, "b"],
    ]);
    expect(frame.column("area").std()).toBeCloseTo(Math.SQRT1_2);
  });

  it("says what to install for what the one that is built in cannot do", async () => {
    const DataFrame = frameClass(await loadDanfojs(false)) as unknown as DataFrameClass;
    const frame = new DataFrame({ area: [1.5, 2.5] }) as unknown as { tensor: unknown; toExcel(): void };
    expect(() => frame.tensor).toThrow("install danfojs-node");
    expect(() => frame.toExcel()).toThrow("install danfojs-node");
  });
});
