/** What is done with records that do not have a cell for each column, and how often it was done. */

export interface RowRepairOptions {
  /** Whether cells that a record lacks at its end are missing values. */
  readonly fillShort: boolean;
  /** Whether cells without content at the end of a record that has too many are passed over. */
  readonly dropEmpty: boolean;
  /** Whether lines that begin with `#` and have not as many cells as there are columns are comments. */
  readonly skipComments: boolean;
}

/** How many records were repaired in one way, and the line of the first. */
interface Tally {
  count: number;
  line: number;
}

export class RowRepairs {
  readonly fillsShort: boolean;
  readonly dropsEmptyCells: boolean;
  readonly skipsComments: boolean;
  readonly #short: Tally = { count: 0, line: 0 };
  readonly #emptyCells: Tally = { count: 0, line: 0 };
  readonly #comments: Tally = { count: 0, line: 0 };

  constructor({ fillShort, dropEmpty, skipComments }: RowRepairOptions) {
    this.fillsShort = fillShort;
    this.dropsEmptyCells = dropEmpty;
    this.skipsComments = skipComments;
  }

  noteShort(line: number): void {
    note(this.#short, line);
  }

  noteEmptyCells(line: number): void {
    note(this.#emptyCells, line);
  }

  noteComment(line: number): void {
    note(this.#comments, line);
  }

  /** What to do about a record that cannot be repaired. */
  remedy(cells: number, columns: number): string {
    if (cells > columns) return "Quote cells that hold the delimiter, or give the `delimiter` option";
    return "Give fillShortRows: true to have missing values in the columns it lacks, or the `delimiter` option";
  }

  /** What was repaired, in sentences. */
  get messages(): string[] {
    const said: string[] = [];
    if (this.#short.count > 0) {
      said.push(
        `${lines(this.#short)} fewer cells than there are columns; the rest is missing (csv.fillShortRows: false refuses that)`,
      );
    }
    if (this.#emptyCells.count > 0)
      said.push(`${lines(this.#emptyCells)} empty cells beyond the last column, which are left out`);
    if (this.#comments.count > 0) {
      const { count, line } = this.#comments;
      said.push(
        `${count === 1 ? "1 line that begins" : `${count} lines that begin`} with # ${count === 1 ? "is" : "are"} left out as ${count === 1 ? "a comment" : "comments"}, from line ${line} on (csv.comment: false keeps them)`,
      );
    }
    return said;
  }
}

function note(tally: Tally, line: number): void {
  if (tally.count++ === 0) tally.line = line;
}

function lines({ count, line }: Tally): string {
  return count === 1 ? `Line ${line} has` : `${count} records, the first in line ${line}, have`;
}
