import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import {
  addDataCost,
  CHOSEN_MESSAGE_LIMIT,
  cheapestRows,
  chunkSize,
  DEFAULT_MEMORY_BUDGET,
  memoryRows,
  messageRows,
  readCost,
  recordBytes,
  sliceCost,
  typicalRowBytes,
  wireRowBytes,
} from "../../src/columns/chunk-size.js";

const measured = [
  field("image", "Image"),
  field("label", "Long"),
  ...["a", "b", "c", "d", "e", "f"].map((name) => field(name, "Double")),
  field("class", "String", 9),
  field("ok", "Bool"),
];

const anyField = fc.oneof(
  fc.constantFrom("Long", "Double", "Bool", "Image", "Mask" as const).map((type) => field("c", type)),
  fc
    .record({
      type: fc.constantFrom("String", "FloatArray", "DoubleArray", "LongArray" as const),
      size: fc.integer({ min: 1, max: 100_000 }),
    })
    .map(({ type, size }) => field("c", type, size)),
);

describe("row widths", () => {
  it("counts what Ice writes, text and arrays with their size", () => {
    expect(wireRowBytes([field("a", "Long"), field("b", "Bool")])).toBe(8 + 1 + 8);
    expect(wireRowBytes([field("s", "String", 254)])).toBe(1 + 254 + 8);
    expect(wireRowBytes([field("s", "String", 255)])).toBe(5 + 255 + 8);
    expect(wireRowBytes([field("f", "FloatArray", 3)])).toBe(1 + 12 + 8);
    expect(wireRowBytes([field("d", "DoubleArray", 300)])).toBe(5 + 2400 + 8);
    expect(wireRowBytes([field("m", "Mask")], 100)).toBe(8 + 8 + 32 + 1 + 100 + 8);
  });

  it("counts a record as the file stores it", () => {
    expect(recordBytes(measured)).toBe(74);
    expect(recordBytes([field("l", "LongArray", 4), field("s", "String", 20)])).toBe(52);
  });

  it("does not expect wide text columns to be full", () => {
    const wide = [field("s", "String", 10_000)];
    expect(typicalRowBytes(wide)).toBeLessThan(wireRowBytes(wide) / 3);
    expect(typicalRowBytes(measured)).toBe(wireRowBytes(measured));
  });
});

describe("chunkSize", () => {
  it("stays below the message limit even when every text is as long as its column allows", () => {
    fc.assert(
      fc.property(
        fc.array(anyField, { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 0, max: 1e8 }),
        (fields, rows) => {
          const size = chunkSize(fields, rows, readCost(fields.length, recordBytes(fields)));
          expect(size.rows).toBeGreaterThanOrEqual(1);
          if (size.rows > 1) expect(size.rows * wireRowBytes(fields)).toBeLessThan(CHOSEN_MESSAGE_LIMIT);
        },
      ),
    );
  });

  it("keeps all chunks alive within the memory budget", () => {
    fc.assert(
      fc.property(
        fc.array(anyField, { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 8 }),
        (fields, alive) => {
          const rows = memoryRows(fields, { chunksAlive: alive });
          if (rows > 1) expect(rows * alive * typicalRowBytes(fields)).toBeLessThanOrEqual(DEFAULT_MEMORY_BUDGET / 2);
        },
      ),
    );
  });

  it("asks for large chunks of a usual table, far from the 1,000 rows that make others slow", () => {
    const { rows } = chunkSize(measured, 1_000_000, readCost(10, 74));
    expect(rows).toBeGreaterThan(50_000);
    expect(rows).toBeLessThan(400_000);
  });

  it("names its bound", () => {
    const cost = readCost(10, 74);
    expect(chunkSize(measured, 10, cost)).toEqual({ rows: 10, boundBy: "rows" });
    expect(chunkSize(measured, 0, cost)).toEqual({ rows: 1, boundBy: "rows" });
    expect(chunkSize(measured, 1e9, cost).boundBy).toBe("memory");
    expect(chunkSize(measured, 1e9, cost, { messageLimit: 10_000 })).toEqual({
      rows: messageRows(measured, { messageLimit: 10_000 }),
      boundBy: "message",
    });
    expect(chunkSize(measured, 50_000, { perCall: 1, perRow: 0.01 }).boundBy).toBe("cost");
  });

  it("takes fewer rows a call where calls are cheap", () => {
    expect(chunkSize(measured, 50_000, sliceCost(10, 74)).rows).toBeLessThan(
      chunkSize(measured, 50_000, readCost(10, 74)).rows,
    );
    expect(addDataCost(10).perCall).toBeLessThan(readCost(10, 74).perCall);
  });
});

describe("cheapestRows", () => {
  it("is where calls plus the last chunk's wait cost least", () => {
    const arbitrary = fc.double({ min: 0.1, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e8 }), arbitrary, arbitrary, (rows, perCall, perThousand) => {
        const perRow = perThousand / 1000;
        const time = (chunk: number) => (rows / chunk) * perCall + (chunk * perRow) / 2;
        const best = cheapestRows(rows, { perCall, perRow });
        for (const other of [best / 2, best * 0.8, best * 1.25 + 1, best * 2 + 1]) {
          expect(time(best)).toBeLessThanOrEqual(time(other) * 1.0001 + perRow);
        }
      }),
    );
  });
});
