/** What a caller's own stream throws comes as an error that says so, with what was thrown as its cause. */
import * as arrow from "apache-arrow";
import { describe, expect, it, test } from "vitest";
import { field } from "../../src/columns/batch.js";
import { CallerError, DataError } from "../../src/errors.js";
import { CallersSource, sourceFailure } from "../../src/formats/callers-source.js";
import type { Source } from "../../src/formats/format.js";
import type { RowSource } from "../../src/formats/open-source.js";
import { batchOf } from "../support/cells.js";
import { readSource } from "./read-source.js";

const LOST = new RangeError("the camera is gone");
const FIELDS = [field("n", "Long")];

/** Gives some items and then throws. */
async function* failing<T>(items: readonly T[], thrown: unknown = LOST): AsyncGenerator<T> {
  yield* items;
  throw thrown;
}

function* failingAtOnce<T>(items: readonly T[]): Generator<T> {
  yield* items;
  throw LOST;
}

const batch = batchOf(FIELDS, [[1n, 2n]]);
const recordBatch = arrow.tableFromArrays({ n: Int32Array.of(1, 2) }).batches[0]!;

test.each<[string, () => RowSource]>([
  ["rows", () => failing([{ n: 1 }, { n: 2 }])],
  ["rows, at the first", () => failing<{ n: number }>([])],
  ["rows of an iterator that is no promise", () => failingAtOnce([{ n: 1 }])],
  ["bytes", () => failing([new TextEncoder().encode("n\n1\n")])],
  ["text", () => failing(["n\n1\n"])],
  ["column batches", () => failing([batch])],
  ["record batches", () => failing([recordBatch])],
  [
    "a row's property",
    () => [
      {
        get n(): number {
          throw LOST;
        },
      },
    ],
  ],
])("a stream of %s that fails", async (_, source) => {
  const error = await readSource(source()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CallerError);
  expect(error).toMatchObject({
    code: "SOURCE_FAILED",
    message: "The source of rows failed: the camera is gone",
    cause: LOST,
  });
});

test.each<[string, unknown, string]>([
  ["text", "no film", "The source of rows failed: no film"],
  ["nothing", null, "The source of rows failed: null"],
  ["an object", { reason: 1 }, "The source of rows failed: [object Object]"],
])("a stream that throws %s", async (_, thrown, message) => {
  await expect(readSource(failing([{ n: 1 }], thrown))).rejects.toMatchObject({ code: "SOURCE_FAILED", message });
});

describe("sourceFailure", () => {
  it("leaves errors of this package as they are", () => {
    const own = new DataError("MALFORMED_CSV", "line 3");
    expect(sourceFailure(own, undefined)).toBe(own);
  });

  it("takes what is thrown once the work is aborted for that", () => {
    const reason = new Error("enough");
    const error = sourceFailure(LOST, AbortSignal.abort(reason));
    expect(error).toMatchObject({ name: "AbortError", code: "ABORTED", cause: reason });
  });
});

describe("CallersSource", () => {
  const source = (close: () => Promise<void>): Source => ({
    fields: FIELDS,
    rowCount: 2,
    metadata: new Map([["k", 1n]]),
    declared: new Map([["n", "Image"]]),
    batches: () => failing([batch]),
    close,
  });

  it("passes on what the source says of itself, and its batches before the failure", async () => {
    const callers = new CallersSource(source(async () => {}));
    expect([callers.fields, callers.rowCount]).toEqual([FIELDS, 2]);
    expect(callers.metadata).toEqual(new Map([["k", 1n]]));
    expect(callers.declared).toEqual(new Map([["n", "Image"]]));
    const batches = callers.batches(10);
    expect((await batches.next()).value).toBe(batch);
    await expect(batches.next()).rejects.toMatchObject({ code: "SOURCE_FAILED", cause: LOST });
  });

  it("has no metadata where the source has none", () => {
    const { metadata: _, ...rest } = source(async () => {});
    expect(new CallersSource(rest as Source).metadata).toBeUndefined();
  });

  it("says of a failure to close that it is the source's", async () => {
    const callers = new CallersSource(source(() => Promise.reject(LOST)));
    await expect(callers.close()).rejects.toMatchObject({ code: "SOURCE_FAILED", cause: LOST });
  });

  it("ends the source's stream when nobody wants more", async () => {
    let ended = false;
    const batches = async function* () {
      try {
        yield batch;
        yield batch;
      } finally {
        ended = true;
      }
    };
    const callers = new CallersSource({ ...source(async () => {}), batches });
    for await (const _ of callers.batches(10)) break;
    expect(ended).toBe(true);
  });
});
