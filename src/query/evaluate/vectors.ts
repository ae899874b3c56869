/**
 * What a compiled condition works on: the values of one expression for a block of rows. `load(start, count)` makes
 * ready the rows `start ..< start + count` of the bound batch, `count` being at most {@link BLOCK_ROWS}; afterwards the
 * first `count` elements of the vector's arrays are valid until the next load. Blocks fit the processor's caches.
 */
import { BLOCK_ROWS, type LongBlock } from "./long-block.js";

interface Loadable {
  load(start: number, count: number): void;
}

/** 0 or 1 in each element. */
export interface BoolVector extends Loadable {
  readonly kind: "bool";
  values: Uint8Array;
  readonly constant?: boolean;
}

/** int32, float32 and float64 alike are held as float64, which holds each of them exactly. */
export interface NumberVector extends Loadable {
  readonly kind: "int" | "float" | "double";
  values: Float64Array;
  readonly constant?: number;
}

export interface LongVector extends Loadable {
  readonly kind: "long";
  readonly block: LongBlock;
  readonly constant?: bigint;
}

/** Row `i` of the block is `bytes[offsets[start + i]] ..< bytes[offsets[start + i + 1]]`. */
export interface TextVector extends Loadable {
  readonly kind: "text";
  bytes: Uint8Array;
  offsets: Int32Array;
  start: number;
  /** Whether there may be NULs in the text, where it ends as far as comparing goes. */
  hasNuls: boolean;
  readonly constant?: Uint8Array;
}

export type Vector = BoolVector | NumberVector | LongVector | TextVector;

const nothingToLoad = (): void => {};

export function constantBool(constant: boolean): BoolVector {
  const values = new Uint8Array(BLOCK_ROWS).fill(constant ? 1 : 0);
  return { kind: "bool", values, constant, load: nothingToLoad };
}

export function constantNumber(kind: NumberVector["kind"], constant: number): NumberVector {
  return { kind, values: new Float64Array(BLOCK_ROWS).fill(constant), constant, load: nothingToLoad };
}

export function constantLong(block: LongBlock, constant: bigint): LongVector {
  block.fill(constant);
  return { kind: "long", block, constant, load: nothingToLoad };
}

export function constantText(constant: Uint8Array): TextVector {
  const hasNuls = constant.includes(0);
  return {
    kind: "text",
    bytes: constant,
    offsets: new Int32Array(0),
    start: 0,
    hasNuls,
    constant,
    load: nothingToLoad,
  };
}
