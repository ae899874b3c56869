/** What came of jobs, a line of JSON each, on the disk before the next is begun: for engines that know files and exit codes. */
import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { FileError } from "../errors.js";
import { ifPossible } from "../flow/failures.js";
import type { JobOutcome } from "./work/outcome.js";

export class StateFile implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #settled: ReadonlySet<string>;

  private constructor(file: FileHandle, settled: ReadonlySet<string>) {
    this.#file = file;
    this.#settled = settled;
  }

  /** Several processes may append to one file of a local disk. @throws FileError `CANNOT_WRITE_FILE` */
  static async open(path: string): Promise<StateFile> {
    try {
      const file = await open(path, "a+", 0o666);
      return new StateFile(file, await settledIn(file));
    } catch (cause) {
      const message = `Cannot write the state to ${path}: ${(cause as Error).message}`;
      throw new FileError("CANNOT_WRITE_FILE", message, { path, cause });
    }
  }

  /** Whether the file says that a job was done. */
  isDone(id: string): boolean {
    return this.#settled.has(id);
  }

  async add({ job, ...outcome }: JobOutcome): Promise<void> {
    const line = { ...outcome, file: job?.path, time: new Date().toISOString() };
    await this.#file.appendFile(`${JSON.stringify(line)}\n`);
    await this.#file.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ifPossible(this.#file.close());
  }
}

/** Lines that were cut by the end of a process say nothing; what is appended begins a line of its own. */
async function settledIn(file: FileHandle): Promise<Set<string>> {
  const settled = new Set<string>();
  let isCut = false;
  for await (const line of createInterface({ input: file.createReadStream({ start: 0, autoClose: false }) })) {
    const told = parsed(line);
    isCut = told === undefined && line !== "";
    if (told?.result === "done" || told?.result === "done before") settled.add(String(told.id));
  }
  if (isCut) await file.appendFile("\n");
  return settled;
}

function parsed(line: string): { readonly id?: unknown; readonly result?: unknown } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // cut off
  }
}
