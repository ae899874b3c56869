/** What was stored of a map, line by line on the disk, so that the work can be gone on with after whatever ended it. */
import { type FileHandle, open } from "node:fs/promises";
import { FileError } from "../../../errors.js";
import { ifPossible } from "../../../flow/failures.js";
import type { MappedFile } from "../../../jobs/mapping/upload-map.js";

/** A line: that a file was begun with, or what it became. */
interface Line {
  readonly file: string;
  readonly targets: string;
  readonly name: string;
  readonly size: number;
  readonly modified: number;
  /** Of tables of its name that were there before. */
  readonly before?: readonly number[];
  /** Of the table that it became. */
  readonly annotationId?: number;
}

export class UploadJournal implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #lines: Line[];

  private constructor(file: FileHandle, lines: Line[]) {
    this.#file = file;
    this.#lines = lines;
  }

  /** @throws FileError `CANNOT_WRITE_FILE` */
  static async open(path: string): Promise<UploadJournal> {
    try {
      const file = await open(path, "a+", 0o666);
      const text = await file.readFile("utf8");
      // A line that was cut by the end of a process begins no new one.
      if (text !== "" && !text.endsWith("\n")) await file.appendFile("\n");
      return new UploadJournal(file, parseLines(text));
    } catch (cause) {
      throw new FileError("CANNOT_WRITE_FILE", `Cannot write the journal ${path}: ${(cause as Error).message}`, {
        path,
        cause,
      });
    }
  }

  /** Whether the file as it is now was stored before, begun with before, or neither. */
  stateOf(file: MappedFile): "stored" | "begun" | undefined {
    const lines = this.#lines.filter((line) => isOf(line, file));
    if (lines.some(({ annotationId }) => annotationId !== undefined)) return "stored";
    return lines.length > 0 ? "begun" : undefined;
  }

  /** Annotations of tables that are not what became of the file when it was begun with: others' that were stored, and earlier ones. */
  othersThan(file: MappedFile): ReadonlySet<number> {
    const stored = this.#lines.flatMap(({ annotationId }) => annotationId ?? []);
    const begun = this.#lines.findLast((line) => isOf(line, file));
    return new Set([...stored, ...(begun?.before ?? [])]);
  }

  /** @param before annotations of tables of its name that are there */
  begin(file: MappedFile, before: readonly number[]): Promise<void> {
    return this.#add({ ...lineOf(file), before });
  }

  end(file: MappedFile, annotationId: number): Promise<void> {
    return this.#add({ ...lineOf(file), annotationId });
  }

  async #add(line: Line): Promise<void> {
    this.#lines.push(line);
    await this.#file.appendFile(`${JSON.stringify(line)}\n`);
    await this.#file.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ifPossible(this.#file.close());
  }
}

function lineOf({ path, links, name, size, modified }: MappedFile): Line {
  return { file: path, targets: String(links), name, size, modified };
}

function isOf(line: Line, file: MappedFile): boolean {
  const { path, name, size, modified } = file;
  return (
    line.file === path &&
    line.name === name &&
    line.size === size &&
    line.modified === modified &&
    line.targets === String(file.links)
  );
}

function parseLines(text: string): Line[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return []; // cut by the end of a process
    }
  });
}
