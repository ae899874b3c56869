/**
 * Frames beside pandas, in the same run: `tsx bench/frames.ts [ROWS] [TIMES]`; 1,000,000 rows of ten columns, the least of
 * 5 by default. Both are given the same values. Prints seconds and how many times as long a frame takes as pandas: by the
 * clock, and by what the processor does, which is the fairer where others use the machine.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { concat, DataFrame, merge } from "omero2frame/frame";

const [rows = 1_000_000, times = 5] = process.argv.slice(2).map(Number);
const JOINED_ROWS = Math.min(100_000, rows);
const CLASSES = ["Nucleus", "Cytoplasm", "Membrane"];
const NUMBERS = ["f0", "f1", "f2", "f3", "f4", "f5"];

interface Column {
  readonly name: string;
  readonly type: "int32" | "float32" | "string" | "boolean";
  /** Numbers; of texts their places in `texts`. */
  readonly values: Float64Array;
  readonly texts?: readonly string[];
}

const numbers = (count: number, value: (row: number) => number) =>
  Float64Array.from({ length: count }, (_, row) => value(row));
const upTo = (limit: number) => Math.floor(Math.random() * limit);

/** Ten columns, as a table of cells has them. */
function cells(count: number, label: Float64Array): Column[] {
  return [
    { name: "image", type: "int32", values: numbers(count, () => 1 + upTo(1000)) },
    { name: "label", type: "int32", values: label },
    ...NUMBERS.map((name): Column => ({ name, type: "float32", values: numbers(count, () => 100 * Math.random()) })),
    { name: "cls", type: "string", values: numbers(count, () => upTo(CLASSES.length)), texts: CLASSES },
    { name: "ok", type: "boolean", values: numbers(count, () => upTo(2)) },
  ];
}

function features(count: number, label: Float64Array): Column[] {
  const names = Array.from({ length: 31 }, (_, at) => `feature ${at}`);
  const values = names.map((name): Column => ({ name, type: "float32", values: numbers(count, Math.random) }));
  return [{ name: "label", type: "int32", values: label }, ...values];
}

function shuffled(count: number): Float64Array {
  const values = numbers(count, (row) => row);
  for (let at = count - 1; at > 0; at--) {
    const other = upTo(at + 1);
    [values[at], values[other]] = [values[other]!, values[at]!];
  }
  return values;
}

const content = {
  left: cells(
    rows,
    numbers(rows, (row) => row),
  ),
  right: cells(rows, shuffled(rows)),
  wide: features(
    JOINED_ROWS,
    numbers(JOINED_ROWS, (row) => row),
  ),
  other: features(JOINED_ROWS, shuffled(JOINED_ROWS)),
};

function frameOf(columns: readonly Column[]): DataFrame {
  const values = ({ type, values: held, texts }: Column) => {
    if (type === "string") return Array.from(held, (place) => texts![place]!);
    return type === "boolean" ? Array.from(held, Boolean) : Array.from(held);
  };
  let frame = new DataFrame({ label: values(columns.find(({ name }) => name === "label")!) });
  for (const column of columns) if (column.name !== "label") frame = frame.addColumn(column.name, values(column));
  return frame;
}

const [left, right, wide, other] = [content.left, content.right, content.wide, content.other].map(frameOf) as [
  DataFrame,
  DataFrame,
  DataFrame,
  DataFrame,
];

function threeJoins(): DataFrame {
  let joined = wide;
  for (let step = 0; step < 3; step++) {
    const names = other.columns.filter((name) => name !== "label").map((name) => [name, `${name} ${step}`]);
    joined = joined.merge(other.rename(Object.fromEntries(names)), { on: "label" });
  }
  return joined;
}

const operations: Record<string, () => unknown> = {
  "sort by a float": () => left.sortValues("f0"),
  "sort by a float, descending": () => left.sortValues("f0", { ascending: false }),
  "sort by text and float": () => left.sortValues(["cls", "f1"]),
  "merge, inner": () => merge({ left, right, on: "label" }),
  "merge, left": () => merge({ left, right, on: "label", how: "left" }),
  "merge, right": () => merge({ left, right, on: "label", how: "right" }),
  "merge, outer": () => merge({ left, right, on: "label", how: "outer" }),
  "merge by two keys": () => merge({ left, right, on: ["label", "cls"] }),
  concat: () => concat({ dfList: [left, right] }),
  "group by text, means": () => left.groupby("cls").col(NUMBERS).mean(),
  "group by integer, means": () => left.groupby("image").col(NUMBERS).mean(),
  "group by both, means": () => left.groupby(["image", "cls"]).col(NUMBERS).mean(),
  "group by integer, five aggregates": () =>
    left.groupby("image").agg({ f0: ["mean", "std", "min", "max"], label: "count" }),
  isin: () => left.isin(["Nucleus", 3]),
  quantile: () => left.loc({ columns: NUMBERS }).quantile([0.25, 0.5, 0.75]),
  corr: () => left.corr(),
  nunique: () => left.nunique(),
  dropDuplicates: () => left.dropDuplicates({ subset: ["image", "cls"] }),
  "three joins of 100,000 x 32": threeJoins,
};

/** Garbage of one operation is not collected at the expense of another, as Python frees at once what is no longer used. */
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

interface Least {
  readonly seconds: number;
  readonly processor: number;
}

function least(operation: () => unknown): Least {
  const [walls, processor]: [number[], number[]] = [[], []];
  for (let time = 0; time < times; time++) {
    collectGarbage();
    const [wall, before] = [performance.now(), process.cpuUsage()];
    operation();
    const { user, system } = process.cpuUsage(before);
    walls.push((performance.now() - wall) / 1e3);
    processor.push((user + system) / 1e6);
  }
  return { seconds: Math.min(...walls), processor: Math.min(...processor) };
}

/** Seconds of pandas, which is given the same values in files. */
function pandas(): Record<string, Least> {
  const folder = mkdtempSync(join(tmpdir(), "frames-bench-"));
  try {
    for (const [name, columns] of Object.entries(content)) {
      const described = columns.map(({ values, ...column }, at) => {
        writeFileSync(join(folder, `${name}-${at}`), new Uint8Array(values.buffer));
        return { ...column, file: `${name}-${at}` };
      });
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ columns: described }));
    }
    const python = fileURLToPath(new URL("../.reference/bin/python", import.meta.url));
    const peer = fileURLToPath(new URL("frames_peer.py", import.meta.url));
    return JSON.parse(
      execFileSync(python, [peer, folder, String(times)], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const theirs = pandas();
console.log(`${rows} rows of 10 columns, the least of ${times}`);
console.log(["", "pandas s", "frames s", "times", "times by processor"].join("\t"));
for (const [name, operation] of Object.entries(operations)) {
  const [own, their] = [least(operation), theirs[name]!];
  const ratios = [own.seconds / their.seconds, own.processor / their.processor].map((ratio) => ratio.toFixed(2));
  console.log([name, their.seconds.toFixed(3), own.seconds.toFixed(3), ...ratios].join("\t"));
}
