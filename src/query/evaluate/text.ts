/**
 * numexpr's comparisons of text (`stringcmp` and `stringcontains` in `numexpr/interpreter.cpp`). Text is bytes, its end
 * as good as NULs without end. Bytes are compared as signed, as C's char is on the servers' processors: a byte of
 * non-ASCII text comes before every ASCII character. Equality is that of bytes.
 */
import type { TextVector } from "./vectors.js";

/** Row `index` of the block as `bytes[from] ..< bytes[to]`. */
interface Piece {
  bytes: Uint8Array;
  from: number;
  to: number;
}

function pieceAt(vector: TextVector, index: number, piece: Piece): void {
  const constant = vector.constant;
  piece.bytes = vector.bytes;
  piece.from = constant ? 0 : vector.offsets[vector.start + index]!;
  piece.to = constant ? constant.length : vector.offsets[vector.start + index + 1]!;
}

function newPiece(): Piece {
  return { bytes: new Uint8Array(0), from: 0, to: 0 };
}

/** Less than, equal to or greater than 0, as `a` comes before, with or after `b`. */
function order(a: Piece, b: Piece): number {
  const lengthA = a.to - a.from;
  const lengthB = b.to - b.from;
  const length = Math.max(lengthA, lengthB);
  for (let index = 0; index < length; index++) {
    const x = index < lengthA ? a.bytes[a.from + index]! : 0;
    const y = index < lengthB ? b.bytes[b.from + index]! : 0;
    if (x !== y) return ((x << 24) >> 24) - ((y << 24) >> 24);
  }
  return 0;
}

function startsWithCharacter(piece: Piece): number {
  return piece.to > piece.from && piece.bytes[piece.from] !== 0 ? 1 : 0;
}

/** A literal `''` takes no room in numexpr, which then only asks whether the other text begins with a character. */
function isEmptyLiteral(vector: TextVector): boolean {
  return vector.constant?.length === 0;
}

/** `compare` takes a number as C's `strcmp` gives it. */
export function compareText(
  a: TextVector,
  b: TextVector,
  out: Uint8Array,
  count: number,
  compare: (order: number) => boolean,
): void {
  const [x, y] = [newPiece(), newPiece()];
  const empty = isEmptyLiteral(b) ? x : isEmptyLiteral(a) ? y : undefined;
  for (let index = 0; index < count; index++) {
    pieceAt(a, index, x);
    pieceAt(b, index, y);
    out[index] = compare(empty ? startsWithCharacter(empty) : order(x, y)) ? 1 : 0;
  }
}

/** Whether each row of a column equals a literal; `flip` is 1 to negate. */
export function equalsLiteral(
  column: TextVector,
  literal: Uint8Array,
  out: Uint8Array,
  count: number,
  flip: number,
): void {
  if (column.hasNuls || literal.length === 0 || literal.includes(0)) {
    const same = { ...column, constant: literal, bytes: literal };
    compareText(column, same, out, count, (order) => (order === 0) !== (flip === 1));
    return;
  }
  if (literal.length < 4) equalsShort(column, literal, out, count, flip);
  else equalsLong(column, literal, out, count, flip);
}

function equalsShort(
  { bytes, offsets, start }: TextVector,
  literal: Uint8Array,
  out: Uint8Array,
  count: number,
  flip: number,
): void {
  let from = offsets[start]!;
  for (let index = 0; index < count; index++) {
    const to = offsets[start + index + 1]!;
    let equal = to - from === literal.length;
    for (let position = 0; equal && position < literal.length; position++) {
      equal = bytes[from + position] === literal[position];
    }
    out[index] = Number(equal) ^ flip;
    from = to;
  }
}

/** Compares four bytes at a time, the last four overlapping those before. */
function equalsLong(
  { bytes, offsets, start }: TextVector,
  literal: Uint8Array,
  out: Uint8Array,
  count: number,
  flip: number,
): void {
  const text = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wanted = new DataView(literal.buffer, literal.byteOffset, literal.byteLength);
  const { length } = literal;
  const last = length - 4;
  const firstWord = wanted.getInt32(0, true);
  const lastWord = wanted.getInt32(last, true);
  let from = offsets[start]!;
  for (let index = 0; index < count; index++) {
    const to = offsets[start + index + 1]!;
    let equal = 0;
    if (to - from === length) {
      let differing = (text.getInt32(from, true) ^ firstWord) | (text.getInt32(from + last, true) ^ lastWord);
      for (let position = 4; position < last; position += 4) {
        differing |= text.getInt32(from + position, true) ^ wanted.getInt32(position, true);
      }
      equal = Number(differing === 0);
    }
    out[index] = equal ^ flip;
    from = to;
  }
}

/** Whether the text in `a` holds the text in `b`, each ending at its first NUL. */
export function containsText(a: TextVector, b: TextVector, out: Uint8Array, count: number): void {
  if (b.constant && !a.constant) containsLiteral(a, b.constant, out, count);
  else containsPairs(a, b, out, count);
}

function containsPairs(a: TextVector, b: TextVector, out: Uint8Array, count: number): void {
  const [haystack, needle] = [newPiece(), newPiece()];
  for (let index = 0; index < count; index++) {
    pieceAt(a, index, haystack);
    pieceAt(b, index, needle);
    out[index] = contains(haystack, needle) ? 1 : 0;
  }
}

function contains(haystack: Piece, needle: Piece): boolean {
  const size = textLength(needle);
  const last = haystack.from + textLength(haystack) - size;
  for (let start = haystack.from; start <= last; start++) {
    let position = 0;
    while (position < size && haystack.bytes[start + position] === needle.bytes[needle.from + position]) position++;
    if (position === size) return true;
  }
  return false;
}

function textLength({ bytes, from, to }: Piece): number {
  let end = from;
  while (end < to && bytes[end] !== 0) end++;
  return end - from;
}

function containsLiteral(column: TextVector, literal: Uint8Array, out: Uint8Array, count: number): void {
  const { bytes, offsets, start } = column;
  const size = literal.length;
  if (column.hasNuls || size === 0 || literal.includes(0)) {
    const needle = { ...column, constant: literal, bytes: literal };
    containsPairs(column, needle, out, count);
    return;
  }
  const first = literal[0]!;
  for (let index = 0; index < count; index++) {
    const last = offsets[start + index + 1]! - size;
    let found = 0;
    for (let from = offsets[start + index]!; from <= last; from++) {
      if (bytes[from] !== first) continue;
      let position = 1;
      while (position < size && bytes[from + position] === literal[position]) position++;
      if (position < size) continue;
      found = 1;
      break;
    }
    out[index] = found;
  }
}
