/** The benchmark's results as a Markdown table and as a plot (SVG). */
import { cpus, totalmem } from "node:os";
import type { Case } from "./cases.js";
import { type Measurement, median } from "./measure.js";

export interface Result {
  case: Case;
  ours: Measurement[];
  theirs: Measurement[];
}

export interface Summary {
  name: string;
  target: number;
  pairs: number;
  oursSeconds: number;
  theirsSeconds: number;
  /** Median over the pairs of theirs / ours. */
  ratio: number;
  oursMiB: number;
  theirsMiB: number;
}

export function summarise({ case: { name, target }, ours, theirs }: Result): Summary {
  const seconds = (runs: Measurement[]) => median(runs.map((run) => run.seconds));
  const peak = (runs: Measurement[]) => median(runs.map((run) => run.peakMiB));
  const ratio = median(ours.map((run, pair) => theirs[pair]!.seconds / run.seconds));
  return {
    name,
    target,
    pairs: ours.length,
    oursSeconds: seconds(ours),
    theirsSeconds: seconds(theirs),
    ratio,
    oursMiB: peak(ours),
    theirsMiB: peak(theirs),
  };
}

export function line(s: Summary): string {
  const verdict = s.ratio >= s.target ? "yes" : "no";
  const cells = [
    s.name,
    s.oursSeconds.toFixed(2),
    s.theirsSeconds.toFixed(2),
    `**${s.ratio.toFixed(1)}**`,
    `${s.target} (${verdict})`,
    s.oursMiB.toFixed(0),
    s.theirsMiB.toFixed(0),
    String(s.pairs),
  ];
  return `| ${cells.join(" | ")} |`;
}

export function markdown(summaries: readonly Summary[], versions: Record<string, string>, rows: number): string {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return [
    "# Results",
    "",
    `Made by \`npm run bench\`: omero2frame beside omero2pandas on one reference server (omero-py's table servants behind Glacier2), in turn, each`,
    `run a process of its own; the operation alone is timed. Medians; the ratio is the median over the pairs. ${rows.toLocaleString("en")} rows x 10 columns unless said.`,
    "",
    `Machine: ${machine}. ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}.`,
    "",
    "| case | ours, s | omero2pandas, s | times faster | wanted | ours, MiB | omero2pandas, MiB | pairs |",
    "|---|---|---|---|---|---|---|---|",
    ...summaries.map(line),
    "",
    "![Times faster than omero2pandas](results.svg)",
    "",
  ].join("\n");
}

const BAR = 22;
const LEFT = 330;
const WIDTH = 860;

/** Horizontal bars on a logarithmic axis, the wanted ratio marked on each. */
export function svg(summaries: readonly Summary[]): string {
  const most = Math.max(10, ...summaries.map((s) => Math.max(s.ratio, s.target)));
  const x = (ratio: number) =>
    LEFT + (Math.log10(Math.max(ratio, 0.5) / 0.5) / Math.log10(most / 0.5)) * (WIDTH - LEFT - 70);
  const height = summaries.length * (BAR + 10) + 60;
  const bars = summaries.map((s, i) => bar(s, 40 + i * (BAR + 10), x));
  const ticks = [0.5, 1, 2, 5, 10, 20, 50, 100, 200].filter((t) => t <= most);
  const axis = ticks.map(
    (t) =>
      `<line x1="${x(t)}" y1="30" x2="${x(t)}" y2="${height - 20}" stroke="#ddd"/><text x="${x(t)}" y="22" text-anchor="middle" fill="#555">${t}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="10" y="22" font-weight="bold">times faster than omero2pandas</text>`,
    ...axis,
    ...bars,
    `<text x="10" y="${height - 4}" fill="#555">red line: what was wanted</text>`,
    "</svg>",
    "",
  ].join("\n");
}

function bar(s: Summary, y: number, x: (ratio: number) => number): string {
  const end = x(s.ratio);
  return [
    `<text x="${LEFT - 8}" y="${y + 16}" text-anchor="end">${s.name}</text>`,
    `<rect x="${LEFT}" y="${y}" width="${Math.max(1, end - LEFT)}" height="${BAR}" fill="#2b7bba"/>`,
    `<line x1="${x(s.target)}" y1="${y - 2}" x2="${x(s.target)}" y2="${y + BAR + 2}" stroke="#c22" stroke-width="2"/>`,
    `<text x="${end + 6}" y="${y + 16}">${s.ratio.toFixed(1)}</text>`,
  ].join("");
}
