/** The results as Markdown. */
import { STREAMING_TARGET } from "./cases.js";
import type { Comparison, Parts, Profile, Results, Scale, ScaleRun, StartTime } from "./results.js";
import { IMPORT_TARGET } from "./start-time.js";
import { fitCost, fitLine, growth, median, megabytes, type Point } from "./statistics.js";
import { SERVER_MARGIN, type Summary, summarise, type Verdict } from "./summary.js";
import { QUIET_LOAD, type Surroundings } from "./surroundings.js";

export function report({ comparison, scale, parts }: Results): string {
  return [
    "# Results",
    "",
    "Made by `npm run bench`, `npm run bench:scale` and `npm run bench:micro` on one machine; `results.json` holds every run.",
    "",
    ...(comparison ? [comparisonReport(comparison), ""] : []),
    ...(scale ? [scaleReport(scale), ""] : []),
    ...(parts ? [partsReport(parts), ""] : []),
  ].join("\n");
}

export function comparisonReport(comparison: Comparison): string {
  const { surroundings, rows, results, streaming, start, profiles } = comparison;
  const summaries = results.map(summarise).filter((summary) => summary !== undefined);
  return [
    "## Beside omero2pandas",
    "",
    "Ours and the peer in turn on one reference server (omero-py's table servants behind Glacier2) on the same machine. Each",
    "run is a process of its own; the operation alone is timed: not starting, importing or logging in. Seconds and MiB (most",
    "resident memory of the whole process) are medians; the ratio is the median over the pairs, with the least and the",
    `greatest. ${number(rows)} rows x 10 columns unless said; 100 columns are of a fifth of the rows.`,
    'The tables that are read are made by omero2pandas unless said; "checksum" tells whether the server has one of the table,',
    "which decides how its file is checked before it is relied on.",
    "",
    ...quietWarning(surroundings),
    ...comparisonTable(summaries),
    "",
    ...failures(results.map(({ case: { name }, failure }) => ({ name, failure }))),
    "![Times faster than omero2pandas, and peak memory](results.svg)",
    "",
    ...serverNotes(summaries),
    ...beyondNotes(summaries),
    ...streamingNotes(streaming),
    "### Importing the package",
    "",
    startNote(start),
    "",
    ...profileNotes(profiles),
    surroundingsNote(surroundings),
  ].join("\n");
}

function quietWarning({ loadBefore }: Surroundings): string[] {
  if (loadBefore <= QUIET_LOAD) return [];
  return [`**The machine was not quiet: load average ${loadBefore.toFixed(2)} at the start.**`, ""];
}

const VERDICTS: Record<Verdict, string> = { met: "met", server: "server's limit", missed: "**missed**" };

function comparisonTable(summaries: readonly Summary[]): string[] {
  const columns = [
    "case",
    "checksum",
    "ours, s",
    "peer, s",
    "times faster",
    "wanted",
    "",
    "ours, MiB",
    "peer, MiB",
    "pairs",
  ];
  const rows = summaries.map((s) => [
    s.name,
    checksumOf(s),
    s.oursSeconds.toFixed(2),
    s.theirsSeconds.toFixed(2),
    `**${ratio(s.ratio.median)}** (${ratio(s.ratio.min)} to ${ratio(s.ratio.max)})`,
    String(s.target),
    VERDICTS[s.verdict],
    s.oursMiB.toFixed(0),
    s.theirsMiB.toFixed(0),
    String(s.pairs),
  ]);
  return table(columns, rows);
}

function checksumOf({ checksum }: Summary): string {
  if (checksum === undefined) return "";
  return checksum ? "yes" : "no";
}

export function ratio(value: number): string {
  return value.toFixed(value < 2.995 ? 2 : value < 9.95 ? 1 : 0);
}

function failures(cases: readonly { name: string; failure?: string | undefined }[]): string[] {
  const failed = cases.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return [];
  return ["Failed:", "", ...failed.map(({ name, failure }) => `- ${name}: ${failure}`), ""];
}

function serverNotes(summaries: readonly Summary[]): string[] {
  const limited = summaries.flatMap((s) => (s.server ? [{ ...s, server: s.server }] : []));
  if (limited.length === 0) return [];
  const columns = ["case", "server alone, s", "ours / server alone", "most a client can gain", "wanted"];
  const rows = limited.map(({ name, server, theirsSeconds, target }) => [
    name,
    server.seconds.toFixed(2),
    server.ratio.toFixed(2),
    ratio(theirsSeconds / server.seconds),
    String(target),
  ]);
  return [
    "### The server's own time",
    "",
    "What the table service takes for the same work, called in its own process without network, router or client, in calls of",
    "the size that suits it best. Where the wanted ratio is more than any client can gain, ours must come within",
    `${SERVER_MARGIN} times of it ("server's limit"). A ratio below 1: ours gets part of it by another way`,
    "than the service.",
    "",
    ...table(columns, rows),
    "",
  ];
}

function beyondNotes(summaries: readonly Summary[]): string[] {
  return summaries.flatMap(({ name, beyond }) => {
    if (!beyond) return [];
    const verdict = beyond.megabytes <= beyond.target ? "met" : "**missed**";
    return [
      `${name}: ${beyond.megabytes.toFixed(0)} MB beyond the input, at most ${beyond.target} wanted: ${verdict}.`,
      "",
    ];
  });
}

function streamingNotes({ rows, results }: Comparison["streaming"]): string[] {
  if (results.length === 0) return [];
  const cells = results.map(({ name, ours, failure }) => {
    if (!ours) return [name, "", "", String(STREAMING_TARGET), `**failed**: ${failure}`];
    const peak = megabytes(ours.peakMiB);
    const verdict = peak <= STREAMING_TARGET ? "met" : "**missed**";
    return [name, ours.seconds.toFixed(1), peak.toFixed(0), String(STREAMING_TARGET), verdict];
  });
  return [
    `### Peak memory of streaming, ${number(rows)} rows`,
    "",
    ...table(["case", "s", "peak, MB (10⁶ bytes)", "at most", ""], cells),
    "",
  ];
}

function startNote({ bare, importing }: StartTime): string {
  const [without, with_] = [median(bare), median(importing)];
  const difference = with_ - without;
  const milliseconds = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;
  return (
    `A process that imports the package takes ${milliseconds(with_)}, one that does nothing ${milliseconds(without)} (medians of ` +
    `${bare.length} in turn): ${milliseconds(difference)}, at most ${milliseconds(IMPORT_TARGET)} wanted: ` +
    `${difference <= IMPORT_TARGET ? "met" : "**missed**"}.`
  );
}

function profileNotes(profiles: readonly Profile[]): string[] {
  if (profiles.length === 0) return [];
  const lines = profiles.map(({ name, functions }) => {
    const shares = functions.map((one) => `${one.name} ${(one.share * 100).toFixed(0)} %`);
    return `- ${name}: ${shares.join(", ")}`;
  });
  return [
    "### Where the time goes in the cases that miss",
    "",
    'Shares of the operation\'s time in one more run, under the profiler. "Waiting" is for the server or the disk.',
    "",
    ...lines,
    "",
  ];
}

function surroundingsNote({ machine, versions, loadBefore, loadAfter, minutes }: Surroundings): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Machine: ${machine}. ${named.join(", ")}. Load average ${loadBefore.toFixed(2)} before, ${loadAfter.toFixed(2)} after; ${minutes.toFixed(0)} minutes.`;
}

export function scaleReport({ surroundings, runs }: Scale): string {
  const names = [...new Set(runs.map(({ name }) => name))];
  const sizes = [...new Set(runs.map(({ rows }) => rows))].sort((a, b) => a - b);
  const of = (name: string) => runs.filter((run) => run.name === name).sort((a, b) => a.rows - b.rows);
  const bySize = (show: (run: ScaleRun) => string) => (name: string) =>
    sizes.map((rows) => of(name).find((run) => run.rows === rows)).map((run) => (run ? show(run) : ""));
  const perRow = bySize(({ seconds, rows }) => micro(seconds / rows));
  const peak = bySize(({ peakMiB }) => peakMiB.toFixed(0));
  const points = (name: string, value: (run: ScaleRun) => number): Point[] =>
    of(name).map((run) => [run.rows, value(run)]);
  return [
    "## Scale",
    "",
    "Ten columns. Microseconds for each row, all costs included; then the fixed cost and the cost of a row that fit all sizes",
    "best (weighted by relative error), and the exponent with which time grows (1: in proportion to the rows).",
    "",
    ...quietWarning(surroundings),
    ...table(
      ["µs a row at", ...sizes.map(number), "fixed, ms", "µs a row", "exponent"],
      names.map((name) => {
        const times = points(name, ({ seconds }) => seconds);
        if (times.length < 2) return [name, ...perRow(name), "", "", ""];
        const { intercept, slope } = fitCost(times);
        return [name, ...perRow(name), (intercept * 1000).toFixed(0), micro(slope), growth(times).toFixed(2)];
      }),
    ),
    "",
    "Peak memory in MiB, and how much it grows by 1,000,000 rows (least squares).",
    "",
    ...table(
      ["MiB at", ...sizes.map(number), "MiB a million rows"],
      names.map((name) => {
        const peaks = points(name, ({ peakMiB }) => peakMiB);
        const slope = peaks.length < 2 ? "" : (fitLine(peaks).slope * 1e6).toFixed(1);
        return [name, ...peak(name), slope];
      }),
    ),
    "",
    surroundingsNote(surroundings),
  ].join("\n");
}

function micro(seconds: number): string {
  const value = seconds * 1e6;
  return value.toFixed(value < 10 ? 2 : 1);
}

export function partsReport({ surroundings, parts }: Parts): string {
  return [
    "## Parts",
    "",
    "Vitest's micro-benchmarks: milliseconds of one run (median), and the relative margin of error of their mean.",
    "",
    ...quietWarning(surroundings),
    ...table(
      ["what", "how", "ms", "±"],
      parts.map(({ group, name, median, rme }) => [
        group,
        name.replaceAll("|", "\\|"),
        String(Number(median.toPrecision(3))),
        `${rme.toFixed(1)} %`,
      ]),
    ),
    "",
    surroundingsNote(surroundings),
  ].join("\n");
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const alignment = columns.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(columns), line(alignment), ...rows.map(line)];
}

function number(value: number): string {
  return value.toLocaleString("en");
}
