/** A query's text as an OMERO server's database layer reads it: with the full names of classes. */

interface Word {
  readonly text: string;
  readonly position: number;
}

/** Words after which a class may be named. */
const BEFORE_CLASS = new Set(["from", ",", "class"]);

/** Text of a query, and where places of the query as it was written are in it. */
export class ExpandedText {
  readonly text: string;
  /** Ends of names in the written query, and how much longer the text has become by there. */
  readonly #growth: readonly (readonly [end: number, by: number])[];

  constructor(text: string, growth: readonly (readonly [end: number, by: number])[]) {
    this.text = text;
    this.#growth = growth;
  }

  placeOf(position: number): number {
    return this.#growth.reduce((place, [end, by]) => (position >= end ? place + by : place), position);
  }
}

/** @param fullName of a class; undefined for what is none. */
export function expandedText(written: string, fullName: (name: string) => string | undefined): ExpandedText {
  const words = [...written.matchAll(/[(),]|[^\s(),]+/g)].map(
    ({ 0: text, index: position }): Word => ({
      text,
      position,
    }),
  );
  const start = words.findIndex(({ text }) => text.toLowerCase() === "from");
  const growth: [number, number][] = [];
  let [text, at] = ["", 0];
  for (const [index, word] of words.entries()) {
    const before = words[index - 1]?.text.toLowerCase();
    const isPlace = start >= 0 && index > start && before !== undefined && BEFORE_CLASS.has(before);
    const name = isPlace ? fullName(word.text) : undefined;
    if (name === undefined) continue;
    const end = word.position + word.text.length;
    text += written.slice(at, word.position) + name;
    at = end;
    growth.push([end, name.length - word.text.length]);
  }
  return new ExpandedText(text + written.slice(at), growth);
}
