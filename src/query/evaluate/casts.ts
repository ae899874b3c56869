/** Casts: numbers raised to a higher kind. */
import { HIGH_HALF, LOW_HALF } from "../../columns/int64.js";
import { int64ToFloat32 } from "./float-bits.js";
import { BLOCK_ROWS, LongBlock, wordsToDoubles } from "./long-block.js";
import { maskToNumbers } from "./masks.js";
import type { BoolVector, LongVector, NumberVector, Vector } from "./vectors.js";

const INT_BOUND = 2 ** 31;

/** The vector `source` raised to `kind`; int and float32 are held as float64 already. */
export function castVector(source: Vector, kind: "int" | "long" | "float" | "double"): Vector {
  if (kind === "long") return toLong(source as BoolVector | NumberVector);
  if (source.kind === "bool") return fromBool(source, kind);
  if (source.kind === "long") return fromLong(source, kind as "float" | "double");
  return kind === "float" ? toFloat(source as NumberVector) : sameNumbers(source as NumberVector, kind);
}

function fromBool(source: BoolVector, kind: NumberVector["kind"]): NumberVector {
  return {
    kind,
    values: new Float64Array(BLOCK_ROWS),
    load(start, count) {
      source.load(start, count);
      maskToNumbers(source.values, this.values, count);
    },
  };
}

function sameNumbers(source: NumberVector, kind: NumberVector["kind"]): NumberVector {
  return {
    kind,
    values: source.values,
    load(start, count) {
      source.load(start, count);
      this.values = source.values;
    },
  };
}

function toFloat(source: NumberVector): NumberVector {
  return {
    kind: "float",
    values: new Float64Array(BLOCK_ROWS),
    load(start, count) {
      source.load(start, count);
      for (let index = 0; index < count; index++) this.values[index] = Math.fround(source.values[index]!);
    },
  };
}

function toLong(source: BoolVector | NumberVector): LongVector {
  const block = new LongBlock();
  return {
    kind: "long",
    block,
    load(start, count) {
      source.load(start, count);
      if (source.kind === "bool") maskToNumbers(source.values, block.writeNumbers(1), count);
      else block.setNumbers(source.values, INT_BOUND);
    },
  };
}

function fromLong(source: LongVector, kind: "float" | "double"): NumberVector {
  const { block } = source;
  const own = new Float64Array(BLOCK_ROWS);
  return {
    kind,
    values: own,
    load(start, count) {
      source.load(start, count);
      if (kind === "double" && !block.hasWords) {
        this.values = block.numbers;
        return;
      }
      const words = block.toWords(count);
      this.values = own;
      if (kind === "double") wordsToDoubles(words, own, count);
      else for (let index = 0; index < count; index++) own[index] = floatAt(words, index);
    },
  };
}

function floatAt(words: Int32Array, index: number): number {
  return int64ToFloat32(words[2 * index + HIGH_HALF]!, words[2 * index + LOW_HALF]!);
}
