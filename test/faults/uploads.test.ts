/** Uploads and changes through a network that fails: whole, or an error and nothing left. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { readBatches } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import {
  appendRows,
  deleteTable,
  type UploadOptions,
  type UploadResult,
  updateRows,
  uploadTable,
} from "../../src/write/index.js";
import { connectPlain } from "../connect/embedded.js";
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
  withFault,
} from "./lab.js";
import type { Fault } from "./proxy.js";
import { describeFault, faultsAtBoundaries, faultsWithin, recordTraffic } from "./traffic.js";

const ROWS = 1000;
const CHUNK = 300;
const KINDS = ["cut", "reset", "halfClose"] as const;

let server: OmeroServer;
/** An honest connection. */
let connection: OmeroConnection;
let filesOpen: string[];
let folder: string;
let csvPath: string;

beforeAll(async () => {
  server = await startFaultLab({ tables: "hdf5", idleTimeout: 10_000 });
  connection = await connectPlain(server, { keepAlive: 1 });
  filesOpen = openFiles();
  folder = mkdtempSync(join(tmpdir(), "uploads-"));
  csvPath = join(folder, "numbered.csv");
  const { image, area, name, ok } = numberedColumns(ROWS);
  const lines = image!.map((number, row) => `${number},${area![row]},${name![row]},${ok![row] ? "True" : "False"}`);
  writeFileSync(csvPath, `image,area,name,ok\n${lines.join("\n")}\n`);
});
afterAll(async () => {
  await connection.close();
  await expectQuiet(server);
  expect(openFiles()).toEqual(filesOpen);
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function rowsOf(fileId: bigint) {
  return collect(readBatches({ connection, fileId, route: "service" }));
}

const everyRow = Array.from({ length: ROWS }, (_, row) => row);

/** A fault at each message of honest work, and some within them. */
async function faultsOf(work: (port: number) => Promise<unknown>, seed: number): Promise<Fault[]> {
  const traffic = await recordTraffic(server.port, work);
  return [...faultsAtBoundaries(traffic, KINDS, seed), ...faultsWithin(traffic, KINDS, 12, seed)];
}

const SOURCES: [string, (options: UploadOptions) => Promise<UploadResult>][] = [
  ["from columns", (options) => uploadTable(numberedColumns(ROWS), "uploaded", options)],
  ["from CSV", (options) => uploadTable(csvPath, "uploaded", options)],
  ["as a file", (options) => uploadTable(numberedColumns(ROWS), "uploaded", { ...options, route: "file" })],
];

describe.each(SOURCES)("a table %s", (_name, upload) => {
  const options = (port: number): UploadOptions => ({
    ...throughProxy(port),
    parentId: 1,
    chunkSize: CHUNK,
    metadata: { version: 3 },
    onWarning: () => {},
  });

  test("is there whole and attached, or nothing of it is", async () => {
    const faults = await faultsOf(async (port) => {
      const { fileId } = await upload(options(port));
      expect((await rowsOf(BigInt(fileId))).numbers).toEqual(everyRow);
      await deleteTable({ connection, fileId });
    }, 5);
    const held = lasting(await server.contents());
    const outcomes: Record<string, number> = {};
    for (const fault of faults) {
      const outcome = await outcomeOf(withFault(server, fault, (port) => upload(options(port))));
      if ("value" in outcome) {
        const { fileId, annotationId, rowCount } = outcome.value;
        expect(rowCount).toBe(ROWS);
        const rows = await rowsOf(BigInt(fileId));
        expect(rows.numbers, describeFault(fault)).toEqual(everyRow);
        expect(rows.cells, describeFault(fault)).toEqual(numberedCells(ROWS));
        const { links } = await server.contents();
        expect(links.filter(({ child }) => Number(child.id) === annotationId)).toHaveLength(1);
        await deleteTable({ connection, fileId });
      } else {
        expect(outcome.error.message, describeFault(fault)).not.toMatch(/remains|could not be found out/);
      }
      const code = "value" in outcome ? "whole" : outcome.error.code;
      outcomes[code] = (outcomes[code] ?? 0) + 1;
      // The server may still be at a call of the connection that was cut.
      await expect
        .poll(async () => lasting(await server.contents()), { timeout: 5000, message: describeFault(fault) })
        .toEqual(held);
    }
    console.log(`${faults.length} faults:`, outcomes);
    expect(outcomes.whole).toBeGreaterThan(0);
    expect(outcomes.UPLOAD_FAILED).toBeGreaterThan(0);
  });
});

test("a table that replaces another: one of them is there, whole", async () => {
  const replacing = (port: number): UploadOptions => {
    const onWarning = (warning: string) => void warnings.push(warning);
    return { ...throughProxy(port), parentId: 1, chunkSize: CHUNK, replace: true, onWarning };
  };
  const warnings: string[] = [];
  const store = () => uploadTable(numberedColumns(10), "replaced", { connection, parentId: 1, replace: true });
  await store();
  const faults = await faultsOf((port) => uploadTable(numberedColumns(ROWS), "replaced", replacing(port)), 6);
  const outcomes: Record<string, number> = {};
  for (const fault of faults) {
    const old = await store();
    warnings.length = 0;
    const outcome = await outcomeOf(
      withFault(server, fault, (port) => uploadTable(numberedColumns(ROWS), "replaced", replacing(port))),
    );
    const named = async () =>
      (await server.contents()).files.filter(({ name }) => name === "replaced").map(({ id }) => Number(id));
    if ("error" in outcome) {
      await expect.poll(named, { timeout: 5000, message: describeFault(fault) }).toEqual([Number(old.fileId)]);
      expect((await rowsOf(BigInt(old.fileId))).cells).toEqual(numberedCells(10));
    } else {
      const { fileId } = outcome.value;
      expect((await rowsOf(BigInt(fileId))).cells, describeFault(fault)).toEqual(numberedCells(ROWS));
      if (warnings.length === 0) expect(await named(), describeFault(fault)).toEqual([fileId]);
      // Whether the old one has gone is not known where the answer was lost; that is what the warning is for.
      else expect([old.fileId, fileId]).toEqual(expect.arrayContaining(await named()));
      for (const id of await named()) await deleteTable({ connection, fileId: id });
    }
    const code = "error" in outcome ? outcome.error.code : warnings.length > 0 ? "replaced with a warning" : "replaced";
    outcomes[code] = (outcomes[code] ?? 0) + 1;
  }
  console.log(`${faults.length} faults:`, outcomes);
  expect(outcomes.replaced).toBeGreaterThan(0);
  for (const { id } of (await server.contents()).files.filter(({ name }) => name === "replaced")) {
    await deleteTable({ connection, fileId: id });
  }
});

test("appended rows are there once and in order, as many as the error says", async () => {
  const held = lasting(await server.contents());
  const append = (port: number, fileId: bigint) =>
    appendRows(numberedColumns(ROWS, 50), { ...throughProxy(port), fileId, chunkSize: CHUNK });
  const fresh = () => storeTable(server, 50, "appended");
  const first = await fresh();
  const faults = await faultsOf((port) => append(port, BigInt(first)), 7);
  await deleteTable({ connection, fileId: first });
  const outcomes: Record<string, number> = {};
  for (const fault of faults) {
    const fileId = await fresh();
    const outcome = await outcomeOf(withFault(server, fault, (port) => append(port, BigInt(fileId))));
    const { numbers, cells } = await rowsOf(BigInt(fileId));
    expect(numbers).toEqual(everyRow.concat(everyRow.slice(0, 50).map((row) => row + ROWS)).slice(0, numbers.length));
    expect(cells, describeFault(fault)).toEqual(numberedCells(numbers.length));
    if ("value" in outcome) expect(numbers).toHaveLength(ROWS + 50);
    else checkAppended(outcome.error.code, numbers.length - 50);
    const code = "value" in outcome ? "appended" : outcome.error.code;
    outcomes[code] = (outcomes[code] ?? 0) + 1;
    await deleteTable({ connection, fileId });
  }
  console.log(`${faults.length} faults:`, outcomes);
  expect(outcomes.appended).toBeGreaterThan(0);
  expect(outcomes.WRITE_FAILED).toBeGreaterThan(0);
  await expect.poll(async () => lasting(await server.contents()), { timeout: 5000 }).toEqual(held);
});

/** Rows come in whole calls. Before any is sent the connection itself may be lost. */
function checkAppended(code: string, rows: number): void {
  if (code !== "WRITE_FAILED") expect(code).toMatch(/^CONNECTION_/);
  expect(rows % CHUNK === 0 || rows === ROWS).toBe(true);
}

test("updated rows hold old or new values, whole, and can be updated again", async () => {
  const held = lasting(await server.contents());
  const fileId = await storeTable(server, ROWS, "updated");
  const values = (round: number) => everyRow.map((row) => row + round * 10_000);
  const update = (port: number, round: number) =>
    updateRows({ image: values(round) }, { ...throughProxy(port), fileId, rows: everyRow, chunkSize: CHUNK });
  const faults = await faultsOf((port) => update(port, 1), 8);
  let before = values(1);
  let round = 1;
  const outcomes: Record<string, number> = {};
  for (const fault of faults) {
    round++;
    const outcome = await outcomeOf(withFault(server, fault, (port) => update(port, round)));
    const { numbers, cells } = await rowsOf(BigInt(fileId));
    const images = (cells[0] as bigint[]).map(Number);
    const changed = images.findIndex((value, row) => value !== values(round)[row]);
    const expected = changed < 0 ? values(round) : [...values(round).slice(0, changed), ...before.slice(changed)];
    expect(images, describeFault(fault)).toEqual(expected);
    expect(numbers).toEqual(everyRow);
    expect(cells.slice(1)).toEqual(numberedCells(ROWS).slice(1));
    if ("value" in outcome) expect(changed).toBe(-1);
    else expect(outcome.error.code).toMatch(/^(WRITE_FAILED|CONNECTION_)/);
    if (changed >= 0) expect(changed % CHUNK).toBe(0);
    before = images;
    const code = "value" in outcome ? "updated" : outcome.error.code;
    outcomes[code] = (outcomes[code] ?? 0) + 1;
  }
  console.log(`${faults.length} faults:`, outcomes);
  expect(outcomes.updated).toBeGreaterThan(0);
  expect(outcomes.WRITE_FAILED).toBeGreaterThan(0);
  await deleteTable({ connection, fileId });
  await expect.poll(async () => lasting(await server.contents()), { timeout: 5000 }).toEqual(held);
});

test("a file is there whole and attached, or nothing of it is", async () => {
  const upload = (port: number) => uploadFile(csvPath, { ...throughProxy(port), parentId: 1, chunkSize: 9000 });
  const remove = async (annotationId: number) => {
    const { deleteObjects } = await import("../../src/gateway/delete.js");
    await deleteObjects(connection, { FileAnnotation: [annotationId] });
  };
  const faults = await faultsOf(async (port) => remove((await upload(port)).annotationId), 9);
  const held = lasting(await server.contents());
  const outcomes: Record<string, number> = {};
  for (const fault of faults) {
    const outcome = await outcomeOf(withFault(server, fault, upload));
    if ("value" in outcome) await remove(outcome.value.annotationId);
    const code = "value" in outcome ? "whole" : outcome.error.code;
    outcomes[code] = (outcomes[code] ?? 0) + 1;
    await expect
      .poll(async () => lasting(await server.contents()), { timeout: 5000, message: describeFault(fault) })
      .toEqual(held);
  }
  console.log(`${faults.length} faults:`, outcomes);
  expect(outcomes.whole).toBeGreaterThan(0);
});
