/** Names of wells: letters for the row, a number from 1 for the column. */

const WELL = /^\s*([a-z]+)\s*0*([1-9]\d{0,8})\s*$/i;
const LETTERS = 26;
const BEFORE_A = 96;

/** Place of a well on its plate, from 0. */
export interface WellPlace {
  readonly row: number;
  readonly column: number;
}

/** The place that "B3" or "b03" names; undefined for what names none. Rows after Z are AA, AB, ... */
export function wellPlace(name: string): WellPlace | undefined {
  const [, letters, number] = WELL.exec(name) ?? [];
  if (letters === undefined || letters.length > 4) return undefined;
  return { row: rowOfLetters(letters), column: Number(number) - 1 };
}

/** "b3", as `omero metadata populate` writes the name of a well. */
export function wellName({ row, column }: WellPlace): string {
  return `${lettersOf(row)}${column + 1}`;
}

/** How a plate calls its rows and columns: by `letter` or `number`. */
interface NamingConventions {
  readonly rows?: string | undefined;
  readonly columns?: string | undefined;
}

/** The well's place as its plate calls rows and columns: "B3" by default, "2C" where it says so. */
export function wellLabel({ row, column }: WellPlace, { rows, columns }: NamingConventions): string {
  const label = (place: number, isLetter: boolean) => (isLetter ? lettersOf(place).toUpperCase() : String(place + 1));
  return `${label(row, rows?.toLowerCase() !== "number")}${label(column, columns?.toLowerCase() === "letter")}`;
}

function lettersOf(place: number): string {
  let letters = "";
  for (let rest = place + 1; rest > 0; rest = Math.floor((rest - 1) / LETTERS)) {
    letters = String.fromCharCode(BEFORE_A + 1 + ((rest - 1) % LETTERS)) + letters;
  }
  return letters;
}

/** A row's number, from 0, by its letters or its number from 1; undefined for what is no row. */
export function wellRow(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[a-z]{1,4}$/i.test(trimmed)) return rowOfLetters(trimmed);
  return /^0*[1-9]\d{0,8}$/.test(trimmed) ? Number(trimmed) - 1 : undefined;
}

function rowOfLetters(letters: string): number {
  return [...letters.toLowerCase()].reduce((row, letter) => row * LETTERS + letter.charCodeAt(0) - BEFORE_A, 0) - 1;
}
