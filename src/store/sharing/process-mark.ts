/** Marks of processes in names of files: they tell whether the process that made one still runs. */
import { readFileSync, readlinkSync } from "node:fs";

/**
 * Whose mark it is: of this process; of another that runs; or of one in another process namespace, such as a container's, of which
 * nobody here can tell whether it runs.
 */
export type MarkOwner = "own" | "running" | "unseen";

let mark: string | undefined;

/** Number and start of this process and its namespace, with `-` between. */
export function ownMark(): string {
  mark ??= `${process.pid}-${startOf(process.pid) ?? 0}-${ownNamespace()}`;
  return mark;
}

/** Whose mark a text begins with; undefined where it is of a process that has ended. */
export function ownerOfMark(text: string): MarkOwner | undefined {
  const own = ownMark();
  if (text === own || text.startsWith(`${own}-`)) return "own";
  const [pid, start, namespace = ""] = text.split("-");
  if (NAMESPACE.test(namespace) && namespace !== ownNamespace()) return "unseen";
  return processRuns(Number(pid)) && isSameStart(Number(start), startOf(Number(pid))) ? "running" : undefined;
}

/** The mark that a text begins with. */
export function markIn(text: string): string {
  return text.split("-").slice(0, 3).join("-");
}

/** Whether there is a process of a number. */
function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isSameStart(marked: number, now: number | undefined): boolean {
  return now === undefined || Number.isNaN(marked) || marked === now;
}

/** In ticks since the machine has started, as Linux tells: a number may be of another process by now. */
function startOf(pid: number): number | undefined {
  try {
    // Otherwise it lists the processes of another namespace.
    if (readlinkSync("/proc/self") !== String(process.pid)) return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  } catch {
    return undefined;
  }
}

const NAMESPACE = /^ns\d+$/;
let namespaceName: string | undefined;

function ownNamespace(): string {
  namespaceName ??= readNamespace();
  return namespaceName;
}

/** `ns0` where the system has none. */
function readNamespace(): string {
  try {
    return `ns${/\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? 0}`;
  } catch {
    return "ns0";
  }
}
