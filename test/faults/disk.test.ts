/** Disks that are full, read-only or closed to the user, and names that are taken or lead elsewhere. */
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { link, readlink, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { OmeroError } from "../../src/errors.js";
import { Spool } from "../../src/flow/files/spool.js";
import { downloadFile } from "../../src/gateway/files/attached-file.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { downloadCsv, downloadTable, readArrow } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { appendRows, createTileDB, deleteTable, uploadTable } from "../../src/write/index.js";
import { connectPlain } from "../connect/embedded.js";
import { ServerProcess } from "../support/server-process.js";
import { lasting, numberedColumns, openFiles, startFaultLab, storeTable } from "./lab.js";
import { SmallDisk } from "./small-disk.js";

const ROWS = 20_000;
const NO_SPACE = /ENOSPC: no space left on device/;

let server: OmeroServer;
let connection: OmeroConnection;
let folder: string;
let tableFile: number;
let csvFile: number;
let sha1: string;
const CSV = Buffer.from(
  `a,b\n${Array.from({ length: 50_000 }, (_, row) => `${row},${randomBytes(6).toString("hex")}`).join("\n")}\n`,
);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "disks-"));
  server = await startFaultLab({ tables: "hdf5" });
  connection = await connectPlain(server);
  tableFile = await storeTable(server, ROWS);
  const source = join(folder, "source.csv");
  await writeFile(source, CSV);
  csvFile = (await uploadFile(source, { connection, parentId: 1 })).fileId;
  sha1 = (await server.contents()).files.find(({ id }) => Number(id) === csvFile)!.hash;
});
afterAll(async () => {
  await connection?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

let filesOpen: string[];
beforeEach(() => {
  filesOpen = filesOfClient();
});
afterEach(() => {
  vi.unstubAllEnvs();
  expect(filesOfClient()).toEqual(filesOpen);
});

/** Files that are open, but for those of the server. */
function filesOfClient(): string[] {
  return openFiles().filter((path) => !path.startsWith(server.directory));
}

/** The error of work that must fail with one of ours. */
async function errorOf(work: Promise<unknown>): Promise<OmeroError> {
  const error = await work.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OmeroError)) throw error;
  return error;
}

/** What is written to a disk under a name. */
const WRITERS: [string, (targetPath: string) => Promise<unknown>][] = [
  [
    "downloadTable by the service",
    (targetPath) => downloadTable({ connection, fileId: tableFile, targetPath, route: "service", chunkSize: 1000 }),
  ],
  [
    "downloadTable by the file",
    (targetPath) => downloadTable({ connection, fileId: tableFile, targetPath, route: "file" }),
  ],
  ["downloadCsv", (targetPath) => downloadCsv({ connection, fileId: csvFile, targetPath, chunkSize: 50_000 })],
  ["createTileDB", (path) => createTileDB(numberedColumns(ROWS), path, { chunkSize: 5000 })],
];

describe("a full disk", () => {
  describe.each([
    ["from the beginning", (disk: SmallDisk) => void disk.fill()],
    ["half-way", () => {}],
  ])("%s", (_when, prepare) => {
    test.each(WRITERS)("ends %s with an error that says so, and nothing is left", async (_name, write) => {
      using disk = new SmallDisk(200_000);
      prepare(disk);
      const before = readdirSync(disk.path);
      const path = join(disk.path, "target");
      const error = await errorOf(write(path));
      expect(error).toMatchObject({ name: "FileError", code: "CANNOT_WRITE_FILE", path });
      expect(error.message).toMatch(NO_SPACE);
      expect(error.message).toContain(path);
      expect(readdirSync(disk.path)).toEqual(before);
      expect(await readArrow({ connection, fileId: tableFile, rows: [3] })).toMatchObject({ numRows: 1 });
    });
  });

  test("for temporary files is no obstacle to a read that can do without", async () => {
    using disk = new SmallDisk(100_000);
    vi.stubEnv("TMPDIR", disk.path);
    const routes: string[] = [];
    const onRoute = (route: string, why: string) => void routes.push(`${route}: ${why}`);
    const read = await readArrow({ connection, fileId: tableFile, onRoute });
    expect(read.numRows).toBe(ROWS);
    expect(routes).toEqual([expect.stringMatching(/^service: .*no space left on device/)]);
    const error = await errorOf(readArrow({ connection, fileId: tableFile, route: "file" }));
    expect(error).toMatchObject({ name: "FileError", code: "CANNOT_WRITE_FILE" });
    expect(error.message).toMatch(NO_SPACE);
    expect(error.message).toContain(disk.path);
    expect(disk.freeBytes).toBeGreaterThan(90_000);
    expect(readdirSync(disk.path)).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["as a file", () => uploadTable(numberedColumns(ROWS), "full", { connection, parentId: 1, route: "file" })],
    ["from a stream of CSV", () => uploadTable(Readable.from([CSV]), "full", { connection, parentId: 1 })],
  ])("for temporary files ends an upload %s, and nothing of it is on the server", async (_name, upload) => {
    using disk = new SmallDisk(100_000);
    vi.stubEnv("TMPDIR", disk.path);
    const held = lasting(await server.contents());
    const error = await errorOf(upload());
    expect([error.code, (error.cause as OmeroError | undefined)?.code]).toContain("CANNOT_WRITE_FILE");
    expect(error.message).toMatch(NO_SPACE);
    expect(error.message).toContain(disk.path);
    expect(error.path).toContain(disk.path);
    expect(lasting(await server.contents())).toEqual(held);
    expect(readdirSync(disk.path)).toEqual([]);
    expect(disk.freeBytes).toBeGreaterThan(90_000);
  });

  test("ends what is spooled with an error that says so", async () => {
    using disk = new SmallDisk(100_000);
    vi.stubEnv("TMPDIR", disk.path);
    const spool = new Spool<Uint8Array>(0);
    await spool.append(new Uint8Array(50_000));
    const error = await errorOf(spool.append(new Uint8Array(100_000)));
    expect(error).toMatchObject({ name: "FileError", code: "CANNOT_WRITE_FILE" });
    expect(error.message).toMatch(NO_SPACE);
    await spool.close();
    expect(disk.freeBytes).toBeGreaterThan(90_000);
  });
});

describe("a server whose disk is full", () => {
  test("says so to its client, keeps nothing of what did not fit, and goes on", async () => {
    using disk = new SmallDisk(1_500_000);
    await using full = await startFaultLab({ tables: "hdf5", directory: join(disk.path, "server") });
    await using client = await connectPlain(full);
    const columns = numberedColumns(1000);
    const { fileId } = await uploadTable(columns, "fits", { connection: client, parentId: 1 });
    const held = lasting(await full.contents());
    for (const route of ["service", "file"] as const) {
      const options = { connection: client, parentId: 1, route, chunkSize: 4000, onWarning: () => {} };
      const error = await errorOf(uploadTable(numberedColumns(60_000), "too large", options));
      expect(error.code).toBe("UPLOAD_FAILED");
      expect(error.message).toMatch(/no space left on device/);
      expect(error.message).toMatch(/has been removed/);
      expect(error.message).not.toContain(disk.path);
      expect(lasting(await full.contents())).toEqual(held);
    }
    const source = join(folder, "large.bin");
    await writeFile(source, Buffer.alloc(3_000_000));
    const error = await errorOf(uploadFile(source, { connection: client, parentId: 1 }));
    expect([error.code, error.message]).toEqual(["UPLOAD_FAILED", expect.stringMatching(/no space left on device/)]);
    expect(lasting(await full.contents())).toEqual(held);
    // Rows that do not fit leave the table as it was.
    const appended = await errorOf(
      appendRows(numberedColumns(60_000, 1000), { connection: client, fileId, chunkSize: 60_000 }),
    );
    expect([appended.code, appended.message]).toEqual(["WRITE_FAILED", expect.stringMatching(/no space left/)]);
    const kept = await readArrow({ connection: client, fileId });
    expect([...kept.getChild("image")!.toArray()].slice(0, 1000).map(Number)).toEqual(columns.image);
    expect(kept.numRows).toBe(1000);
    // What is small still finds room.
    const { fileId: another } = await uploadTable(columns, "fits too", { connection: client, parentId: 1 });
    expect(await readArrow({ connection: client, fileId: another })).toMatchObject({ numRows: 1000 });
    await deleteTable({ connection: client, fileId: another });
    expect(lasting(await full.contents())).toEqual(held);
  });

  test("tells no client of what could not be saved, and forgets it; takes more as soon as there is room", async () => {
    using disk = new SmallDisk(1_500_000);
    const directory = join(disk.path, "server");
    await using full = await startFaultLab({ tables: "hdf5", directory });
    await using client = await connectPlain(full);
    const { fileId: fits } = await uploadTable(numberedColumns(10), "fits", { connection: client, parentId: 1 });
    const held = lasting(await full.contents());
    const free = disk.fill();
    for (let attempt = 0; attempt < 3; attempt++) {
      const refused = await errorOf(uploadTable(numberedColumns(10), "unsaved", { connection: client, parentId: 1 }));
      expect([refused.code, refused.message]).toEqual(["UPLOAD_FAILED", expect.stringMatching(/no space left/i)]);
      expect(refused.message).not.toContain(disk.path);
      expect(lasting(await full.contents())).toEqual(held);
    }
    // Reading goes on, and what is on the disk is what is told.
    expect(await readArrow({ connection: client, fileId: fits })).toMatchObject({ numRows: 10 });
    expect(await reopened(directory)).toEqual(held);
    // What is deleted gives its room back.
    await deleteTable({ connection: client, fileId: fits });
    expect(await reopened(directory)).toEqual(lasting(await full.contents()));
    free();
    const { fileId } = await uploadTable(numberedColumns(10), "has room", { connection: client, parentId: 1 });
    expect(await readArrow({ connection: client, fileId })).toMatchObject({ numRows: 10 });
    const { files } = await reopened(directory);
    expect(files.map(({ name }) => name)).toContain("has room");
    expect(files.map(({ name }) => name)).not.toContain("unsaved");
    expect(readdirSync(directory).sort()).toEqual(["certificate.pem", "files", "objects", "server.lock"]);
  });

  /** What a server finds in a copy of the directory. */
  async function reopened(directory: string) {
    const copy = mkdtempSync(join(folder, "copy-"));
    cpSync(directory, copy, { recursive: true, filter: (path) => !path.endsWith("server.lock") });
    await using again = await startFaultLab({ tables: "hdf5", directory: copy });
    return lasting(await again.contents());
  }
});

describe("where nothing can be written", () => {
  test.each(WRITERS)(
    "%s says why, be it a read-only disk, a missing folder or a file in its place",
    async (_name, write) => {
      using disk = new SmallDisk(100_000);
      await writeFile(join(disk.path, "file"), "");
      disk.makeReadOnly();
      for (const [path, why] of [
        [join(disk.path, "target"), /read-only file system/],
        [join(disk.path, "file", "target"), /not a directory/],
      ] as const) {
        const error = await errorOf(write(path));
        expect(error).toMatchObject({ name: "FileError", code: "CANNOT_WRITE_FILE", path });
        expect(error.message).toMatch(why);
      }
      expect(readdirSync(disk.path)).toEqual(["file"]);
    },
  );

  test("a temporary file, a read goes by the service", async () => {
    using disk = new SmallDisk(100_000);
    disk.makeReadOnly();
    vi.stubEnv("TMPDIR", disk.path);
    expect(await readArrow({ connection, fileId: tableFile })).toMatchObject({ numRows: ROWS });
    const error = await errorOf(readArrow({ connection, fileId: tableFile, route: "file" }));
    expect(error).toMatchObject({ code: "CANNOT_WRITE_FILE", message: expect.stringMatching(/read-only file system/) });
  });

  test("a server's directory, it does not start", async () => {
    using disk = new SmallDisk(100_000);
    disk.makeReadOnly();
    await expect(startFaultLab({ directory: join(disk.path, "server") })).rejects.toThrow(/read-only file system/);
  });
});

describe("a user without permission", () => {
  test("is told so", async () => {
    // A server of its own process, which keeps its rights.
    await using own = await ServerProcess.start({ tables: "hdf5" });
    await using client = await connectPlain(own);
    const { fileId } = await uploadTable(numberedColumns(10), "small", { connection: client, parentId: 1 });
    const csv = join(folder, "small.csv");
    await writeFile(csv, "a\n1\n");
    const csvId = (await uploadFile(csv, { connection: client, parentId: 1 })).fileId;
    const closed = mkdtempSync(join(folder, "closed-"));
    const path = join(closed, "target");
    const writers = [
      () => downloadTable({ connection: client, fileId, targetPath: path }),
      () => downloadCsv({ connection: client, fileId: csvId, targetPath: path }),
      () => createTileDB(numberedColumns(10), path),
    ];
    const NOBODY = 65_534;
    process.seteuid!(NOBODY);
    try {
      for (const write of writers) {
        const error = await errorOf(write());
        expect(error).toMatchObject({ name: "FileError", code: "CANNOT_WRITE_FILE", path });
        expect(error.message).toMatch(/permission denied/);
      }
    } finally {
      process.seteuid!(0);
    }
    expect(readdirSync(closed)).toEqual([]);
  });
});

describe("a target", () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(folder, "place-"));
  });
  const theirs = () => join(place, "theirs");
  const target = () => join(place, "target");

  test.each(WRITERS)("that is a link is refused by %s, and what it leads to is not touched", async (_name, write) => {
    await writeFile(theirs(), "theirs");
    for (const leadsTo of [theirs(), join(place, "nowhere")]) {
      await symlink(leadsTo, target());
      expect(await errorOf(write(target()))).toMatchObject({ code: "FILE_EXISTS", path: target() });
      expect(await readlink(target())).toBe(leadsTo);
      rmSync(target());
    }
    expect(readdirSync(place)).toEqual(["theirs"]);
    expect(readFileSync(theirs(), "utf8")).toBe("theirs");
  });

  test.each(WRITERS)("that appears meanwhile is kept by %s", async (_name, write) => {
    const began = vi.waitFor(() => expect(readdirSync(place).length).toBeGreaterThan(0), { interval: 1 });
    const outcome = errorOf(write(target()));
    await began;
    mkdirSync(target());
    await writeFile(join(target(), "file"), "theirs");
    expect(await outcome).toMatchObject({ code: "FILE_EXISTS", path: target() });
    expect(readdirSync(place)).toEqual(["target"]);
    expect(readFileSync(join(target(), "file"), "utf8")).toBe("theirs");
  });
});

describe("the part of a download that goes on later", () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(folder, "parts-"));
  });
  const partPath = () => join(place, `.copy.csv.${sha1.slice(0, 16)}.part`);
  const download = () => downloadFile({ connection, fileId: csvFile, targetPath: join(place, "copy.csv") });

  test("is not a link that somebody has put there", async () => {
    const victim = join(place, "victim");
    await writeFile(victim, "precious");
    for (const leadsTo of [victim, join(place, "nowhere")]) {
      await symlink(leadsTo, partPath());
      const error = await errorOf(download());
      expect(error).toMatchObject({ name: "FileError", code: "CANNOT_WRITE_FILE", path: partPath() });
      expect(error.message).toMatch(/it is a link; remove it/);
      rmSync(partPath());
    }
    expect(readFileSync(victim, "utf8")).toBe("precious");
    expect(existsSync(join(place, "nowhere"))).toBe(false);
  });

  test("is no second name of a file, no folder, no pipe, no file of another user", async () => {
    const victim = join(place, "victim");
    await writeFile(victim, "precious");
    const { execFileSync } = await import("node:child_process");
    const { chownSync, writeFileSync } = await import("node:fs");
    const obstacles: [string, () => unknown][] = [
      ["a second name", () => link(victim, partPath())],
      ["a folder", () => mkdirSync(partPath())],
      ["a pipe", () => execFileSync("mkfifo", [partPath()])],
      ["another user's", () => [writeFileSync(partPath(), "a,b\n"), chownSync(partPath(), 65_534, 65_534)]],
    ];
    for (const [what, put] of obstacles) {
      await put();
      const before = lstatSync(partPath()).size;
      expect(await errorOf(download()), what).toMatchObject({ code: "CANNOT_WRITE_FILE", path: partPath() });
      expect(lstatSync(partPath()).size).toBe(before);
      rmSync(partPath(), { recursive: true });
    }
    expect(readFileSync(victim, "utf8")).toBe("precious");
    await download();
    expect(readFileSync(join(place, "copy.csv")).equals(CSV)).toBe(true);
  });

  test("is shared by downloads of one file to one place: one of them makes the file", async () => {
    const outcomes = await Promise.allSettled([download(), download(), download()]);
    const failed = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    for (const error of failed) expect(error).toMatchObject({ code: "FILE_EXISTS" });
    expect(failed.length).toBeLessThan(3);
    expect(readFileSync(join(place, "copy.csv")).equals(CSV)).toBe(true);
    expect(readdirSync(place)).toEqual(["copy.csv"]);
  });
});
