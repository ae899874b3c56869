import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, it, onTestFinished } from "vitest";
import { drawTable, type PlotTableOptions } from "../../../src/view/plots/draw-table.js";
import { GrowingCells } from "../../../src/view/plots/growing-cells.js";

const ROWS = 9000;
const rows = <T>(make: (row: number) => T) => Array.from({ length: ROWS }, (_, row) => make(row));
const SOURCE = {
  area: rows((row) => (row * 7919) % 1000),
  twice: rows((row) => 2 * ((row * 7919) % 1000) + 5),
  label: rows((row) => ["b", "a", "c10", "c9"][row % 4]!),
  well: rows((row) => `${"ABCDEFGH"[row % 8]}${String((Math.floor(row / 8) % 12) + 1).padStart(2, "0")}`),
  sentence: rows(() => "no well at all"),
  gaps: rows((row) => (row % 3 === 0 ? Number.NaN : row)),
};

type Values = Record<string, number & string>[];
const draw = (options: Omit<PlotTableOptions, "source">, source: PlotTableOptions["source"] = SOURCE) =>
  drawTable({ source, ...options });
const valuesOf = ({ spec }: { spec: object }, layer?: number) => {
  const part = layer === undefined ? spec : (spec as { layer: object[] }).layer[layer]!;
  return (part as { data: { values: Values } }).data.values;
};

it("draws histograms that count every row once, by category one upon the other", async () => {
  const plain = valuesOf(await draw({ kind: "histogram", x: "area", bins: 10 }));
  expect(plain.reduce((sum, { count }) => sum + count!, 0)).toBe(ROWS);
  for (const { from, to, count } of plain) {
    expect(count).toBe(SOURCE.area.filter((value) => value >= from! && value < to!).length);
  }
  const split = valuesOf(await draw({ kind: "histogram", x: "gaps", by: "label" }));
  expect(split.reduce((sum, { count }) => sum + count!, 0)).toBe((ROWS * 2) / 3);
  expect([...new Set(split.map(({ category }) => category))]).toEqual(["a", "b", "c9", "c10"]);
});

it("draws points while they are few, and hexagons of all when they are many", async () => {
  const few = { x: [1, 2, Number.NaN], y: [3, 4, 5], by: ["a", "b", "a"] };
  expect(valuesOf(await draw({ kind: "scatter", x: "x", y: "y", by: "by" }, few))).toEqual([
    { x: 1, y: 3, category: "a" },
    { x: 2, y: 4, category: "b" },
  ]);
  const many = valuesOf(await draw({ kind: "scatter", x: "area", y: "twice" }));
  expect(many.length).toBeLessThan(300);
  expect(many.reduce((sum, { count }) => sum + count!, 0)).toBe(ROWS);
  for (const { x, y } of many) expect(Math.abs(y! - (2 * x! + 5))).toBeLessThan(60);
});

it("draws boxes of quartiles by category, and strips of some rows", async () => {
  const [a] = valuesOf(await draw({ kind: "box", x: "label", y: "area" }), 0);
  const mine = SOURCE.area.filter((_, row) => SOURCE.label[row] === "a").sort((one, other) => one - other);
  expect(a!.category).toBe("a");
  for (const [name, share] of [
    ["q1", 0.25],
    ["median", 0.5],
    ["q3", 0.75],
  ] as const) {
    expect(Math.abs(a![name]! - mine[Math.floor(share * mine.length)]!)).toBeLessThan(12);
  }
  const strip = valuesOf(await draw({ kind: "strip", x: "label", y: "area" }));
  expect(strip.length).toBe(4 * 300);
});

it("draws lines of means, correlations, and plates by the names of wells", async () => {
  const line = valuesOf(await draw({ kind: "line", x: "area", y: "twice" }));
  for (const { x, y } of line) expect(y).toBeCloseTo(2 * x! + 5, 6);
  const cells = valuesOf(await draw({ kind: "correlation", columns: ["area", "twice", "gaps"] }));
  expect(cells).toHaveLength(9);
  expect(cells.find(({ one, other }) => one === "area" && other === "twice")!.r).toBeCloseTo(1, 12);
  const wells = valuesOf(await draw({ kind: "plate", x: "well", y: "area" }));
  expect(wells).toHaveLength(96);
  const b3 = SOURCE.area.filter((_, row) => SOURCE.well[row] === "B03");
  expect(wells.find(({ row, column }) => row === "B" && Number(column) === 3)!.mean).toBeCloseTo(
    b3.reduce((sum, value) => sum + value, 0) / b3.length,
    9,
  );
});

it.each(["svg", "png", "html", "json"])("writes %s", async (form) => {
  const folder = mkdtempSync(join(tmpdir(), "plot-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const targetPath = join(folder, `plot.${form}`);
  const plot = await draw({ kind: "histogram", x: "area", title: "Größe <b>", targetPath });
  const bytes = readFileSync(targetPath);
  if (form === "svg") expect(bytes.toString()).toMatch(/^<svg[\s\S]*Größe &lt;b&gt;/);
  if (form === "json") expect(JSON.parse(bytes.toString())).toEqual(plot.spec);
  if (form === "html") expect(bytes.toString()).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  if (form === "png") {
    const { width, height, data } = decode(bytes);
    expect(width).toBeGreaterThan(1000);
    // Letters are drawn: the title's line has dark pixels.
    const top = data.subarray(0, width * 40 * (data.length / (width * height)));
    expect(top.some((value, index) => index % 4 === 0 && value < 60)).toBe(true);
  }
  await expect(draw({ kind: "histogram", x: "area", targetPath })).rejects.toMatchObject({ code: "FILE_EXISTS" });
});

it("shows itself in notebooks", async () => {
  const plot = await draw({ kind: "histogram", x: "area" });
  const shown = (plot as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();
  expect(shown["image/svg+xml"]).toBe(plot.toSVG());
});

it.each<[string, object, string]>([
  ["a kind that is not there", { kind: "pie" }, "there are histogram"],
  ["a column that is not said", { kind: "scatter", x: "area" }, "needs y"],
  ["text where numbers are needed", { kind: "histogram", x: "label" }, 'column "label" holds String'],
  ["numbers that are no wells", { kind: "plate", x: "area", y: "area" }, "neither names of wells"],
  ["texts that are no wells", { kind: "plate", x: "sentence", y: "area" }, "no names of wells"],
  ["a form that is not there", { kind: "histogram", x: "area", targetPath: "plot.gif" }, "svg, png, html, json"],
])("refuses %s", async (_, options, why) => {
  await expect(draw(options as never)).rejects.toThrow(why);
});

it("counts in cells whose range is not known before", () => {
  const cells = new GrowingCells(8);
  const values = [5, 5, 5.5, -3, 1e6, 0, 5];
  for (const value of values) cells.add(value, value);
  const found = cells.cells();
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
  expect(found.reduce((total, { sum }) => total + sum, 0)).toBe(values.reduce((sum, value) => sum + value, 0));
  for (const { from, to, count } of found)
    expect(values.filter((value) => value >= from && value < to)).toHaveLength(count);
  expect(new GrowingCells().cells()).toEqual([]);
});
