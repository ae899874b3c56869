/** A bar that shows how far something long has come: one line, rewritten; nothing where no person looks. */
import type { Progress } from "../columns/table.js";

/** Milliseconds between two pictures of the bar. */
const INTERVAL = 100;
const CELLS = 30;

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
  const started = now();
  let shown = 0;
  let drawn = false;
  return {
    onProgress(progress) {
      if (!stream.isTTY || now() - shown < INTERVAL) return;
      shown = now();
      drawn = true;
      stream.write(`\r\x1b[K${doing} ${describe(progress, (shown - started) / 1000)}`);
    },
    end() {
      if (drawn) stream.write("\r\x1b[K");
    },
  };
}

function describe({ done, total, unit }: Progress, seconds: number): string {
  const rate = seconds > 0 ? `, ${Math.round(done / seconds).toLocaleString("en")} ${unit}/s` : "";
  if (total === undefined || total === 0) return `${done.toLocaleString("en")} ${unit}${rate}`;
  const share = Math.min(done / total, 1);
  const full = Math.round(share * CELLS);
  const bar = `[${"#".repeat(full)}${"-".repeat(CELLS - full)}]`;
  return `${bar} ${Math.floor(share * 100)} % of ${total.toLocaleString("en")} ${unit}${rate}`;
}
