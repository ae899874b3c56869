// @ts-check
/** One timed operation of omero2frame: `ours.js PORT JSON` prints JSON with seconds and peak memory. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectToOmero, downloadTable, readArrow, readBatches, readTable, uploadTable } from "omero2frame";

const port = Number(process.argv[2]);
/** @type {import("./cases.js").Task} */
const task = JSON.parse(process.argv[3] ?? "{}");
const { operation, rows, csv, ...selected } = task;
const connection = await connectToOmero({
  server: `tcp://127.0.0.1:${port}`,
  username: "user",
  password: "pass",
  interactive: false,
});
const selection = { connection, fileId: 0, ...selected };
const uploading = { connection, parentId: 1, route: task.route === "file" ? /** @type {const} */ ("file") : undefined };
const source = operation === "upload" ? columns(rows ?? 0) : undefined;
await loadPackages();
const started = performance.now();
const result = await run();
const seconds = (performance.now() - started) / 1000;
const peakMiB = process.resourceUsage().maxRSS / 1024;
await connection.close();
process.stdout.write(`\n${JSON.stringify({ ...result, seconds, peakMiB })}\n`);

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
    case "upload_csv": {
      const { annotationId } = await uploadTable(source ?? csv ?? "", "bench", uploading);
      return { annotationId: Number(annotationId) };
    }
  }
}

async function countRows() {
  let count = 0;
  for await (const batch of readBatches(selection)) count += batch.rowCount;
  return count;
}

async function download() {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const targetPath = join(folder, "table.csv");
    await downloadTable({ ...selection, targetPath });
    return (await stat(targetPath)).size;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Loads what the operation needs; importing is timed on neither side. */
async function loadPackages() {
  if (operation === "arrow" || operation === "frame") await import("apache-arrow");
  if (operation === "frame") await import("danfojs-node");
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
  for (let i = 0; i < 6; i++) data[`f${i}`] = Float64Array.from(rowsOf, () => Math.random() * 4 - 2);
  data.cls = Array.from(rowsOf, () => classes[Math.floor(Math.random() * 3)]);
  data.ok = Array.from(rowsOf, () => Math.random() > 0.5);
  return data;
}
