/** Marks of processes in names of files: they tell whether the process that made one still runs. */
import { readFileSync } from "node:fs";

let mark: string | undefined;

/** Number and start of this process, with `-` between. */
export function ownMark(): string {
  mark ??= `${process.pid}-${startOf(process.pid) ?? 0}`;
  return mark;
}

/** Whose mark a text begins with; undefined where it is of a process that has ended. */
export function processOfMark(text: string): "own" | "other" | undefined {
  const [pid = Number.NaN, start = Number.NaN] = text.split("-").map(Number);
  if (pid === process.pid && start === (startOf(pid) ?? 0)) return "own";
  return processRuns(pid) && start === (startOf(pid) ?? start) ? "other" : undefined;
}

/** In ticks since the machine has started, as Linux tells: a number may be of another process by now. */
function startOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  } catch {
    return undefined;
  }
}

/** Whether there is a process of a number. */
export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
