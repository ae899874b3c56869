/** `kill -9` of the server and of the client in the midst of everything. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConnectOptions } from "../../src/connect/index.js";
import { openHdf5Table, readHdf5Batches } from "../../src/formats/hdf5/index.js";
import { downloadFile } from "../../src/gateway/files/attached-file.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { downloadTable, readBatches } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { deleteTable, uploadTable } from "../../src/write/index.js";
import { connectPlain } from "../connect/embedded.js";
import { type PlainContents, ServerProcess } from "../support/server-process.js";
import type { ClientWork } from "./client-program.js";
import {
  collect,
  expectQuiet,
  lasting,
  numberedCells,
  numberedColumns,
  openFiles,
  outcomeOf,
  startFaultLab,
  storeTable,
  throughProxy,
} from "./lab.js";
import { FaultProxy } from "./proxy.js";

const ROWS = 6000;
const CSV = Buffer.from(`a\n${Array.from({ length: 20_000 }, () => randomBytes(8).toString("hex")).join("\n")}\n`);

let folder: string;
let csvPath: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kills-"));
  csvPath = join(folder, "source.csv");
  writeFileSync(csvPath, CSV);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Undefined where nothing was written yet. */
function contentOf(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}

function sha1Of(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

/** Calls `strike` once, when `share` of the bytes that `work` moves through a proxy have passed. */
async function strikeAt<T>(
  port: number,
  share: number,
  total: number,
  work: (port: number) => Promise<T>,
  strike: () => unknown,
): Promise<T> {
  await using proxy = await FaultProxy.start(port);
  let struck = false;
  proxy.onPiece = () => {
    if (struck || proxy.bytes.toClient + proxy.bytes.toServer < share * total) return;
    struck = true;
    strike();
  };
  const result = await work(proxy.port);
  expect(struck, "the blow fell").toBe(true);
  return result;
}

/** Bytes that work moves. */
async function bytesOf(port: number, work: (port: number) => Promise<unknown>): Promise<number> {
  await using proxy = await FaultProxy.start(port);
  await work(proxy.port);
  return proxy.bytes.toClient + proxy.bytes.toServer;
}

describe("the server, killed", () => {
  let server: ServerProcess;
  let directory: string;
  let tableFile: number;
  let csvFile: number;
  let restarted: Promise<void>;
  let held: unknown;

  beforeAll(async () => {
    directory = join(folder, "server");
    server = await ServerProcess.start({ tables: "hdf5", directory });
    tableFile = await storeTable(server, ROWS);
    await using connection = await connectPlain(server);
    csvFile = (await uploadFile(csvPath, { connection, parentId: 1, name: "source.csv" })).fileId;
    held = lastingPart(await server.contents());
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function restart(): Promise<void> {
    const { port } = server;
    await server.kill();
    server = await ServerProcess.start({ tables: "hdf5", directory, port });
  }

  /** Does work through a proxy while the server is killed and started again. */
  async function whileKilled<T>(share: number, total: number, work: (port: number) => Promise<T>): Promise<T> {
    try {
      return await strikeAt(server.port, share, total, work, () => {
        restarted = restart();
      });
    } finally {
      await restarted;
    }
  }

  /** Every table can be read by its file, and every file is what its object says. */
  async function expectSoundStorage(contents: PlainContents): Promise<void> {
    for (const { id, size, hash, name } of contents.files) {
      const bytes = contentOf(join(directory, "files", String(id)));
      const found = { name, size: bytes?.length ?? 0, hash: bytes ? sha1Of(bytes) : "" };
      // A table that was being written has no checksum: that is noted when the table is closed.
      const noted = hash === "" ? "" : found.hash;
      expect({ ...found, hash: noted }).toEqual({ name, size, hash: bytes ? hash : "" });
    }
    for (const id of contents.tables) {
      const path = join(directory, "files", String(id));
      await using table = await openHdf5Table(path);
      const { numbers, cells } = await collect(readHdf5Batches(path));
      expect(numbers).toHaveLength(table.rowCount);
      if (table.rowCount > 0) expect(cells).toEqual(numberedCells(table.rowCount));
    }
    expect(readdirSync(directory).sort()).toEqual(["certificate.pem", "files", "objects", "server.lock"]);
    expect(readdirSync(join(directory, "files")).sort()).toEqual([...contents.contentFiles].sort());
    for (const id of contents.contentFiles) expect(contents.files.map((file) => String(file.id))).toContain(id);
  }

  const patient: ConnectOptions = { reconnectTimeout: 20_000 };

  test.each<[string, (port: number) => ReturnType<typeof collect>]>([
    [
      "the service",
      (port) =>
        collect(readBatches({ ...throughProxy(port, patient), fileId: tableFile, route: "service", chunkSize: 500 })),
    ],
    ["the file", (port) => collect(readBatches({ ...throughProxy(port, patient), fileId: tableFile, route: "file" }))],
  ])("and started again, is read on by %s", async (_name, read) => {
    const total = await bytesOf(server.port, read);
    for (const share of [0.3, 0.8]) {
      const outcome = await outcomeOf(whileKilled(share, total, read), 60_000);
      expect(outcome).toMatchObject({ value: { numbers: { length: ROWS } } });
      if ("value" in outcome) expect(outcome.value.cells).toEqual(numberedCells(ROWS));
    }
    await expectSoundStorage(await server.contents());
  });

  test("for good, fails reads and downloads within their patience, and no file is left", async () => {
    const target = mkdtempSync(join(folder, "target-"));
    const kinds: ((port: number) => Promise<unknown>)[] = [
      (port) =>
        collect(
          readBatches({
            ...throughProxy(port, { reconnectTimeout: 500 }),
            fileId: tableFile,
            route: "service",
            chunkSize: 500,
          }),
        ),
      (port) =>
        downloadTable({
          ...throughProxy(port, { reconnectTimeout: 500 }),
          fileId: tableFile,
          targetPath: join(target, "a.csv"),
          route: "service",
          chunkSize: 500,
        }),
    ];
    for (const work of kinds) {
      const total = await bytesOf(server.port, work);
      rmSync(join(target, "a.csv"), { force: true });
      let killedAt = 0;
      const outcome = await outcomeOf(
        strikeAt(server.port, 0.5, total, work, () => {
          killedAt = performance.now();
          void server.kill();
        }),
      );
      expect(outcome).toMatchObject({ error: { code: expect.stringMatching(/^CONNECTION_(LOST|REFUSED)$/) } });
      expect(performance.now() - killedAt).toBeLessThan(10_000);
      expect(readdirSync(target)).toEqual([]);
      await restart();
    }
  });

  test.each<[string, (port: number, targetPath: string) => Promise<unknown>]>([
    [
      "a table",
      (port, targetPath) =>
        downloadTable({
          ...throughProxy(port, patient),
          fileId: tableFile,
          targetPath,
          route: "service",
          chunkSize: 500,
        }),
    ],
    [
      "a file",
      (port, targetPath) =>
        downloadFile({ ...throughProxy(port, patient), fileId: csvFile, targetPath, chunkSize: 20_000 }),
    ],
  ])("and started again, leaves a download of %s whole", async (_name, download) => {
    const target = mkdtempSync(join(folder, "target-"));
    const honest = join(folder, "honest");
    const total = await bytesOf(server.port, (port) => download(port, honest));
    await whileKilled(0.5, total, (port) => download(port, join(target, "copy")));
    expect(readFileSync(join(target, "copy")).equals(readFileSync(honest))).toBe(true);
    expect(readdirSync(target)).toEqual(["copy"]);
    rmSync(honest);
  });

  test.each<[string, (port: number) => Promise<{ fileId: number; annotationId: number }>]>([
    [
      "a table",
      (port) =>
        uploadTable(numberedColumns(ROWS), "uploaded", { ...throughProxy(port, patient), parentId: 1, chunkSize: 500 }),
    ],
    [
      "a table as a file",
      (port) =>
        uploadTable(numberedColumns(ROWS), "uploaded", {
          ...throughProxy(port, patient),
          parentId: 1,
          route: "file",
          onWarning: () => {},
        }),
    ],
    [
      "a file",
      (port) =>
        uploadFile(csvPath, { ...throughProxy(port, patient), parentId: 1, name: "uploaded", chunkSize: 20_000 }),
    ],
  ])("and started again, holds %s that is uploaded whole, or nothing of it", async (_name, upload) => {
    const remove = async ({ fileId, annotationId }: { fileId: number; annotationId: number }) => {
      await using connection = await connectPlain(server);
      const { deleteObjects } = await import("../../src/gateway/delete.js");
      await deleteObjects(connection, { FileAnnotation: [annotationId], OriginalFile: [fileId] });
    };
    const total = await bytesOf(server.port, async (port) => remove(await upload(port)));
    for (const share of [0.4, 0.7]) {
      const outcome = await outcomeOf(whileKilled(share, total, upload), 60_000);
      const contents = await server.contents();
      const said = "value" in outcome ? "uploaded" : outcome.error.message;
      expect(said).toMatch(/uploaded$|has been removed|nothing of it is on the server/);
      const files = contents.files.filter(({ name }) => name === "uploaded").map(({ id }) => id);
      expect([said, files]).toEqual([said, "value" in outcome ? [outcome.value.fileId] : []]);
      await expectSoundStorage(contents);
      if ("value" in outcome) await remove(outcome.value);
      expect(lastingPart(await server.contents())).toEqual(held);
    }
  });

  test("while many write, has sound storage when it is started again", async () => {
    for (let round = 0; round < 3; round++) {
      const { port } = server;
      const writing = Array.from({ length: 4 }, async (_, writer) => {
        await using connection = await connectPlain({ port }, { reconnectTimeout: 0 });
        for (let turn = 0; ; turn++) {
          const rows = 1000 * (writer + 1) + turn;
          const { fileId } = await uploadTable(numberedColumns(rows), `table ${round}`, {
            connection,
            parentId: 1,
            chunkSize: 250,
          });
          if (turn % 2 === 1) await deleteTable({ connection, fileId });
        }
      });
      const ended = Promise.allSettled(writing);
      await new Promise((resolve) => setTimeout(resolve, 300 + round * 170));
      await restart();
      await ended;
      await expectSoundStorage(await server.contents());
    }
    // The ids of files go on; none gets what another has left.
    const newest = Math.max(...(await server.contents()).files.map(({ id }) => id));
    expect(Number(await storeTable(server, 3))).toBeGreaterThan(newest);
    await expectSoundStorage(await server.contents());
  });
});

function lastingPart({ files, annotations, links, tables, contentFiles }: PlainContents) {
  return { files, annotations, links, tables, contentFiles };
}

type Work = Omit<ClientWork, "port" | "temporary">;

describe("the client, killed", () => {
  let server: OmeroServer;
  let tableFile: number;
  let csvFile: number;
  let filesOpen: string[];
  /** Where the client puts its files and its temporary ones. */
  let place: string;
  let temporary: string;

  beforeAll(async () => {
    server = await startFaultLab({ tables: "hdf5" });
    tableFile = await storeTable(server, ROWS);
    const connection = await connectPlain(server);
    csvFile = (await uploadFile(csvPath, { connection, parentId: 1, name: "source.csv" })).fileId;
    await connection.close();
    await expectQuiet(server);
    filesOpen = openFiles();
  });
  afterAll(async () => {
    await server.close();
  });
  beforeEach(() => {
    place = mkdtempSync(join(folder, "place-"));
    temporary = mkdtempSync(join(folder, "temporary-"));
  });
  afterEach(async () => {
    await expectQuiet(server);
    expect(openFiles()).toEqual(filesOpen);
    expect(readdirSync(temporary)).toEqual([]);
  });

  const PROGRAM = fileURLToPath(new URL("client-program.ts", import.meta.url));

  function spawnClient(port: number, work: Work): ChildProcess {
    const args = ["--import", "tsx", PROGRAM, JSON.stringify({ ...work, port, temporary })];
    return spawn(process.execPath, args, { stdio: "inherit" });
  }

  /** Runs work in a process that is killed once `bytes` of it have passed. */
  async function killAfter(bytes: number, work: Work): Promise<void> {
    let child: ChildProcess;
    const run = async (port: number) => {
      child = spawnClient(port, work);
      return once(child, "exit");
    };
    const ended = await strikeAt(server.port, 1, bytes, run, () => child.kill("SIGKILL"));
    expect(ended).toEqual([null, "SIGKILL"]);
  }

  /** Runs work in a process that gets `bytes` and no more, and is killed when it has written some of them. */
  async function killWhenWritten(bytes: number, work: Work): Promise<void> {
    const faultOf = () => ({ kind: "silence", direction: "toClient", after: bytes }) as const;
    await using proxy = await FaultProxy.start(server.port, { faultOf });
    const child = spawnClient(proxy.port, work);
    const ended = once(child, "exit");
    const written = () => readdirSync(place).some((name) => statSync(join(place, name)).size > 0);
    await expect.poll(written, { timeout: 20_000 }).toBe(true);
    child.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
  }

  const KILLED_DOWNLOADS: [string, Omit<Work, "path">, number][] = [
    ["a table by the service", { kind: "downloadTable", route: "service" }, 120_000],
    ["a table by its file", { kind: "downloadTable", route: "file" }, 120_000],
    ["a file", { kind: "downloadFile" }, 150_000],
  ];

  test.each(KILLED_DOWNLOADS)(
    "in the midst of a download of %s, leaves no file that looks whole, and the next works",
    async (_name, work, bytes) => {
      const fileId = work.kind === "downloadFile" ? csvFile : tableFile;
      const path = join(place, "copy");
      const kill = work.kind === "downloadFile" ? killWhenWritten : killAfter;
      await kill(bytes, { ...work, fileId: Number(fileId), path });
      expect(existsSync(path)).toBe(false);
      const left = readdirSync(place);
      for (const name of left) expect(name).toMatch(/^\.copy\.[0-9a-f]+\.part$/);
      await using connection = await connectPlain(server);
      if (work.kind === "downloadFile") {
        expect(left).toHaveLength(1);
        const { size } = statSync(join(place, left[0]!));
        const seen: number[] = [];
        await downloadFile({ connection, fileId, targetPath: path, onProgress: ({ done }) => seen.push(done) });
        expect([seen[0], seen[0]! > 0]).toEqual([size, true]);
        expect(readFileSync(path).equals(CSV)).toBe(true);
        expect(readdirSync(place)).toEqual(["copy"]);
      } else {
        expect(await downloadTable({ connection, fileId, targetPath: path })).toBe(ROWS);
        expect(readdirSync(place).sort()).toEqual([...left, "copy"].sort());
      }
    },
  );

  const KILLED_UPLOADS: [string, Work, number][] = [
    ["a table", { kind: "uploadTable", rows: ROWS }, 120_000],
    ["a table as a file", { kind: "uploadTable", rows: 40_000, route: "file" }, 600_000],
    ["a file", { kind: "uploadFile" }, 150_000],
  ];

  test.each(KILLED_UPLOADS)(
    "in the midst of an upload of %s, attaches nothing, holds nothing, and the next works",
    async (_name, work, bytes) => {
      const before = lasting(await server.contents());
      await killAfter(bytes, { ...work, ...(work.kind === "uploadFile" && { path: csvPath }) });
      await expectQuiet(server);
      const after = lasting(await server.contents());
      expect([after.annotations, after.links]).toEqual([before.annotations, before.links]);
      // What the dead have made is attached to nothing; nobody but they could remove it, as on any OMERO server.
      const orphans = after.files.filter(({ id }) => !before.files.some((file) => file.id === id));
      expect(orphans.length).toBeLessThanOrEqual(1);
      await using connection = await connectPlain(server);
      for (const { id, name, hash } of orphans) {
        expect(name).toBe("uploaded");
        const bytesThere = contentOf(join(server.directory, "files", String(id)));
        if (bytesThere && hash.length === 40) expect(sha1Of(bytesThere)).toBe(hash);
        if (work.kind === "uploadTable" && work.route === undefined) {
          const { numbers, cells } = await collect(readBatches({ connection, fileId: id }));
          expect(cells).toEqual(numberedCells(numbers.length));
        }
      }
      const options = { connection, parentId: 1 };
      const { fileId, annotationId } =
        work.kind === "uploadFile"
          ? await uploadFile(csvPath, { ...options, name: "uploaded" })
          : await uploadTable(numberedColumns(ROWS), "uploaded", options);
      const { links } = await server.contents();
      expect(links.filter(({ child }) => child.id === annotationId)).toHaveLength(1);
      const { deleteObjects } = await import("../../src/gateway/delete.js");
      await deleteObjects(connection, {
        FileAnnotation: [annotationId],
        OriginalFile: [fileId, ...orphans.map(({ id }) => id)],
      });
      expect(lasting(await server.contents())).toEqual(before);
    },
  );
});
