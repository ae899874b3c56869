/** Each limit by itself: what is declared is compared with what is there before anything is allocated or entered. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COLUMN_TYPES } from "../../src/columns/batch.js";
import { columnKind } from "../../src/columns/kinds/kinds.js";
import { readUserToken } from "../../src/connect/credentials/user-token.js";
import { decodeParams, decodeResult } from "../../src/connect/ice/codec/codec.js";
import { columnClassId } from "../../src/connect/ice/codec/columns/column-blocks.js";
import { InputBuffer } from "../../src/connect/ice/codec/input-buffer.js";
import { OutputBuffer } from "../../src/connect/ice/codec/output-buffer.js";
import { skipProxy } from "../../src/connect/ice/codec/proxy-codec.js";
import { getOperation } from "../../src/connect/ice/schema/schema.js";
import { readRequest } from "../../src/connect/ice/serve/incoming-request.js";
import { openCsv } from "../../src/formats/csv/index.js";
import { Hdf5File } from "../../src/formats/hdf5/structure/local-file.js";
import { parseCondition } from "../../src/query/index.js";
import { parseHql } from "../../src/server/hql/grammar/parser.js";
import { opaqueProxies } from "../connect/ice/opaque-proxies.js";

const MEBIBYTE = 1 << 20;
const HUGE = 0x7fffffff;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "limits-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code of the error that `work` ends with, and the memory that it took. */
async function refusal(work: () => unknown): Promise<{ code: string; memory: number; message: string }> {
  const before = memoryNow();
  try {
    await work();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message, memory: memoryNow() - before };
  }
  throw new Error("it was taken");
}

function memoryNow(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function expectSmall(work: () => unknown, code: string | RegExp, most = MEBIBYTE): Promise<void> {
  const found = await refusal(work);
  expect(found.code ?? found.message).toMatch(code);
  expect(found.memory).toBeLessThan(most);
}

/** Bytes that `write` writes, and a few more. */
function bytesOf(write: (output: OutputBuffer) => void): Uint8Array {
  const output = new OutputBuffer();
  write(output);
  output.writeRaw(new Uint8Array(64));
  return output.toBytes();
}

const declared = (size: number) => bytesOf((output) => output.writeSize(size));

describe("a size in a message that is more than the message", () => {
  const readers: Record<string, (input: InputBuffer) => unknown> = {
    text: (input) => input.readString(),
    bytes: (input) => input.readBytes(),
    "bytes viewed": (input) => input.viewBytes(),
    shorts: (input) => input.readShorts(),
    ints: (input) => input.readInts(),
    "ints viewed": (input) => input.viewInts(),
    longs: (input) => input.readLongs(),
    floats: (input) => input.readFloats(),
    doubles: (input) => input.readDoubles(),
  };
  test.each(Object.keys(readers))("%s", async (name) => {
    for (const size of [65, 1000, HUGE]) {
      await expectSmall(() => readers[name]!(new InputBuffer(declared(size), "message")), "MALFORMED_MESSAGE");
    }
  });

  test.each([
    ["structures and dictionaries", "::omero::api::IQuery", "projection"],
    ["class instances", "::omero::api::IQuery", "findAllByQuery"],
    ["texts", "::omero::api::ServiceFactory", "activeServices"],
    ["maps", "::omero::grid::Table", "getAllMetadata"],
    ["columns", "::omero::grid::Table", "getHeaders"],
  ])("%s", async (_name, service, operation) => {
    const read = getOperation(service, operation);
    for (const size of [70, 1_000_000, HUGE]) {
      await expectSmall(() => decodeResult(read, declared(size), opaqueProxies), "MALFORMED_MESSAGE");
    }
  });

  test.each(COLUMN_TYPES)("rows of a %s column", async (type) => {
    const bytes = bytesOf((output) => {
      output.writeSize(1);
      output.writeInt(-1);
      output.writeSize(1);
      output.writeInt(1);
      output.writeByte(0);
      output.writeString(columnClassId(type));
      output.writeInt(80);
      if (["string", "array"].includes(columnKind(type))) output.writeLong(2n ** 40n);
      output.writeSize(HUGE);
    });
    const addData = getOperation("::omero::grid::Table", "addData");
    await expectSmall(() => decodeParams(addData, bytes, opaqueProxies), "MALFORMED_MESSAGE");
  });

  test("array rows of a billion numbers", async () => {
    const rowsOf = (size: number, count: number, following = 64) =>
      bytesOf((output) => {
        output.writeSize(1);
        output.writeInt(-1);
        output.writeSize(1);
        output.writeInt(1);
        output.writeByte(0);
        output.writeString(columnClassId("DoubleArray"));
        output.writeInt(60 + following);
        output.writeLong(BigInt(size));
        output.writeSize(count);
        output.writeSize(size);
        output.writeRaw(new Uint8Array(following));
      });
    const addData = getOperation("::omero::grid::Table", "addData");
    // Rows and their size fit each by itself, and not together.
    for (const bytes of [rowsOf(2, 60), rowsOf(1_000_000_000, 20), rowsOf(7000, 60_000, 60_000)]) {
      await expectSmall(() => decodeParams(addData, bytes, opaqueProxies), "MALFORMED_MESSAGE");
    }
  });

  test("slices of instances, endpoints of proxies, contexts and parameters of requests", async () => {
    const instance = bytesOf((output) => {
      output.writeInt(-1);
      output.writeSize(1);
      output.writeInt(1);
      output.writeByte(0);
      output.writeString("::omero::model::ImageOfTheFuture");
      output.writeInt(HUGE);
    });
    const get = getOperation("::omero::api::IQuery", "get");
    await expectSmall(() => decodeResult(get, instance, opaqueProxies), "MALFORMED_MESSAGE");
    const proxy = (endpoints: number, size: number) =>
      bytesOf((output) => {
        output.writeString("name");
        output.writeString("");
        output.writeSize(0);
        output.writeByte(0);
        output.writeByte(0);
        output.writeSize(endpoints);
        output.writeByte(1);
        output.writeByte(0);
        output.writeInt(size);
      });
    for (const bytes of [proxy(HUGE, 20), proxy(1, HUGE), proxy(1, -1), proxy(1, 5)]) {
      await expectSmall(() => skipProxy(new InputBuffer(bytes, "proxy")), "MALFORMED_MESSAGE");
    }
    const request = (context: number, size: number) =>
      bytesOf((output) => {
        for (const text of ["name", "category"]) output.writeString(text);
        output.writeSize(0);
        output.writeString("operation");
        output.writeByte(0);
        output.writeSize(context);
        output.writeInt(size);
      });
    for (const bytes of [request(HUGE, 6), request(0, HUGE), request(0, -1), request(0, 5)]) {
      await expectSmall(() => readRequest(new InputBuffer(bytes, "request")), "MALFORMED_MESSAGE");
    }
  });
});

test("more objects than a message's bytes should make are refused before they are made", async () => {
  // Four million empty dictionaries of a byte each.
  const bytes = new Uint8Array(4 * MEBIBYTE + 5).fill(0);
  bytes[0] = 255;
  new DataView(bytes.buffer).setInt32(1, 4 * MEBIBYTE, true);
  const read = getOperation("::omero::api::IQuery", "projection");
  await expectSmall(() => decodeResult(read, bytes, opaqueProxies), "LIMIT_EXCEEDED", 400 * MEBIBYTE);
});

describe("nesting", () => {
  const DEPTH = 20_000;
  test.each([
    ["brackets of a condition", () => parseCondition(`${"(".repeat(DEPTH)}a > 1${")".repeat(DEPTH)}`), "200 brackets"],
    ["negations of a condition", () => parseCondition(`${"~".repeat(DEPTH)}(a > 1)`), "nested"],
    ["signs of a condition", () => parseCondition(`a > ${"-".repeat(DEPTH)}1`), "nested"],
    ["calls of a condition", () => parseCondition(`${"sin(".repeat(DEPTH)}a${")".repeat(DEPTH)} > 1`), "200 brackets"],
    ["brackets of HQL", () => parseHql(`from A a where ${"(".repeat(60_000)}a.x = 1`), "nested deeper"],
    ["subqueries of HQL", () => parseHql(`from A a where ${"exists (from A a where ".repeat(8000)}`), "nested deeper"],
    ["calls of HQL", () => parseHql(`from A a where ${"lower(".repeat(30_000)}`), "nested deeper"],
  ])("of %s has an end", async (_name, parse, expected) => {
    const { code, message } = await refusal(parse);
    expect(`${code} ${message}`).toContain(expected);
  });
});

describe("files", () => {
  test("an HDF5 structure longer than its file is not read", async () => {
    const path = join(folder, "short.h5");
    writeFileSync(path, new Uint8Array(1000));
    const file = await Hdf5File.open(path, "read");
    for (const [position, length] of [
      [0, 1001],
      [999, 2],
      [0, 2 ** 33],
      [2 ** 50, 8],
      [-8, 8],
    ] as const) {
      await expectSmall(() => file.fields(position, length, "a structure"), "MALFORMED_FILE");
    }
    await file.close();
  });

  test("a token of a gigabyte is not read", async () => {
    const path = join(folder, "token");
    writeFileSync(path, "key@host:4064");
    truncateSync(path, 2 ** 30);
    const before = memoryNow();
    expect(await readUserToken(path)).toMatch(/malformed/);
    expect(memoryNow() - before).toBeLessThan(MEBIBYTE);
  });
});

describe("gzipped CSV that expands a thousand times", () => {
  /** Members of gzip that are `text` many times over. */
  const bomb = (text: string, times: number): Uint8Array[] => {
    const member = gzipSync(Buffer.alloc(MEBIBYTE, text), { level: 9 });
    return new Array<Uint8Array>(times).fill(member);
  };

  test.each([
    ["a first record without end", bomb("a", 200), { header: true }, 24 * MEBIBYTE],
    ["a record without end", [gzipSync("a,b\n"), ...bomb("1", 200)], { delimiter: "," }, 320 * MEBIBYTE],
    ["an open quote", [gzipSync('a,b\n1,"'), ...bomb("1\n", 200)], { delimiter: "," }, 320 * MEBIBYTE],
    ["a comment's dialect", [gzipSync("a,b\n"), ...bomb("1", 200)], { delimiter: ",", comment: "#" }, 400 * MEBIBYTE],
  ])("%s ends in an error", async (_name, pieces, options, most) => {
    await expectSmall(() => openCsv(pieces, options).then((table) => table.close()), /^MALFORMED_CSV$/, most);
  });

  test("a stream of it is taken as it comes, however much it is", async () => {
    const rows = 3 * MEBIBYTE;
    const pieces = [gzipSync("n\n"), ...bomb("1\n", 6)];
    const before = memoryNow();
    const table = await openCsv(pieces, { delimiter: ",", keptBytes: 0 });
    expect(table.rowCount).toBe(rows);
    expect(memoryNow() - before).toBeLessThan(96 * MEBIBYTE);
    await table.close();
  });
});
