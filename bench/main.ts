/** `npm run bench -- [--rows N] [--pairs N] [--only TEXT] [--write]`: omero2frame beside omero2pandas, in turn. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ReferenceServer, referencePython, runPython } from "../test/reference/reference-server.js";
import { type Case, cases, type Data } from "./cases.js";
import { type Measurement, measure } from "./measure.js";
import { line, markdown, type Result, summarise, svg } from "./report.js";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    pairs: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const here = fileURLToPath(new URL(".", import.meta.url));
const rows = Number(values.rows);
const pairs = Number(values.pairs);

const folder = await mkdtemp(join(tmpdir(), "omero2frame-bench-"));
const server = await ReferenceServer.start();
try {
  const data = await makeData();
  const chosen = cases(data).filter((c) => c.name.includes(values.only));
  const results: Result[] = [];
  for (const c of chosen) {
    const result = await pairsOf(c);
    results.push(result);
    process.stdout.write(`${line(summarise(result))}\n`);
  }
  if (values.write) await writeReport(results);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function makeData(): Promise<Data> {
  const script = join(here, "make_table.py");
  const csv = join(folder, "table.csv");
  const pickle = join(folder, "table.pkl");
  const port = String(server.port);
  await runPython(script, [port, String(rows), "10", pickle, csv]);
  const narrow = Number(await runPython(script, [port, String(rows), "10"]));
  const wide = Number(await runPython(script, [port, String(Math.max(1, Math.round(rows / 5))), "100"]));
  return { narrow, wide, csv, pickle, rows };
}

async function pairsOf(c: Case): Promise<Result> {
  const result: Result = { case: c, ours: [], theirs: [] };
  for (let pair = 0; pair < pairs; pair++) {
    result.ours.push(await ours(c));
    result.theirs.push(await theirs(c));
    const [mine, other] = [result.ours.at(-1)!, result.theirs.at(-1)!];
    if (mine.rows !== undefined && other.rows !== undefined && mine.rows !== other.rows) {
      throw new Error(`${c.name}: ours gave ${mine.rows} rows, omero2pandas ${other.rows}`);
    }
  }
  return result;
}

function ours(c: Case): Promise<Measurement> {
  return measure(process.execPath, [join(here, "ours.js"), String(server.port), JSON.stringify(c.ours)]);
}

function theirs(c: Case): Promise<Measurement> {
  return measure(referencePython(), [
    join(here, "omero2pandas_peer.py"),
    String(server.port),
    JSON.stringify(c.theirs),
  ]);
}

async function writeReport(results: readonly Result[]): Promise<void> {
  const summaries = results.map(summarise);
  await writeFile(join(here, "RESULTS.md"), markdown(summaries, await versions(), rows));
  await writeFile(join(here, "results.svg"), svg(summaries));
}

async function versions(): Promise<Record<string, string>> {
  const script = join(folder, "versions.py");
  await writeFile(
    script,
    `import json, sys, importlib.metadata as m
names = ["omero2pandas", "omero-py", "pandas", "tables", "zeroc-ice"]
print(json.dumps({"Python": sys.version.split()[0], **{n: m.version(n) for n in names}}))
`,
  );
  return { "Node.js": process.version.slice(1), ...(JSON.parse(await runPython(script)) as Record<string, string>) };
}
