/** The objects of a JSON file, one after the other, without holding the file. */
import { DataError } from "../../errors.js";
import type { RowObject } from "../values/rows-source.js";
import { parseExactJson } from "./exact-json.js";

/** Text of one row at most. */
const MOST_CHARACTERS = 64 << 20;
const SPACE = /\s/;

export interface JsonPlace {
  readonly path: string;
}

/**
 * The objects that a text holds, whether on a line each or in one array.
 * @throws DataError `MALFORMED_FILE` naming the object's number, from 0
 */
export async function* jsonObjects(
  texts: AsyncIterable<string>,
  place: JsonPlace,
): AsyncGenerator<RowObject, void, undefined> {
  const finder = new ObjectFinder(place);
  let count = 0;
  for await (const text of texts) {
    for (const object of finder.add(text)) yield parseObject(object, count++, place);
  }
  finder.end(count);
}

/** Cuts text into objects by its brackets; what stands between objects may be spaces, commas and one array's brackets. */
class ObjectFinder {
  readonly #place: JsonPlace;
  /** What an object that is not whole has so far. */
  #begun = "";
  #depth = 0;
  #inText = false;
  #escaped = false;
  #array: "none" | "open" | "closed" = "none";
  #count = 0;

  constructor(place: JsonPlace) {
    this.#place = place;
  }

  *add(text: string): Generator<string, void, undefined> {
    let start = this.#depth > 0 ? 0 : -1;
    for (let index = 0; index < text.length; index++) {
      if (this.#depth === 0) {
        if (this.#isBetween(text[index]!)) continue;
        start = index;
        this.#depth = 1;
      } else if (this.#step(text.charCodeAt(index))) {
        yield this.#begun + text.slice(start, index + 1);
        this.#begun = "";
        this.#count++;
      }
    }
    if (this.#depth > 0) this.#begun += text.slice(start);
    if (this.#begun.length > MOST_CHARACTERS) throw this.#malformed(`is of over ${MOST_CHARACTERS} characters`);
  }

  /** @param count objects found */
  end(count: number): void {
    if (this.#depth > 0) throw this.#malformed("has no end: the file is cut short");
    if (this.#array === "open") throw malformed(this.#place, count, "is missing: the array has no end");
  }

  /** Whether a character stands between objects; else an object begins with it. */
  #isBetween(character: string): boolean {
    if (SPACE.test(character) || character === "\ufeff") return true;
    if (character === "," && this.#count > 0 && this.#array !== "closed") return true;
    if (character === "[" && this.#count === 0 && this.#array === "none") {
      this.#array = "open";
      return true;
    }
    if (character === "]" && this.#array === "open") {
      this.#array = "closed";
      return true;
    }
    if (character === "{" && this.#array !== "closed") return false;
    throw this.#malformed(`begins with ${JSON.stringify(character)}; rows are objects: {"column": value, ...}`);
  }

  /** Goes on by a character; whether the object ends with it. */
  #step(code: number): boolean {
    if (this.#inText) {
      if (this.#escaped) this.#escaped = false;
      else if (code === 92) this.#escaped = true;
      else if (code === 34) this.#inText = false;
    } else if (code === 34) this.#inText = true;
    else if (code === 123 || code === 91) this.#depth++;
    else if (code === 125 || code === 93) this.#depth--;
    return this.#depth === 0;
  }

  #malformed(why: string): DataError {
    return malformed(this.#place, this.#count, why);
  }
}

/** Integers are kept exact, which JSON.parse alone would not do. */
function parseObject(text: string, row: number, place: JsonPlace): RowObject {
  try {
    return parseExactJson(text, BigInt) as RowObject;
  } catch (cause) {
    throw malformed(place, row, `is no JSON: ${(cause as Error).message}`);
  }
}

function malformed({ path }: JsonPlace, row: number, why: string): DataError {
  return new DataError("MALFORMED_FILE", `${path}: row ${row} ${why}`, { path, row });
}
