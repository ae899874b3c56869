/** The reference server with the benchmark's data, and what runs against it. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connectToOmero } from "../src/connect/index.js";
import { findOriginalFile } from "../src/gateway/files/original-file.js";
import { ReferenceServer, referencePython, runPython } from "../test/reference/reference-server.js";
import type { Data, PeerTask, ServerWork, Task } from "./cases.js";
import { lastLine, type Measurement, measure } from "./measure.js";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const script = (name: string) => join(here, name);

/** Rows a call in which the table service's own time is measured. */
const SERVER_CHUNKS = [10_000, 50_000, 200_000];

export class Workbench {
  readonly #server: ReferenceServer;
  /** For files of the measurements; removed at the end. */
  readonly folder: string;

  private constructor(server: ReferenceServer, folder: string) {
    this.#server = server;
    this.folder = folder;
  }

  static async open(): Promise<Workbench> {
    const folder = await mkdtemp(join(tmpdir(), "omero2frame-bench-"));
    return new Workbench(await ReferenceServer.start(), folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The tables and files of the comparison. */
  async makeData(rows: number): Promise<Data> {
    const csv = join(this.folder, "table.csv");
    const pickle = join(this.folder, "table.pkl");
    const port = String(this.#server.port);
    const make = (...args: string[]) => runPython(script("make_table.py"), [port, ...args]);
    await make(String(rows), "10", pickle, csv);
    const narrow = Number(await make(String(rows), "10"));
    const wide = Number(await make(String(Math.max(1, Math.round(rows / 5))), "100"));
    const { fileId: own } = await this.ours({ operation: "upload", rows, keep: true });
    return { narrow, wide, own: own!, csv, pickle, rows, checksums: await this.#checksums([narrow, wide, own!]) };
  }

  /** Which of the files the server has noted a checksum of. */
  async #checksums(fileIds: readonly number[]): Promise<Set<number>> {
    const login = { server: `tcp://127.0.0.1:${this.#server.port}`, username: "user", password: "pass" };
    await using connection = await connectToOmero({ ...login, interactive: false, allowToken: false });
    const found = new Set<number>();
    for (const fileId of fileIds) {
      if ((await findOriginalFile(connection, { fileId })).sha1 !== undefined) found.add(fileId);
    }
    return found;
  }

  /** @param nodeOptions options of Node.js itself */
  ours(task: Task, nodeOptions: readonly string[] = []): Promise<Measurement> {
    const args = [...nodeOptions, script("ours.js"), String(this.#server.port), JSON.stringify(task)];
    return measure(process.execPath, args);
  }

  async theirs(task: PeerTask): Promise<Measurement> {
    if (task.operation !== "tiledb") {
      const args = [script("omero2pandas_peer.py"), String(this.#server.port), JSON.stringify(task)];
      return measure(referencePython(), args);
    }
    const array = join(this.folder, randomUUID());
    try {
      const args = [script("tiledb_peer.py"), JSON.stringify({ pickle: task.pickle, array })];
      return await measure(referencePython(), args);
    } finally {
      await rm(array, { recursive: true, force: true });
    }
  }

  /** Seconds that the table service takes by itself, nobody being connected. */
  async serverAlone(rows: number): Promise<Record<ServerWork, number>> {
    const args = [script("server_alone.py"), rows, ...SERVER_CHUNKS].map(String);
    const seconds = JSON.parse(await lastLine(referencePython(), args)) as Record<ServerWork, number>;
    // What it wrote would still be on its way to the disk while the first case runs.
    await run("sync");
    return seconds;
  }

  async versions(): Promise<Record<string, string>> {
    const path = join(this.folder, "versions.py");
    await writeFile(
      path,
      `import json, sys, importlib.metadata as m
names = ["omero2pandas", "omero-py", "pandas", "tables", "zeroc-ice", "tiledb"]
print(json.dumps({"Python": sys.version.split()[0], **{n: m.version(n) for n in names}}))
`,
    );
    return JSON.parse(await runPython(path)) as Record<string, string>;
  }
}
