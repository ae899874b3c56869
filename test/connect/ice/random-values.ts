/** Values of any type of the schema, made from a seed. */
import type { ColumnData, ColumnType } from "../../../src/columns/batch.js";
import { columnKind, isSized } from "../../../src/columns/kinds/kinds.js";
import { columnTypeOf } from "../../../src/connect/ice/codec/columns/column-blocks.js";
import {
  type ClassType,
  type IceType,
  isDerivedFrom,
  loadSchema,
  type Member,
  OBJECT_ID,
} from "../../../src/connect/ice/schema/schema.js";
import { opaqueProxy } from "./opaque-proxies.js";

const TEXTS = ["", "a", "name with spaces", "été", "中文", "😀", "\u0000", "\ufeffmarked", "\ufffd", "x".repeat(300)];
const INTEGERS = { byte: [0, 255], short: [-0x8000, 0x7fff], int: [-0x80000000, 0x7fffffff] } as const;
const DOUBLES = [0, -0, 1.5, -2.25, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const MOST_INSTANCES = 40;

export class RandomValues {
  #state: number;
  readonly #isUsable: (classId: string) => boolean;
  #instances: { type: ClassType; value: Record<string, unknown> }[] = [];

  /** @param isUsable whether there may be instances of a class; of all, unless given. */
  constructor(seed: number, isUsable: (classId: string) => boolean = () => true) {
    this.#state = seed >>> 0;
    this.#isUsable = isUsable;
  }

  /** A number in 0 ..< 1 (mulberry32). */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  }
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
  #pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
  #long(): bigint {
    return this.#pick([0n, 1n, -1n, -(1n << 63n), (1n << 63n) - 1n, BigInt(this.below(2 ** 32))]);
  }
  #double(): number {
    return this.below(2) === 0 ? this.#pick(DOUBLES) : (this.#random() - 0.5) * 1e6;
  }
  /** Now and then more than 254, from where sizes take five bytes. */
  #length(): number {
    return this.below(40) === 0 ? 254 + this.below(3) : this.below(4);
  }
  #list<T>(make: () => T, length = this.#length()): T[] {
    return Array.from({ length }, make);
  }

  value(type: IceType): unknown {
    switch (type.kind) {
      case "bool":
        return this.below(2) === 1;
      case "byte":
      case "short":
      case "int": {
        const [least, greatest] = INTEGERS[type.kind];
        return this.#pick([0, least, greatest, this.below(100)]);
      }
      case "long":
        return this.#long();
      case "float":
        return Math.fround(this.#double());
      case "double":
        return this.#double();
      case "string":
        return this.#pick(TEXTS);
      case "enumeration":
        return this.#pick(type.enumerators);
      case "sequence":
        return this.#sequence(type.element);
      case "dictionary":
        return new Map(this.#list(() => [this.value(type.key), this.value(type.value)] as const));
      case "struct":
        return this.members(type.members);
      case "class":
        return this.#reference(type);
      case "proxy":
        return this.below(3) === 0 ? null : opaqueProxy("name", this.#pick(["", "category"]));
    }
  }

  members(members: readonly Member[], into: Record<string, unknown> = {}): Record<string, unknown> {
    for (const { name, type } of members) into[name] = this.value(type);
    return into;
  }

  #sequence(element: IceType): unknown {
    const length = this.#length();
    switch (element.kind) {
      case "byte":
        return Uint8Array.from({ length }, () => this.below(256));
      case "short":
        return Int16Array.from({ length }, () => this.below(0x10000));
      case "int":
        return Int32Array.from({ length }, () => this.below(2 ** 32));
      case "long":
        return BigInt64Array.from({ length }, () => this.#long());
      case "float":
        return Float32Array.from({ length }, () => this.#double());
      case "double":
        return Float64Array.from({ length }, () => this.#double());
      default:
        return this.#list(() => this.value(element), Math.min(length, 5));
    }
  }

  /** Null, an instance made before (which makes shared references and circles), or a new one. */
  #reference(expected: ClassType): Record<string, unknown> | null {
    const fitting = this.#instances.filter(({ type }) => isDerivedFrom(type, expected));
    if (fitting.length > 0 && this.below(2) === 0) return this.#pick(fitting).value;
    if (this.#instances.length >= MOST_INSTANCES || this.below(4) === 0) return null;
    const usable = derivedClasses(expected).filter(({ id }) => this.#isUsable(id));
    return usable.length === 0 ? null : this.instance(this.#pick(usable));
  }

  /** A new instance of just this class. */
  instance(type: ClassType): Record<string, unknown> {
    const value: Record<string, unknown> = { iceId: type.id };
    this.#instances.push({ type, value });
    for (let current: ClassType | null = type; current; current = current.base) this.#slice(current, value);
    return value;
  }

  #slice(type: ClassType, into: Record<string, unknown>): void {
    const column = columnTypeOf(type.id);
    if (column === undefined) {
      this.members(type.members, into);
      return;
    }
    const size = 1 + this.below(4);
    if (isSized(column)) into.size = size;
    into.data = this.column(column, this.#length(), size);
  }

  column(type: ColumnType, rows: number, size: number): ColumnData {
    const kind = columnKind(type);
    switch (kind) {
      case "long":
        return { kind, values: BigInt64Array.from({ length: rows }, () => this.#long()) };
      case "double":
        return { kind, values: Float64Array.from({ length: rows }, () => this.#double()) };
      case "bool":
        return { kind, values: Uint8Array.from({ length: rows }, () => this.below(2)) };
      case "string":
        return { kind, ...blobs(this.#list(() => Buffer.from(this.#pick(TEXTS)), rows)) };
      case "array":
        return { kind, size, values: this.#arrayValues(type, rows * size) };
      case "mask":
        return this.#mask(rows);
    }
  }

  #arrayValues(type: ColumnType, length: number): Float32Array | Float64Array | BigInt64Array {
    if (type === "FloatArray") return Float32Array.from({ length }, () => this.#double());
    if (type === "DoubleArray") return Float64Array.from({ length }, () => this.#double());
    return BigInt64Array.from({ length }, () => this.#long());
  }

  #mask(length: number): ColumnData {
    const doubles = () => Float64Array.from({ length }, () => this.#double());
    const integers = () => Int32Array.from({ length }, () => this.below(2 ** 32));
    return {
      kind: "mask",
      imageId: BigInt64Array.from({ length }, () => this.#long()),
      theZ: integers(),
      theT: integers(),
      x: doubles(),
      y: doubles(),
      w: doubles(),
      h: doubles(),
      ...blobs(this.#list(() => Uint8Array.from({ length: this.#length() }, () => this.below(256)), length)),
    };
  }
}

/** Rows of bytes as offsets and bytes. */
export function blobs(rows: readonly Uint8Array[]): { offsets: Int32Array; bytes: Uint8Array } {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => {
    offsets[index + 1] = offsets[index]! + row.length;
  });
  return { offsets, bytes: new Uint8Array(Buffer.concat(rows)) };
}

const derived = new Map<string, ClassType[]>();

function derivedClasses(base: ClassType): ClassType[] {
  let found = derived.get(base.id);
  if (!found) {
    const schema = loadSchema();
    const all = [...schema.classIds, OBJECT_ID].map((id) => schema.findClass(id)!);
    found = all.filter((type) => isDerivedFrom(type, base));
    derived.set(base.id, found);
  }
  return found;
}
