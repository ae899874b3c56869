/**
 * Shows how far something long has come: on a terminal one line, rewritten, that fits it; elsewhere, as in the log of a job, a plain
 * line every few seconds.
 */
import type { Progress } from "../../columns/table.js";
import { holdStatusLine, isAsking } from "../../flow/process/status-line.js";

/** Milliseconds between two pictures of the bar. */
const INTERVAL = 100;
/** Milliseconds between two plain lines. */
const LINE_INTERVAL = 5000;
const MOST_CELLS = 30;
const USUAL_WIDTH = 80;
const CLEAR = "\r\x1b[K";

export interface ProgressBar {
  onProgress(progress: Progress): void;
  /** Leaves the line to what is printed next. */
  end(): void;
}

export function progressBar(
  stream: NodeJS.WriteStream,
  doing: string,
  now: () => number = () => performance.now(),
): ProgressBar {
  return stream.isTTY ? drawnBar(stream, doing, now) : plainLines(stream, doing, now);
}

function drawnBar(stream: NodeJS.WriteStream, doing: string, now: () => number): ProgressBar {
  const started = now();
  let shown = 0;
  let drawn = false;
  const clear = () => {
    if (drawn) stream.write(CLEAR);
    drawn = false;
    holdStatusLine(undefined);
  };
  return {
    onProgress(progress) {
      if (now() - shown < INTERVAL || isAsking()) return;
      shown = now();
      drawn = true;
      holdStatusLine(clear);
      // The last column stays free: some terminals go to the next line when it is written.
      const room = (stream.columns || USUAL_WIDTH) - 1;
      stream.write(CLEAR + barLine(doing, progress, (shown - started) / 1000, room));
    },
    end: clear,
  };
}

function plainLines(stream: NodeJS.WriteStream, doing: string, now: () => number): ProgressBar {
  const started = now();
  let shown = started;
  return {
    onProgress(progress) {
      if (now() - shown < LINE_INTERVAL) return;
      shown = now();
      stream.write(`${doing} ${amount(progress)}${rate(progress, (shown - started) / 1000)}\n`);
    },
    end() {},
  };
}

/** As much as there is room for: the bar shrinks first, then the rate goes, then the bar. */
function barLine(doing: string, progress: Progress, seconds: number, room: number): string {
  const [told, speed] = [`${doing} `, rate(progress, seconds)];
  const after = amount(progress);
  const share = shareOf(progress);
  for (const tail of [after + speed, after]) {
    const cells = share === undefined ? 0 : Math.min(MOST_CELLS, room - told.length - tail.length - 3);
    if (share !== undefined && cells >= 5) return `${told}${bar(share, cells)} ${tail}`;
    if (share === undefined && told.length + tail.length <= room) return told + tail;
  }
  return (told + after).slice(0, Math.max(0, room));
}

function bar(share: number, cells: number): string {
  const full = Math.round(share * cells);
  return `[${"#".repeat(full)}${"-".repeat(cells - full)}]`;
}

function shareOf({ done, total }: Progress): number | undefined {
  return total ? Math.min(done / total, 1) : undefined;
}

function amount(progress: Progress): string {
  const { done, total, unit } = progress;
  const share = shareOf(progress);
  if (share === undefined) return `${done.toLocaleString("en")} ${unit}`;
  return `${Math.floor(share * 100)} % of ${total!.toLocaleString("en")} ${unit}`;
}

function rate({ done, unit }: Progress, seconds: number): string {
  return seconds > 0 ? `, ${Math.round(done / seconds).toLocaleString("en")} ${unit}/s` : "";
}
