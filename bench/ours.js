// @ts-check
/** One timed operation of omero2frame: `ours.js PORT JSON` prints JSON with seconds and peak memory. */
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  connectToOmero,
  createTileDB,
  deleteTable,
  downloadTable,
  field,
  readArrow,
  readBatches,
  readTable,
  uploadTable,
} from "omero2frame";

const port = Number(process.argv[2]);
/** @type {import("./cases.js").Task} */
const task = JSON.parse(process.argv[3] ?? "{}");
const { operation, rows = 0, csv = "", keep, profiled, ...selected } = task;
const connection = await connectToOmero({
  server: `tcp://127.0.0.1:${port}`,
  username: "user",
  password: "pass",
  interactive: false,
});
const selection = { connection, fileId: 0, ...selected };
const uploading = { connection, parentId: 1, route: task.route === "file" ? /** @type {const} */ ("file") : undefined };
const source = operation === "upload" || operation === "tiledb" ? columns(rows) : undefined;
await loadPackages();
const before = memory();
forgetPeak();
const from = microseconds();
const result = await run();
const to = microseconds();
const { peakMiB } = memory();
if ("fileId" in result && !keep) await deleteTable({ connection, fileId: result.fileId });
await connection.close();
const measured = {
  seconds: (to - from) / 1e6,
  peakMiB: Math.max(before.peakMiB, peakMiB),
  beyondMiB: peakMiB - before.residentMiB,
};
const span = profiled ? { from, to } : {};
process.stdout.write(`\n${JSON.stringify({ ...result, ...measured, ...span })}\n`);

async function run() {
  switch (operation) {
    case "arrow":
      return { rows: (await readArrow(selection)).numRows };
    case "frame":
      return { rows: (await readTable(selection)).shape[0] };
    case "batches":
      return { rows: await countRows() };
    case "download":
      return { bytes: await download() };
    case "upload":
      return uploaded(await uploadTable(source ?? {}, "bench", uploading));
    case "upload_csv":
      return uploaded(await uploadTable(csv, "bench", uploading));
    case "upload_batches":
      return uploaded(await uploadTable(batches(rows), "bench", uploading));
    case "tiledb":
      await writeArray();
      return { rows };
  }
}

/** @param {import("omero2frame").UploadResult} result */
function uploaded({ fileId, rowCount }) {
  return { fileId: Number(fileId), rows: rowCount };
}

async function countRows() {
  let count = 0;
  for await (const batch of readBatches(selection)) count += batch.rowCount;
  return count;
}

async function download() {
  const folder = await mkdtemp(join(tmpdir(), "omero2frame-bench-"));
  try {
    const targetPath = join(folder, "table.csv");
    await downloadTable({ ...selection, targetPath });
    return (await stat(targetPath)).size;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeArray() {
  const folder = await mkdtemp(join(tmpdir(), "omero2frame-bench-"));
  try {
    await createTileDB(source ?? {}, join(folder, "table.tiledb"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Loads what the operation needs; importing is timed on neither side. */
async function loadPackages() {
  if (operation === "arrow" || operation === "frame") await import("apache-arrow");
  if (operation === "frame") await import("danfojs-node");
}

/** By the clock that the profiler of Node.js uses. */
function microseconds() {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Resident memory of this process, now and at most. (The kernel's "maxrss" would begin with that of the parent.) */
function memory() {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    const mebibytes = (/** @type {string} */ name) => Number(status.match(`${name}:\\s*(\\d+) kB`)?.[1]) / 1024;
    return { residentMiB: mebibytes("VmRSS"), peakMiB: mebibytes("VmHWM") };
  } catch {
    return { residentMiB: process.memoryUsage.rss() / 2 ** 20, peakMiB: process.resourceUsage().maxRSS / 1024 };
  }
}

/** Makes the kernel count the most resident memory from now on, where it can. */
function forgetPeak() {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {}
}

/**
 * The benchmark's ten columns, in memory.
 * @param {number} count rows
 */
function columns(count) {
  const classes = ["Nucleus", "Cytoplasm", "Membrane"];
  const rowsOf = { length: count };
  /** @type {Record<string, ArrayLike<unknown>>} */
  const data = {
    image: BigInt64Array.from(rowsOf, () => BigInt(1 + Math.floor(Math.random() * 19))),
    label: BigInt64Array.from(rowsOf, (_, row) => BigInt(row)),
  };
  for (let i = 0; i < 6; i++) data[`f${i}`] = Float64Array.from(rowsOf, normal);
  data.cls = Array.from(rowsOf, () => classes[Math.floor(Math.random() * 3)]);
  data.ok = Array.from(rowsOf, () => Math.random() > 0.5);
  return data;
}

/**
 * The same columns as a stream of batches: one block of rows again and again, with labels of its own.
 * @param {number} count rows
 * @returns {AsyncGenerator<import("omero2frame").ColumnBatch>}
 */
async function* batches(count) {
  const block = Math.min(count, 65_536);
  const { image, cls, ok, ...others } = columns(block);
  const doubles = Array.from({ length: 6 }, (_, i) => /** @type {Float64Array} */ (others[`f${i}`]));
  const texts = /** @type {string[]} */ (cls).map((text) => Buffer.from(text));
  const offsets = Int32Array.from({ length: block + 1 });
  for (let row = 0; row < block; row++) offsets[row + 1] = (offsets[row] ?? 0) + (texts[row]?.length ?? 0);
  const bytes = new Uint8Array(Buffer.concat(texts));
  const truths = Uint8Array.from(/** @type {boolean[]} */ (ok), Number);
  const doubleFields = doubles.map((_, i) => field(`f${i}`, "Double"));
  const fields = [field("image", "Image"), field("label", "Long"), ...doubleFields, field("cls", "String", 9)];
  fields.push(field("ok", "Bool"));
  for (let start = 0; start < count; start += block) {
    const rowCount = Math.min(block, count - start);
    yield {
      fields,
      columns: [
        { kind: "long", values: /** @type {BigInt64Array} */ (image).slice(0, rowCount) },
        { kind: "long", values: BigInt64Array.from({ length: rowCount }, (_, row) => BigInt(start + row)) },
        ...doubles.map((values) => ({ kind: /** @type {const} */ ("double"), values: values.slice(0, rowCount) })),
        { kind: "string", offsets: offsets.slice(0, rowCount + 1), bytes: bytes.slice(0, offsets[rowCount]) },
        { kind: "bool", values: truths.slice(0, rowCount) },
      ],
      rowCount,
      rowNumbers: { start, step: 1 },
    };
  }
}

/** A normally distributed number (Box and Muller's method). */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
