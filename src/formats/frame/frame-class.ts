/**
 * The class of the frames made here: a DataFrame of danfojs that keeps its columns, makes its rows when something asks
 * for them, and has methods of its own in place of slow ones and of those that need TensorFlow. Whatever its other methods
 * give is a frame of this class, too. No column ever hides a member.
 */
import { columnNamed, type RowLabel } from "./cells/cell-table.js";
import type { Danfojs, FrameBase, FrameBaseClass } from "./danfojs/frame-base.js";
import { isFrame } from "./frame-columns.js";
import { cellsOfValues, frameTable, seriesLike, setTable } from "./frame-content.js";
import { fieldMembers } from "./frame-fields.js";
import { arithmeticMethods } from "./methods/arithmetic-methods.js";
import { columnMethods } from "./methods/column-methods.js";
import { joinMethods } from "./methods/join-methods.js";
import { outputMethods } from "./methods/output-methods.js";
import { rowMethods } from "./methods/row-methods.js";
import { statisticsMethods } from "./methods/statistics-methods.js";

type Method = (this: FrameBase, ...args: unknown[]) => unknown;

const classes = new WeakMap<Danfojs, FrameBaseClass>();

/** The class of frames for a danfojs, always the same one. */
export function frameClass(danfojs: Danfojs): FrameBaseClass {
  const known = classes.get(danfojs);
  if (known !== undefined) return known;
  const made = makeClass(danfojs);
  classes.set(danfojs, made);
  return made;
}

const OWN_MEMBERS = [rowMethods, columnMethods, joinMethods, statisticsMethods, arithmeticMethods, outputMethods];

function makeClass(danfojs: Danfojs): FrameBaseClass {
  class DataFrame extends danfojs.DataFrame {}
  const { prototype } = DataFrame;
  Object.defineProperty(prototype, "$danfojs", { value: danfojs });
  adoptResults(danfojs.DataFrame.prototype, prototype);
  for (const members of [fieldMembers, columnMembers, ...OWN_MEMBERS]) {
    const described = Object.entries(Object.getOwnPropertyDescriptors(members));
    for (const [name, member] of described) Object.defineProperty(prototype, name, { ...member, enumerable: false });
    for (const symbol of Object.getOwnPropertySymbols(members)) {
      Object.defineProperty(prototype, symbol, { value: members[symbol as never], configurable: true });
    }
  }
  return DataFrame;
}

const columnMembers = {
  /** Makes columns properties of the frame, but those named as a member. */
  $setInternalColumnDataProperty(this: FrameBase, column?: string): void {
    for (const name of column === undefined ? this.$columns : [column]) {
      if (name in this) continue;
      Object.defineProperty(this, name, {
        get: () => this.$getColumnData(name),
        set: (values: unknown) => this.$setColumnData(name, values),
        configurable: true,
      });
    }
  },

  $getColumnData(this: FrameBase, name: string, returnSeries = true): unknown {
    const table = frameTable(this);
    const column = columnNamed(table, name, "column");
    const { index } = table;
    return returnSeries
      ? seriesLike(this, column.cells.lend(), index.toList() as RowLabel[], name, column.type)
      : column.cells.lend();
  },

  $setColumnData(this: FrameBase, name: string, values: unknown): void {
    const table = frameTable(this);
    const column = cellsOfValues(values, columnNamed(table, name, "column").name, table.index.length);
    setTable(this, { ...table, columns: table.columns.map((other) => (other.name === name ? column : other)) });
  },
};

/** Makes what methods of danfojs give a frame of the class of theirs. */
function adoptResults(base: object, prototype: object): void {
  for (let from = base; from !== Object.prototype; from = Object.getPrototypeOf(from)) {
    for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      if (name === "constructor" || name.startsWith("$") || Object.hasOwn(prototype, name)) continue;
      Object.defineProperty(prototype, name, adopting(member));
    }
  }
}

function adopting(member: PropertyDescriptor): PropertyDescriptor {
  const original = (member.value ?? member.get) as Method;
  const method: Method = function (...args) {
    const result = original.apply(this, args);
    return result instanceof Promise ? result.then((value) => adopted(this, value)) : adopted(this, result);
  };
  return member.value === undefined ? { ...member, get: method } : { ...member, value: method };
}

function adopted(frame: FrameBase, result: unknown): unknown {
  if (typeof result !== "object" || result === null || !isFrame(result) || "$danfojs" in result) return result;
  const { $columns, $dtypes, $index, $data, $dataIncolumnFormat } = result as unknown as FrameBase;
  const own = new (frame.constructor as FrameBaseClass)([]);
  Object.assign(own, { $columns, $dtypes, $index, $data, $dataIncolumnFormat });
  own.$setInternalColumnDataProperty();
  return own;
}
