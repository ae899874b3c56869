import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cells } from "../../../../src/formats/frame/cells/cells.js";
import { codedCells, joinCoded, listOfCodes, takeCoded } from "../../../../src/formats/frame/cells/coded-cells.js";
import type { FrameCell } from "../../../../src/formats/frame/cells/frame-cell.js";
import { GrowingNumbers } from "../../../../src/formats/frame/cells/growing-numbers.js";
import { ascendingOrder, descendingOrder } from "../../../../src/formats/frame/cells/radix-order.js";
import { selectNumber } from "../../../../src/formats/frame/cells/select-number.js";
import { concat, DataFrame } from "../../../../src/formats/frame/index.js";

const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 2 ** 40), fc.integer({ min: -3, max: 3 }));
const cell = fc.oneof(number, fc.constantFrom("", "a", "é", true, false, Number.NaN)) as fc.Arbitrary<FrameCell>;

describe("Cells", () => {
  it("are the same in every form, and as copies that others change", () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(number), fc.array(cell)), (list) => {
        for (const cells of [Cells.of([...list]), Cells.lent([...list]), Cells.of([...list]).copy()]) {
          const copies = [cells.copy(), cells.copy()];
          expect([cells.length, cells.toList(), copies[0]!.toList()]).toEqual([list.length, list, list]);
          copies[0]!.lend().fill("changed");
          expect([cells.toList(), copies[1]!.toList(), cells.coded && listOfCodes(cells.coded)]).toEqual([
            list,
            list,
            cells.coded && list,
          ]);
          cells.lend().fill("changed");
          expect([cells.list, cells.numbers, copies[1]!.toList()]).toEqual([
            list.map(() => "changed"),
            list.length === 0 ? new Float64Array(0) : undefined,
            list,
          ]);
        }
      }),
    );
  });

  it("follow what others do to the list they were lent", () => {
    const list: FrameCell[] = [1, 2, 3];
    const cells = Cells.lent(list);
    expect(cells.numbers).toEqual(Float64Array.of(1, 2, 3));
    list[0] = 7;
    expect([cells.numbers, cells.copy().list]).toEqual([Float64Array.of(7, 2, 3), [7, 2, 3]]);
  });
});

describe("codedCells", () => {
  it("are not made of numbers, or where few cells are equal", () => {
    expect(codedCells(["a", 1])).toBeUndefined();
    expect(codedCells(["a", undefined as never])).toBeUndefined();
    expect(codedCells(Array.from({ length: 10_000 }, (_, row) => `cell ${row}`))).toBeUndefined();
  });

  it("are undefined where there are more values than codes", () => {
    const many = (from: number) => Array.from({ length: 40_000 }, (_, value) => `v${from + value}`);
    const coded = { codes: new Uint16Array(3), values: many(0) };
    expect(joinCoded([coded, { codes: new Uint16Array(2), values: many(40_000) }])).toBeUndefined();
    const full = { codes: new Uint16Array(1), values: Array.from({ length: 65_535 }, (_, value) => `v${value}`) };
    expect(takeCoded(full, Int32Array.of(-1))).toBeUndefined();
    expect(listOfCodes(takeCoded(coded, Int32Array.of(0, -1))!)).toEqual(["v0", Number.NaN]);
  });
});

describe("the order of numbers", () => {
  it.each([
    ["with the same upper halves", (row: number) => 1 + ((row * 7919) % 5000) * 2 ** -50],
    ["with few values", (row: number) => (row * 7919) % 7],
    ["of all sizes", (row: number) => Math.sin(row) * 10 ** ((row % 600) - 300)],
    ["of which some are missing", (row: number) => (row % 3 === 0 ? Number.NaN : -row / 7)],
  ])("is stable for numbers %s", (_, value) => {
    const numbers = Float64Array.from({ length: 5000 }, (_, row) => value(row));
    const rows = Array.from(numbers.keys());
    const sorted = (sign: number) =>
      rows.toSorted((a, b) => {
        const missing = Number(Number.isNaN(numbers[a])) - Number(Number.isNaN(numbers[b]));
        return missing || (Number.isNaN(numbers[a]) ? 0 : sign * (numbers[a]! - numbers[b]!)) || a - b;
      });
    expect(Array.from(ascendingOrder(numbers))).toEqual(sorted(1));
    expect(Array.from(descendingOrder(numbers))).toEqual(sorted(-1));
  });
});

describe("selectNumber", () => {
  it("finds the number that sorting would put at a place", () => {
    const few = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 3000 });
    const any = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 3000 });
    fc.assert(
      fc.property(fc.oneof(few, any), fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const place = Math.floor(share * (list.length - 1));
        const numbers = Float64Array.from(list);
        expect(selectNumber(numbers, place) + 0).toBe(Float64Array.from(list).sort()[place]! + 0);
        expect(numbers.subarray(0, place).every((value) => value <= numbers[place]!)).toBe(true);
      }),
    );
  });
});

describe("GrowingNumbers", () => {
  it("hold more or fewer than were expected", () => {
    const numbers = new GrowingNumbers(3);
    numbers.next(2).set([1, 2]);
    expect(numbers.all).toEqual(Float64Array.of(1, 2));
    numbers.next(3).set([3, 4, 5]);
    expect([numbers.all, new GrowingNumbers(2 ** 60).all]).toEqual([
      Float64Array.of(1, 2, 3, 4, 5),
      new Float64Array(0),
    ]);
  });
});

describe("frames that share cells", () => {
  it("do not share what is changed in one of them", () => {
    const frame = new DataFrame({ n: [3, 1, 2], t: ["a", "b", "a"], ok: [true, false, true] });
    const base = frame.addColumn("m", [1, 2, 3]);
    const derived = [
      base.copy(),
      base.rename({ m: "k" }),
      base.resetIndex(),
      base.loc({ columns: ["n", "t", "ok", "m"] }),
    ];
    derived.push(concat({ dfList: [base] }), base.iloc({ rows: ["0:3"] }), base.drop({ index: [] }));
    const rows = base.values.map((row) => [...row]);
    for (const one of derived) {
      for (const cells of one.getColumnData) cells.fill(0);
      one.index.fill(9);
    }
    expect([base.values, base.column("t").values, base.column("m").values]).toEqual([rows, ["a", "b", "a"], [1, 2, 3]]);
    base.column("m").values[0] = 100;
    expect([base.sortValues("m").column("n").values, base.groupby("t").col("m").sum().values]).toEqual([
      [1, 2, 3],
      [
        ["a", 103],
        ["b", 2],
      ],
    ]);
  });
});
