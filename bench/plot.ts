/** The results as a picture (SVG): ratios, peak memory and scale. */

import { STREAMING_TARGET } from "./cases.js";
import { ratio } from "./report.js";
import type { Comparison, Results, Scale } from "./results.js";
import {
  type Axis,
  INK,
  line,
  linearAxis,
  logAxis,
  logTicks,
  powersOfTen,
  rect,
  round,
  roundTicks,
  text,
} from "./shapes.js";
import { megabytes } from "./statistics.js";
import { type Summary, summarise, type Verdict } from "./summary.js";

const WIDTH = 1000;
const LEFT = 330;
const RIGHT = 920;
const BAR = 20;
const STEP = 30;
const HEAD = 66;
const OURS = "#2b7bba";
const PEER = "#c9c9c9";
const TARGET = "#c22525";
const FAINT = "#666";
const GRID = "#e3e3e3";
const BARS: Record<Verdict, string> = { met: OURS, server: "#6a9e3f", missed: "#d98a26" };

/** A part of the picture; its y begin at 0. */
interface Panel {
  readonly height: number;
  readonly content: readonly string[];
}

export function plot({ comparison, scale }: Results): string {
  const panels = [...(comparison ? comparisonPanels(comparison) : []), ...(scale ? [scalePanel(scale)] : [])];
  let y = 10;
  const placed = panels.map(({ height, content }) => {
    const group = `<g transform="translate(0 ${y})">${content.join("\n")}</g>`;
    y += height + 18;
    return group;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="DejaVu Sans, Helvetica, sans-serif" font-size="13">`,
    "<title>omero2frame beside its peers: speed, memory and scale</title>",
    `<rect width="100%" height="100%" fill="white"/>`,
    ...placed,
    "</svg>",
    "",
  ].join("\n");
}

function comparisonPanels({ results, streaming }: Comparison): Panel[] {
  const summaries = results.map(summarise).filter((summary) => summary !== undefined);
  const streamed = streaming.results.flatMap(({ name, ours }) =>
    ours ? [{ name, peak: megabytes(ours.peakMiB) }] : [],
  );
  return [
    ...(summaries.length > 0 ? [ratioPanel(summaries), memoryPanel(summaries)] : []),
    ...(streamed.length > 0 ? [streamingPanel(streaming.rows, streamed)] : []),
  ];
}

function grid(ticks: readonly number[], x: Axis, top: number, bottom: number): string[] {
  return ticks.flatMap((tick) => [
    line(x(tick), top, x(tick), bottom, GRID),
    text(x(tick), top - 6, tick.toLocaleString("en", { maximumFractionDigits: 9 }), {
      anchor: "middle",
      fill: FAINT,
      size: 11,
    }),
  ]);
}

interface LegendEntry {
  readonly colour: string;
  readonly title: string;
  readonly mark?: "bar" | "line";
}

function legend(entries: readonly LegendEntry[], y: number): string[] {
  let x = LEFT;
  return entries.flatMap(({ colour, title, mark = "bar" }) => {
    const sign = mark === "bar" ? rect(x, y - 10, 12, 12, colour) : rect(x + 4, y - 12, 3, 15, colour);
    const label = text(x + 17, y, title, { fill: FAINT, size: 12 });
    x += 34 + title.length * 7;
    return [sign, label];
  });
}

function ratioPanel(summaries: readonly Summary[]): Panel {
  const least = Math.min(0.5, ...summaries.map((s) => s.ratio.min / 1.2));
  const most = Math.max(10, ...summaries.flatMap((s) => [s.ratio.max, s.target])) * 1.1;
  const x = logAxis(least, most, LEFT, RIGHT);
  const bottom = HEAD + summaries.length * STEP;
  const shown = (verdict: Verdict) => summaries.some((s) => s.verdict === verdict);
  return {
    height: bottom,
    content: [
      text(10, 18, "Times faster than the peer", { bold: true, size: 15 }),
      ...legend(
        [
          { colour: BARS.met, title: "target met" },
          ...(shown("server") ? [{ colour: BARS.server, title: "at the server's limit" }] : []),
          ...(shown("missed") ? [{ colour: BARS.missed, title: "target missed" }] : []),
          { colour: TARGET, title: "target", mark: "line" },
          { colour: INK, title: "least to greatest", mark: "line" },
        ],
        38,
      ),
      ...grid(logTicks(least, most), x, HEAD - 4, bottom),
      line(x(1), HEAD - 4, x(1), bottom, "#999"),
      ...summaries.map((s, index) => ratioBar(s, HEAD + index * STEP, x)),
    ],
  };
}

/** Width of a value beside its bar. */
const VALUE_WIDTH = 36;

function ratioBar(s: Summary, y: number, x: Axis): string {
  const middle = y + BAR / 2;
  const end = x(s.ratio.max) + 8;
  const target = x(s.target);
  const hidden = target > end - 6 && target < end + VALUE_WIDTH;
  return [
    text(LEFT - 10, middle + 4, s.name, { anchor: "end" }),
    rect(LEFT, y, x(s.ratio.median) - LEFT, BAR, BARS[s.verdict]),
    line(x(s.ratio.min), middle, x(s.ratio.max), middle, INK),
    line(x(s.ratio.min), middle - 4, x(s.ratio.min), middle + 4, INK),
    line(x(s.ratio.max), middle - 4, x(s.ratio.max), middle + 4, INK),
    line(target, y - 2, target, y + BAR + 2, TARGET, 3),
    text(hidden ? target + 8 : end, middle + 4, ratio(s.ratio.median), { bold: true }),
  ].join("");
}

function memoryPanel(summaries: readonly Summary[]): Panel {
  const most = Math.max(...summaries.flatMap((s) => [s.oursMiB, s.theirsMiB])) * 1.05;
  const x = linearAxis(most, LEFT, RIGHT);
  const bottom = HEAD + summaries.length * STEP;
  const half = BAR / 2;
  return {
    height: bottom,
    content: [
      text(10, 18, "Peak memory, MiB", { bold: true, size: 15 }),
      ...legend(
        [
          { colour: OURS, title: "omero2frame" },
          { colour: PEER, title: "the peer" },
        ],
        38,
      ),
      ...grid(roundTicks(most), x, HEAD - 4, bottom),
      ...summaries.map((s, index) => {
        const y = HEAD + index * STEP;
        return [
          text(LEFT - 10, y + half + 4, s.name, { anchor: "end" }),
          rect(LEFT, y, x(s.oursMiB) - LEFT, half, OURS),
          rect(LEFT, y + half, x(s.theirsMiB) - LEFT, half, PEER),
          text(x(s.oursMiB) + 5, y + half - 1, s.oursMiB.toFixed(0), { size: 10, fill: OURS }),
          text(x(s.theirsMiB) + 5, y + BAR - 1, s.theirsMiB.toFixed(0), { size: 10, fill: FAINT }),
        ].join("");
      }),
    ],
  };
}

function streamingPanel(rows: number, cases: readonly { name: string; peak: number }[]): Panel {
  const most = Math.max(STREAMING_TARGET, ...cases.map(({ peak }) => peak)) * 1.15;
  const x = linearAxis(most, LEFT, RIGHT);
  const bottom = HEAD + cases.length * STEP;
  return {
    height: bottom,
    content: [
      text(10, 18, `Peak memory of streaming ${rows.toLocaleString("en")} rows, MB`, { bold: true, size: 15 }),
      ...legend(
        [
          { colour: OURS, title: "omero2frame" },
          { colour: TARGET, title: "at most", mark: "line" },
        ],
        38,
      ),
      ...grid(roundTicks(most), x, HEAD - 4, bottom),
      ...cases.map(({ name, peak }, index) => {
        const y = HEAD + index * STEP;
        const colour = peak <= STREAMING_TARGET ? OURS : BARS.missed;
        return [
          text(LEFT - 10, y + BAR / 2 + 4, name, { anchor: "end" }),
          rect(LEFT, y, x(peak) - LEFT, BAR, colour),
          text(x(peak) - 6, y + BAR / 2 + 4, peak.toFixed(0), { anchor: "end", fill: "white", bold: true }),
        ].join("");
      }),
      line(x(STREAMING_TARGET), HEAD - 4, x(STREAMING_TARGET), bottom, TARGET, 3),
    ],
  };
}

const COLOURS = ["#1f77b4", "#7fb2dc", "#2ca02c", "#8fd08f", "#9467bd", "#d62728", "#ff9f6e", "#8c564b"];

function scalePanel({ runs }: Scale): Panel {
  const names = [...new Set(runs.map(({ name }) => name))];
  const sizes = [...new Set(runs.map(({ rows }) => rows))].sort((a, b) => a - b);
  const [top, bottom, from, to] = [HEAD, HEAD + 300, 80, 640];
  const x = logAxis(sizes[0]!, Math.max(sizes.at(-1)!, sizes[0]! * 10), from, to);
  const times = runs.map(({ seconds }) => seconds);
  const [least, most] = [10 ** Math.floor(Math.log10(Math.min(...times))), Math.max(...times) * 1.2];
  const y = logAxis(least, most, bottom, top);
  const ends = names
    .map((name, index) => ({ name, index, last: lastOf(runs, name) }))
    .sort((a, b) => b.last.seconds - a.last.seconds);
  return {
    height: bottom + 30,
    content: [
      text(10, 18, "Seconds by number of rows", { bold: true, size: 15 }),
      ...sizes.flatMap((size) => [
        line(x(size), top, x(size), bottom, GRID),
        text(x(size), bottom + 18, size.toLocaleString("en"), { anchor: "middle", fill: FAINT, size: 11 }),
      ]),
      ...powersOfTen(least, most).flatMap((seconds) => [
        line(from, y(seconds), to, y(seconds), GRID),
        text(from - 8, y(seconds) + 4, String(seconds), { anchor: "end", fill: FAINT, size: 11 }),
      ]),
      ...names.map((name, index) => curve(runs, name, COLOURS[index % COLOURS.length]!, x, y)),
      ...ends.flatMap(({ name, index }, place) => {
        const at = top + 14 + place * 22;
        const colour = COLOURS[index % COLOURS.length]!;
        return [line(to + 40, at - 4, to + 66, at - 4, colour, 3), text(to + 74, at, name)];
      }),
    ],
  };
}

function ofName(runs: Scale["runs"], name: string): Scale["runs"] {
  return runs.filter((run) => run.name === name).sort((a, b) => a.rows - b.rows);
}

function lastOf(runs: Scale["runs"], name: string): Scale["runs"][number] {
  return ofName(runs, name).at(-1)!;
}

function curve(runs: Scale["runs"], name: string, colour: string, x: Axis, y: Axis): string {
  const points = ofName(runs, name).map(({ rows, seconds }) => [round(x(rows)), round(y(seconds))] as const);
  const path = points.map(([px, py]) => `${px},${py}`).join(" ");
  const dots = points.map(([px, py]) => `<circle cx="${px}" cy="${py}" r="3" fill="${colour}"/>`).join("");
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}`;
}
