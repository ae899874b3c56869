import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openCsv } from "../../../../src/formats/csv/index.js";
import { inPieces, readAll } from "../read-all.js";

const TEXT = "naïve,µ\né🔬,1\nplain,2\n";
const EXPECTED = {
  fields: ["naïve:String(6)", "µ:Long"],
  columns: [
    ["é🔬", "plain"],
    [1n, 2n],
  ],
  rowCount: 2,
};
const LATIN = { fields: ["naïve:String(2)"], columns: [["é"]], rowCount: 1 };

function utf16be(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "csv-test-"));
});
afterAll(() => rm(directory, { recursive: true }));

test.each([
  ["UTF-8", Buffer.from(TEXT), {}, EXPECTED],
  ["UTF-8 with mark", Buffer.from(`\ufeff${TEXT}`), {}, EXPECTED],
  ["UTF-8 with mark, given", Buffer.from(`\ufeff${TEXT}`), { encoding: "utf-8-sig" }, EXPECTED],
  ["UTF-16 LE with mark", Buffer.from(`\ufeff${TEXT}`, "utf16le"), {}, EXPECTED],
  ["UTF-16 BE with mark", utf16be(`\ufeff${TEXT}`), {}, EXPECTED],
  ["UTF-16 LE", Buffer.from(TEXT, "utf16le"), {}, EXPECTED],
  ["UTF-16 BE", utf16be(TEXT), {}, EXPECTED],
  ["UTF-16 with mark, given", Buffer.from(`\ufeff${TEXT}`, "utf16le"), { encoding: "UTF-16" }, EXPECTED],
  ["latin1", Buffer.from("naïve\né\n", "latin1"), { encoding: "latin1" }, LATIN],
  ["ISO-8859-1", Buffer.from("naïve\né\n", "latin1"), { encoding: "ISO-8859-1" }, LATIN],
  [
    "windows-1252",
    Buffer.from([97, 10, 0x80, 10]),
    { encoding: "windows-1252" },
    { fields: ["a:String(3)"], columns: [["€"]], rowCount: 1 },
  ],
  ["gzip", gzipSync(TEXT), {}, EXPECTED],
  ["gzip of several members", Buffer.concat([gzipSync(TEXT.slice(0, 9)), gzipSync(TEXT.slice(9))]), {}, EXPECTED],
  ["gzip, padded", Buffer.concat([gzipSync(TEXT), Buffer.alloc(512)]), {}, EXPECTED],
  ["gzip of UTF-16", gzipSync(Buffer.from(`\ufeff${TEXT}`, "utf16le")), {}, EXPECTED],
])("%s, from a file and from a stream", async (name, bytes, options, expected) => {
  const path = join(directory, `${name.replaceAll(" ", "-")}.csv`);
  await writeFile(path, bytes);
  for (const keptBytes of [undefined, 0]) {
    expect(await readAll(path, { ...options, keptBytes })).toEqual(expected);
    expect(await readAll(pathToFileURL(path), { ...options, keptBytes })).toEqual(expected);
    expect(await readAll(inPieces(bytes, 1), { ...options, keptBytes })).toEqual(expected);
    expect(await readAll(inPieces(bytes, 5000), { ...options, keptBytes })).toEqual(expected);
  }
});

test("text in pieces counts as UTF-8", async () => {
  expect(await readAll([TEXT.slice(0, 5), TEXT.slice(5)])).toEqual(EXPECTED);
});

test("bytes that are no UTF-8 name their line and the remedy", async () => {
  const bytes = Buffer.from(`${TEXT}caf\xe9,3\n`, "latin1");
  const head = Buffer.from(TEXT);
  const mixed = Buffer.concat([head, bytes.subarray(TEXT.length)]);
  await expect(readAll([mixed])).rejects.toMatchObject({
    code: "MALFORMED_CSV",
    line: 4,
    message: expect.stringMatching(/latin1/),
  });
  await expect(readAll([bytes.subarray(0, -3)])).rejects.toMatchObject({ code: "MALFORMED_CSV" });
});

test("text that is not of the encoding given is an error", async () => {
  const odd = Buffer.from("a\nb\n", "utf16le").subarray(0, 7);
  await expect(readAll([odd], { encoding: "utf-16le" })).rejects.toMatchObject({ code: "MALFORMED_CSV" });
});

test("damaged gzip data is an error", async () => {
  const whole = gzipSync(TEXT.repeat(1000));
  await expect(readAll([whole.subarray(0, -9)])).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  const flipped = Buffer.from(whole);
  flipped[whole.length - 6]! ^= 1;
  await expect(readAll([flipped])).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  const trailed = Buffer.concat([whole, Buffer.from("rubbish")]);
  await expect(readAll([trailed])).rejects.toMatchObject({ code: "MALFORMED_FILE" });
});

test("a missing file is an error of its own", async () => {
  const path = join(directory, "nowhere.csv");
  await expect(readAll(path)).rejects.toMatchObject({ code: "CANNOT_READ_FILE", path });
  await expect(readAll(directory)).rejects.toMatchObject({ code: "CANNOT_READ_FILE" });
});

test("a file changed between its two readings is an error", async () => {
  const path = join(directory, "changing.csv");
  await writeFile(path, "a\n1\n2\n");
  const csv = await openCsv(path, { keptBytes: 0 });
  await writeFile(path, "a\n1\n2\n3\n");
  await expect(csv.batches(10).next()).rejects.toMatchObject({ code: "MALFORMED_FILE", path });
  await csv.close();
});

test("a stream leaves no temporary file, whether it is read, fails or is left", async () => {
  const own = await mkdtemp(join(directory, "tmp-"));
  vi.stubEnv("TMPDIR", own);
  const left = () => readdir(own);
  await readAll(inPieces(TEXT), { keptBytes: 0 });
  await readAll(inPieces("a,b\n1\n")).catch(() => {});
  const csv = await openCsv(inPieces(TEXT), { keptBytes: 0 });
  await csv.batches(1).next();
  expect(await left()).toEqual([]);
  await csv.close();
  expect(await left()).toEqual([]);
  vi.unstubAllEnvs();
});

test("a stream that fails is closed, and its error passed on", async () => {
  let closed = false;
  async function* failing() {
    try {
      yield Buffer.from("a\n1\n");
      throw new Error("disk on fire");
    } finally {
      closed = true;
    }
  }
  await expect(openCsv(failing())).rejects.toThrow("disk on fire");
  expect(closed).toBe(true);
});
