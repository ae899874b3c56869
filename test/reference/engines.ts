/** Engines over a table in parts, and what they are to find: the answers of PyTables on the same file. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type ColumnBatch, field } from "../../src/columns/batch.js";
import type { PythonSession } from "./python-session.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = fileURLToPath(new URL("scale_engines.py", import.meta.url));
const FIELDS = [field("image", "Image"), field("area", "Double"), field("name", "String", 11)];
const BATCH_ROWS = 250_000;

/** Of each engine's answers. */
export interface Answers {
  rows: number;
  hits: number;
  "area of hits": number;
  /** Least and greatest. */
  images: [string, string];
  "area by name": Record<string, number>;
}

/** Where the engine's processes find the server. */
export interface EnginePlace {
  readonly python: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Words before the command, such as `ip netns exec`. */
  readonly before?: readonly string[];
}

/** Ids above 2^53, areas whose sums are exact, a hundred names. */
export async function* cells(rows: number): AsyncGenerator<ColumnBatch, void, undefined> {
  const names = Array.from({ length: 100 }, (_, name) => new TextEncoder().encode(`Zelle ä ${name}`));
  for (let start = 0; start < rows; start += BATCH_ROWS) {
    const rowCount = Math.min(BATCH_ROWS, rows - start);
    const image = new BigInt64Array(rowCount);
    const area = new Float64Array(rowCount);
    const offsets = new Int32Array(rowCount + 1);
    const bytes = new Uint8Array(rowCount * 11);
    for (let row = 0; row < rowCount; row++) {
      image[row] = 2n ** 53n + BigInt(start + row);
      area[row] = (((start + row) * 7_919) % 1_000) / 8;
      const name = names[(start + row) % 100]!;
      bytes.set(name, offsets[row]!);
      offsets[row + 1] = offsets[row]! + name.length;
    }
    const text = { kind: "string", offsets, bytes: bytes.subarray(0, offsets[rowCount]!) } as const;
    const columns = [{ kind: "long", values: image }, { kind: "double", values: area }, text] as const;
    yield { fields: FIELDS, columns, rowCount, rowNumbers: { start, step: 1 } };
  }
}

/** What PyTables and numpy find in a file. */
export function pytablesAnswers(session: PythonSession, path: string): Promise<Answers> {
  return session.run<Answers>(
    `
    import tables
    import numpy
    rows = hits = 0
    area, sums, low, high = 0.0, {}, 2**63, -2**63
    with tables.open_file(path) as file:
        measured = file.get_node("/OME/Measurements")
        for start in range(0, measured.nrows, 1_000_000):
            part = measured.read(start, start + 1_000_000)
            over = part["area"][part["area"] > 100]
            rows, hits, area = rows + len(part), hits + len(over), area + float(over.sum())
            low, high = min(low, int(part["image"].min())), max(high, int(part["image"].max()))
            names, places = numpy.unique(part["name"], return_inverse=True)
            for name, total in zip(names, numpy.bincount(places, part["area"])):
                sums[name.decode()] = sums.get(name.decode(), 0.0) + float(total)
    result = {"rows": rows, "hits": hits, "area of hits": area, "images": [str(low), str(high)], "area by name": sums}
    `,
    { path },
  );
}

/** @param way a process for each part, or Flight @param folder to write all rows into, as Parquet */
export async function engineAnswers(
  { python, environment, before = [] }: EnginePlace,
  engine: "dask" | "spark",
  way: "scan" | "flight",
  fileId: number,
  partitions: number,
  folder?: string,
): Promise<Answers & { seconds: number }> {
  const env = {
    ...process.env,
    PYTHONPATH: join(root, "examples", "scale"),
    OMERO2FRAME: `${process.execPath} ${join(root, "dist", "cli", "main.js")}`,
    ...environment,
  };
  const words = [...before, python, PROGRAM, engine, way, String(fileId), String(partitions)];
  const [program, ...args] = folder === undefined ? words : [...words, folder];
  const { stdout } = await promisify(execFile)(program!, args, { env, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

/** Seconds of processor time that a process has taken. */
export async function processorSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
