/** What is told of a column, gathered batch by batch: a summary by kind of column. */
import type {
  BoolColumn,
  ColumnData,
  ColumnField,
  DoubleColumn,
  LongColumn,
  StringColumn,
} from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { DistinctCount } from "./distinct-count.js";
import { Moments } from "./moments.js";
import { QuantileSketch } from "./quantile-sketch.js";
import { TextReader } from "./text-reader.js";

/** What is told of a column. What makes no sense for its type is undefined. */
export interface ColumnDescription {
  /** Name of the column. */
  readonly name: string;
  /** Column class of OMERO.tables. */
  readonly type: string;
  /** Values that are not missing. */
  readonly count: number;
  /** NaN of doubles, empty texts, ids of -1. */
  readonly missing: number;
  /** Different values, without missing ones. */
  readonly distinct: number | undefined;
  /** Whether `distinct` is an estimate, with a standard error of 1.6 %: it is where there are over 10,000, or fewer in a table of over 100 columns. */
  readonly isDistinctEstimated: boolean;
  /** Of numbers; of texts the first and last in order of their UTF-16 units, while there are so few that `distinct` is exact. */
  readonly minimum: bigint | number | string | undefined;
  /** As `minimum`. */
  readonly maximum: bigint | number | string | undefined;
  /** Of numbers: a quarter, half and three quarters of them are not above these. */
  readonly quartiles: readonly [number, number, number] | undefined;
  /** Whether ranks of `quartiles` and `histogram` are off by up to a few thousandths: they are where there are over some thousand values. */
  readonly areQuartilesEstimated: boolean;
  /** Mean of numbers; of booleans the share that is true. */
  readonly mean: number | undefined;
  /** Standard deviation of a sample. */
  readonly deviation: number | undefined;
  /** Numbers in each of equally wide classes from minimum to maximum. */
  readonly histogram: readonly number[] | undefined;
  /** The commonest texts, and how often they are there; while `distinct` is exact. */
  readonly commonest: readonly (readonly [text: string, count: number])[] | undefined;
}

/** Gathers what is told of one column. */
export interface ColumnSummary {
  add(column: ColumnData): void;
  describe(): ColumnDescription;
}

const CLASSES = 20;
const COMMONEST = 5;
/** Different values of a column that are counted one by one, and those of all columns together. */
const MOST_EXACT = 10_000;
const ALL_EXACT = 1 << 20;
/** Values of all sketches together that a level of each holds. */
const SKETCHED = 1 << 19;

/** @param columnCount columns that are summarized at the same time: with many, each gets less memory */
export function summaryOf(field: ColumnField, columnCount: number): ColumnSummary {
  const capacity = Math.max(256, Math.min(4096, 2 ** Math.floor(Math.log2(SKETCHED / columnCount))));
  const exactly = Math.max(256, Math.min(MOST_EXACT, Math.floor(ALL_EXACT / columnCount)));
  return SUMMARIES[columnKind(field.type)](field, { capacity, exactly });
}

/** What one column may keep: values of a level of its sketch, and different values that are counted one by one. */
interface Bounds {
  readonly capacity: number;
  readonly exactly: number;
}

const SUMMARIES: Readonly<Record<ColumnData["kind"], (field: ColumnField, bounds: Bounds) => ColumnSummary>> = {
  long: (field, bounds) => new NumberSummary(field, bounds),
  double: (field, bounds) => new NumberSummary(field, bounds),
  bool: (field) => new BoolSummary(field),
  string: (field, { exactly }) => new TextSummary(field, exactly),
  array: (field) => new CountSummary(field),
  mask: (field) => new CountSummary(field),
};

const UNKNOWN = {
  distinct: undefined,
  isDistinctEstimated: false,
  minimum: undefined,
  maximum: undefined,
  quartiles: undefined,
  areQuartilesEstimated: false,
  mean: undefined,
  deviation: undefined,
  histogram: undefined,
  commonest: undefined,
};

class NumberSummary implements ColumnSummary {
  readonly #field: ColumnField;
  readonly #isId: boolean;
  readonly #sketch: QuantileSketch;
  readonly #moments = new Moments();
  readonly #distinct: DistinctCount;
  #missing = 0;
  #minimum: bigint | number | undefined;
  #maximum: bigint | number | undefined;

  constructor(field: ColumnField, { capacity, exactly }: Bounds) {
    this.#field = field;
    this.#distinct = new DistinctCount(exactly);
    this.#isId = !["Long", "Double"].includes(field.type);
    this.#sketch = new QuantileSketch(capacity);
  }

  add(column: ColumnData): void {
    for (const value of (column as LongColumn | DoubleColumn).values) {
      if (Number.isNaN(value) || (this.#isId && value === -1n)) this.#missing++;
      else this.#addValue(value);
    }
  }

  #addValue(value: bigint | number): void {
    if (this.#minimum === undefined || value < this.#minimum) this.#minimum = value;
    if (this.#maximum === undefined || value > this.#maximum) this.#maximum = value;
    this.#distinct.add(value);
    const number = Number(value);
    this.#sketch.add(number);
    this.#moments.add(number);
  }

  describe(): ColumnDescription {
    const { name, type } = this.#field;
    const { count } = this.#sketch;
    const quartiles = count === 0 ? undefined : (this.#sketch.quantiles([0.25, 0.5, 0.75]) as [number, number, number]);
    return {
      ...UNKNOWN,
      name,
      type,
      count,
      missing: this.#missing,
      distinct: Math.min(this.#distinct.count, count),
      isDistinctEstimated: !this.#distinct.isExact,
      minimum: this.#minimum,
      maximum: this.#maximum,
      quartiles,
      areQuartilesEstimated: !this.#sketch.isExact,
      mean: count === 0 ? undefined : this.#moments.mean,
      deviation: count < 2 ? undefined : this.#moments.deviation,
      histogram: this.#histogram(),
    };
  }

  #histogram(): number[] | undefined {
    const [low, high] = [Number(this.#minimum), Number(this.#maximum)];
    if (this.#minimum === undefined || !Number.isFinite(high - low)) return undefined;
    const counts = new Array<number>(CLASSES).fill(0);
    const { values, weights } = this.#sketch.weighted();
    const scale = high > low ? CLASSES / (high - low) : 0;
    for (let index = 0; index < values.length; index++) {
      const at = Math.min(CLASSES - 1, Math.floor((values[index]! - low) * scale));
      counts[at]! += weights[index]!;
    }
    return counts;
  }
}

class BoolSummary implements ColumnSummary {
  readonly #field: ColumnField;
  #count = 0;
  #true = 0;

  constructor(field: ColumnField) {
    this.#field = field;
  }

  add(column: ColumnData): void {
    const { values } = column as BoolColumn;
    this.#count += values.length;
    for (const value of values) this.#true += value === 0 ? 0 : 1;
  }

  describe(): ColumnDescription {
    const { name, type } = this.#field;
    const count = this.#count;
    const distinct = Number(this.#true > 0) + Number(this.#true < count);
    const mean = count === 0 ? undefined : this.#true / count;
    return { ...UNKNOWN, name, type, count, missing: 0, distinct, mean };
  }
}

class TextSummary implements ColumnSummary {
  readonly #field: ColumnField;
  readonly #distinct: DistinctCount;
  readonly #texts: TextReader;
  #counts: Map<string, number> | undefined = new Map();
  #count = 0;
  #missing = 0;

  constructor(field: ColumnField, exactly: number) {
    this.#field = field;
    this.#texts = new TextReader(Math.min(exactly, 4096));
    this.#distinct = new DistinctCount(exactly);
  }

  add(column: ColumnData): void {
    const { offsets } = column as StringColumn;
    for (let row = 0; row < offsets.length - 1; row++) {
      if (offsets[row] === offsets[row + 1]) this.#missing++;
      else this.#addText(this.#texts.at(column as StringColumn, row));
    }
  }

  #addText(text: string): void {
    this.#count++;
    this.#distinct.add(text);
    if (!this.#distinct.isExact) this.#counts = undefined;
    this.#counts?.set(text, (this.#counts.get(text) ?? 0) + 1);
  }

  describe(): ColumnDescription {
    const { name, type } = this.#field;
    const texts = [...(this.#counts?.keys() ?? [])].sort();
    const commonest = this.#counts && [...this.#counts].sort(([, a], [, b]) => b - a).slice(0, COMMONEST);
    return {
      ...UNKNOWN,
      name,
      type,
      count: this.#count,
      missing: this.#missing,
      distinct: Math.min(this.#distinct.count, this.#count),
      isDistinctEstimated: !this.#distinct.isExact,
      minimum: texts[0],
      maximum: texts.at(-1),
      commonest,
    };
  }
}

/** Of lists and masks only their number is told. */
class CountSummary implements ColumnSummary {
  readonly #field: ColumnField;
  #count = 0;

  constructor(field: ColumnField) {
    this.#field = field;
  }

  add(column: ColumnData): void {
    this.#count +=
      column.kind === "mask" ? column.imageId.length : column.kind === "array" ? column.values.length / column.size : 0;
  }

  describe(): ColumnDescription {
    const { name, type } = this.#field;
    return { ...UNKNOWN, name, type, count: this.#count, missing: 0 };
  }
}
