import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plot } from "../../bench/plot.js";
import type { Results } from "../../bench/results.js";
import { comparison, result, scale } from "./made-results.js";

interface Box {
  content: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** About the places of the texts, in the picture's own units. */
function textBoxes(svg: string): Box[] {
  const boxes: Box[] = [];
  for (const [, y, group] of svg.matchAll(/<g transform="translate\(0 ([\d.]+)\)">([\s\S]*?)<\/g>/g)) {
    for (const [, attributes, content] of group!.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)) {
      const of = (name: string) => attributes!.match(new RegExp(`(?:^| )${name}="([^"]*)"`))?.[1];
      const size = Number(of("font-size") ?? 13);
      const width = content!.replaceAll(/&\w+;/g, "x").length * size * 0.56;
      const x = Number(of("x"));
      const left = { start: x, middle: x - width / 2, end: x - width }[of("text-anchor")!]!;
      const baseline = Number(y) + Number(of("y"));
      boxes.push({ content: content!, left, right: left + width, top: baseline - size * 0.75, bottom: baseline });
    }
  }
  return boxes;
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function checkPicture(results: Results): void {
  const svg = plot(results);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  const [, width, height] = svg.match(/width="(\d+)" height="(\d+)"/)!;
  const boxes = textBoxes(svg);
  for (const box of boxes) {
    expect(box.left, box.content).toBeGreaterThanOrEqual(0);
    expect(box.right, box.content).toBeLessThanOrEqual(Number(width));
    expect(box.bottom, box.content).toBeLessThanOrEqual(Number(height));
  }
  const pairs = boxes.flatMap((a, index) => boxes.slice(index + 1).map((b) => [a, b] as const));
  expect(pairs.filter(([a, b]) => overlaps(a, b)).map(([a, b]) => [a.content, b.content])).toEqual([]);
}

const seconds = fc.double({ min: 0.01, max: 200, noNaN: true });
const aCase = fc.record({
  name: fc.constantFrom("whole table to Arrow by the service route", "condition with 0.01 % hits", "a < b & c"),
  target: fc.constantFrom(1, 1.3, 2.5, 10, 80),
  ours: fc.array(seconds, { minLength: 3, maxLength: 3 }),
  theirs: fc.array(seconds, { minLength: 3, maxLength: 3 }),
  server: fc.array(seconds, { maxLength: 3 }),
  mebibytes: fc.tuple(fc.double({ min: 50, max: 3000, noNaN: true }), fc.double({ min: 50, max: 3000, noNaN: true })),
});

describe("plot", () => {
  it("keeps all its texts apart and inside, whatever the figures", () => {
    fc.assert(
      fc.property(fc.array(aCase, { minLength: 1, maxLength: 13 }), (made) => {
        const results = made.map(({ name, target, ours, theirs, server, mebibytes }) => {
          const one = result({ name, target }, ours, theirs, server);
          for (const run of one.ours) run.peakMiB = mebibytes[0];
          for (const run of one.theirs) run.peakMiB = mebibytes[1];
          return one;
        });
        checkPicture({ comparison: comparison(results, [70, 130, 400]) });
      }),
      { numRuns: 50 },
    );
  });

  it("shows scale at few or many sizes", () => {
    for (const sizes of [[10_000], [10_000, 100_000], [1e4, 1e5, 1e6, 1e7]]) {
      checkPicture({ scale: scale([1e-8, 1e-6, 2e-6, 3e-6, 4e-6, 5e-6, 6e-6], sizes) });
    }
  });

  it("marks the target, and a miss by another colour", () => {
    const barOf = (target: number) => {
      const svg = plot({ comparison: comparison([result({ target }, [1], [4])]) });
      return svg.match(/<\/text><rect [^>]*fill="(#\w+)"/)![1];
    };
    expect(barOf(3)).toBe("#2b7bba");
    expect(barOf(5)).toBe("#d98a26");
  });

  it("is a picture even of nothing", () => {
    checkPicture({});
  });

  it("closes what it opens", () => {
    const svg = plot({ comparison: comparison([result({ name: "<a> & b" }, [1], [2])], [70]), scale: scale([1e-6]) });
    const open: string[] = [];
    for (const [, close, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (self) continue;
      if (close) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg).toContain("&lt;a&gt; &amp; b");
  });
});
