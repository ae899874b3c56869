import { describe, expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";

import type { SpanRequest } from "../../../src/read/plan/plan.js";
import { type RequestSizeOptions, RequestSizes } from "../../../src/read/plan/request-size.js";
import { batchOf } from "../../support/cells.js";

const fields = Array.from({ length: 10 }, (_, index) => field(`c${index}`, "Double"));
const options: RequestSizeOptions = { tableFields: fields, fields, chunksAlive: 5 };

function span(rows: number): SpanRequest {
  return { kind: "span", start: 0, stop: rows, rowNumbers: { start: 0, step: 1 } };
}
/** An answer of as many rows, one byte a row. */
const answer = (rows: number) => batchOf([field("b", "Bool")], [Array.from({ length: rows }, () => true)]);

describe("RequestSizes", () => {
  it("asks for half at first, for all it may after the first answer", () => {
    const sizes = new RequestSizes(100_000, options);
    const first = sizes.conditions().spanRows;
    sizes.observe(span(first), answer(1), 0, 56 + first * 0.0014);
    expect(sizes.conditions().spanRows / first).toBeCloseTo(2, 0);
  });

  it("asks for a small table at once", () => {
    expect(new RequestSizes(20_000, options).conditions().spanRows).toBe(20_000);
  });

  it("keeps to the caller's chunk size, below what a message carries", () => {
    expect(new RequestSizes(1_000_000, { ...options, chunkSize: 1234 }).conditions()).toMatchObject({
      spanRows: 1234,
      sliceRows: 1234,
    });
    const limited = new RequestSizes(1_000_000, { ...options, chunkSize: 1_000_000, messageLimit: 88_000 });
    expect(limited.conditions().spanRows).toBe(850);
  });

  it("asks for less at a time from a server that is slow by the row", () => {
    const sizes = new RequestSizes(10_000_000, options);
    const first = sizes.conditions().spanRows;
    for (let call = 0, now = 0; call < 12; call++) {
      const rows = call % 2 ? 20_000 : 60_000;
      sizes.observe(span(rows), answer(1), now, now + rows);
      now += rows;
    }
    expect(sizes.conditions().spanRows).toBeLessThan(first / 3);
  });

  it("goes on much as before after one slow answer", () => {
    const sizes = new RequestSizes(1_000_000, options);
    let now = 0;
    const observe = (ms: number) => {
      sizes.observe(span(60_000), answer(1), now, now + ms);
      now += ms;
    };
    for (let call = 0; call < 5; call++) observe(140);
    const before = sizes.conditions().spanRows;
    observe(30_000);
    observe(140);
    expect(sizes.conditions().spanRows).toBeGreaterThan(before / 2);
  });

  it("counts the time of a request from when the one before was answered", () => {
    const serial = new RequestSizes(1_000_000, options);
    const overlapped = new RequestSizes(1_000_000, options);
    serial.observe(span(50_000), answer(1), 0, 200);
    serial.observe(span(50_000), answer(1), 200, 400);
    overlapped.observe(span(50_000), answer(1), 0, 200);
    overlapped.observe(span(50_000), answer(1), 0, 400);
    expect(overlapped.conditions()).toEqual(serial.conditions());
  });

  it("learns how large masks are", () => {
    const masked = [field("m", "Mask")];
    const mask = { imageId: 1n, theZ: 0, theT: 0, x: 0, y: 0, w: 0, h: 0 };
    const rowsFor = (bytes: number) => {
      const sizes = new RequestSizes(1_000_000, {
        tableFields: masked,
        fields: masked,
        chunksAlive: 5,
        chunkSize: 1_000_000,
      });
      sizes.observe(span(1), batchOf(masked, [[{ ...mask, bytes: Array(bytes).fill(1) }]]), 0, 50);
      return sizes.conditions().spanRows;
    };
    expect(rowsFor(10)).toBeGreaterThan(rowsFor(10_000));
    expect(rowsFor(100_000) * 200_000).toBeLessThan(250_000 * 1024);
  });
});
