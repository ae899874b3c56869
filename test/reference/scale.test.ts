/** Engines that read a table in parts, by the examples, beside what PyTables finds in the same table. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { serveFlight } from "../../src/flight/index.js";
import { readArrow } from "../../src/read/index.js";
import { updateRows, uploadTable } from "../../src/write/index.js";
import { cells, engineAnswers, pytablesAnswers } from "./engines.js";
import { PythonSession } from "./python-session.js";
import { ReferenceServer } from "./reference-server.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ENVIRONMENT = process.env.OMERO2FRAME_REFERENCE ?? join(root, ".reference");
const PYTHON = join(ENVIRONMENT, "scale", "bin", "python");
const ROWS = 100_000;
const TIME = 600_000;

let server: ReferenceServer;
let connection: OmeroConnection;
let fileId: number;

beforeAll(async () => {
  server = await ReferenceServer.start();
  const login = { server: `tcp://127.0.0.1:${server.port}`, username: "user", password: "pass" };
  connection = await connectToOmero({ ...login, interactive: false, allowToken: false });
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const table = {
    image: BigInt64Array.from(rows, (row) => 2n ** 53n + BigInt(row)),
    area: Float64Array.from(rows, (row) => ((row * 7_919) % 1_000) / 8),
    name: rows.map((row) => `Zelle ä ${row % 100}`),
  };
  ({ fileId } = await uploadTable(table, "cells", { connection, parentId: 1 }));
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

async function python(program: string, ...words: string[]): Promise<string> {
  const env = {
    ...process.env,
    PYTHONPATH: join(root, "examples", "scale"),
    OMERO2FRAME: `${process.execPath} ${join(root, "dist", "cli", "main.js")}`,
    OMERO_HOST: `tcp://127.0.0.1:${server.port}`,
    OMERO_SESSION: connection.session.uuid,
  };
  const { stdout } = await promisify(execFile)(PYTHON, [program, ...words], { env, maxBuffer: 2 ** 26 });
  return stdout.trim();
}

const example = (name: string) => join(root, "examples", "scale", name);

it(
  "Dask: counts, filters and groups as PyTables and pandas do",
  async () => {
    expect(await python(example("dask_example.py"), String(fileId), "area", "4")).toBe(
      `${ROWS} rows in 4 parts, mean of area: 62.4375`,
    );
    const found = JSON.parse(
      await python(
        "-c",
        `
import json
import dask.dataframe as dd
from dask_example import read_omero

def main():
    frame = read_omero(${fileId}, query="area > 100", columns=["area", "image", "name"], partitions=3)
    groups = frame.groupby("name")["area"].sum().compute(scheduler="threads")
    ids = frame["image"].compute(scheduler="processes", num_workers=2)
    print(json.dumps({"rows": len(ids), "first": str(ids.iloc[0]), "sum": str(sum(map(int, ids))), "groups": len(groups),
                      "dtype": str(ids.dtype), "total": float(groups.sum())}))

if __name__ == "__main__":
    main()
`,
      ),
    );
    await using session = await PythonSession.start("import tables");
    const expected = await session.run(
      `
      with tables.open_file(path) as file:
          t = file.get_node("/OME/Measurements")
          hits = t.read_where("area > 100")
      result = {"rows": len(hits), "first": str(hits["image"][0]), "sum": str(sum(map(int, hits["image"]))),
                "groups": len(set(hits["name"])), "dtype": str(hits["image"].dtype), "total": float(hits["area"].sum())}
      `,
      { path: join(server.directory, String(fileId)) },
    );
    expect(found).toEqual(expected);
  },
  TIME,
);

it(
  "Spark: counts and takes the mean",
  async () => {
    expect(await python(example("spark_example.py"), String(fileId), "area", "4")).toBe(
      `${ROWS} rows in 4 parts, mean of area: 62.4375`,
    );
  },
  TIME,
);

it(
  "Ray: counts and takes the mean",
  async () => {
    expect((await python(example("ray_example.py"), String(fileId), "area", "4")).split("\n").at(-1)).toBe(
      `${ROWS} rows in 4 parts, mean of area: 62.4375`,
    );
  },
  TIME,
);

it.each([
  ["dask", "scan"],
  ["spark", "scan"],
  ["dask", "flight"],
  ["spark", "flight"],
] as const)(
  "%s by %s: counts, filters and adds up what PyTables does; what it writes side by side becomes one table, in order",
  async (engine, way) => {
    const address = `tcp://127.0.0.1:${server.port}`;
    await using flight = await serveFlight({ server: address });
    const environment = {
      OMERO_HOST: address,
      OMERO_SESSION: connection.session.uuid,
      OMERO_FLIGHT: flight.url,
    };
    const folder = join(server.directory, `${engine}-${way}`);
    await using session = await PythonSession.start("import tables, numpy");
    const { fileId: whole } = await uploadTable(cells(ROWS), "cells", { connection, parentId: 1 });
    const found = await engineAnswers({ python: PYTHON, environment }, engine, way, whole, 4, folder);
    const { seconds: _, ...answers } = found;
    expect(answers).toEqual(await pytablesAnswers(session, join(server.directory, String(whole))));
    const { fileId: again, rowCount } = await uploadTable(folder, "again", { connection, parentId: 1 });
    expect(rowCount).toBe(ROWS);
    const [one, other] = await Promise.all(
      [whole, again].map((id) => readArrow({ connection, fileId: id, route: "service" })),
    );
    for (const name of ["image", "area", "name"])
      expect(other!.getChild(name)!.toArray()).toEqual(one!.getChild(name)!.toArray());
    const groups = await readArrow({ path: `${folder}-by-group`, columnNames: ["image", "group"] });
    const wrong = groups.toArray().find(({ image, group }) => group !== groupOf(engine, image));
    expect([groups.numRows, wrong]).toEqual([ROWS, undefined]);
  },
  TIME,
);

/** As the program has the engine name folders. */
function groupOf(engine: string, image: bigint): bigint | string {
  const rest = image % 3n;
  if (engine === "dask") return rest;
  return rest > 0n ? `ä/:% ${rest}` : "";
}

it(
  "an engine gets an error where the table changes after it was planned",
  async () => {
    const program = `
import omero_scan, sys
jobs = omero_scan.plan(${fileId}, partitions=2)
print("planned", flush=True)
sys.stdin.readline()
try:
    omero_scan.table(jobs[1])
except omero_scan.ScanFailed as error:
    print(error)
`;
    const running = promisify(execFile)(PYTHON, ["-c", program], {
      env: {
        ...process.env,
        PYTHONPATH: join(root, "examples", "scale"),
        OMERO2FRAME: `${process.execPath} ${join(root, "dist", "cli", "main.js")}`,
        OMERO_HOST: `tcp://127.0.0.1:${server.port}`,
        OMERO_SESSION: connection.session.uuid,
      },
    });
    await new Promise((planned) => running.child.stdout!.once("data", planned));
    await updateRows([{ area: -1 }], { connection, fileId, rows: [ROWS - 1] });
    running.child.stdin!.end("go on\n");
    expect((await running).stdout).toContain(`Table ${fileId} is not the one that was planned`);
  },
  TIME,
);
