/** Downloads through a network that fails: a file is whole or absent, and interrupted ones go on. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectToOmero } from "../../src/connect/index.js";
import { downloadFile } from "../../src/gateway/files/attached-file.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { downloadCsv, downloadTable } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { connectPlain } from "../connect/embedded.js";
import { expectQuiet, openFiles, outcomeOf, startFaultLab, storeTable, throughProxy, withFault } from "./lab.js";
import { type Fault, FaultProxy } from "./proxy.js";
import { describeFault, faultsAtBoundaries, faultsWithin, recordTraffic } from "./traffic.js";

const ROWS = 2000;
const KINDS = ["cut", "reset", "halfClose"] as const;

let server: OmeroServer;
let folder: string;
let filesOpen: string[];
let tableFile: number;
let csvFile: number;
let csvText: Buffer;
/** The CSV file that the table becomes. */
let tableText: Buffer;

beforeAll(async () => {
  server = await startFaultLab({ tables: "hdf5" });
  folder = mkdtempSync(join(tmpdir(), "downloads-"));
  tableFile = await storeTable(server, ROWS);
  csvText = Buffer.from(
    `a,b\n${Array.from({ length: 3000 }, (_, row) => `${row},${randomBytes(6).toString("hex")}`).join("\n")}\n`,
  );
  const source = join(folder, "source.csv");
  await writeFile(source, csvText);
  const connection = await connectPlain(server);
  csvFile = (await uploadFile(source, { connection, parentId: 1 })).fileId;
  await downloadTable({ connection, fileId: tableFile, targetPath: join(folder, "honest.csv"), route: "service" });
  tableText = readFileSync(join(folder, "honest.csv"));
  await connection.close();
  await expectQuiet(server);
  filesOpen = openFiles();
});
afterAll(async () => {
  expect(openFiles()).toEqual(filesOpen);
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

let target: string;
beforeEach(() => {
  target = mkdtempSync(join(folder, "run-"));
});
afterEach(() => rmSync(target, { recursive: true, force: true }));

/** Downloads, and what the file must hold then. */
const DOWNLOADS: [string, (port: number, targetPath: string) => Promise<number>, () => Buffer][] = [
  [
    "a table by the service",
    (port, targetPath) =>
      downloadTable({ ...throughProxy(port), fileId: tableFile, targetPath, route: "service", chunkSize: 300 }),
    () => tableText,
  ],
  [
    "a table by its file",
    (port, targetPath) => downloadTable({ ...throughProxy(port), fileId: tableFile, targetPath, route: "file" }),
    () => tableText,
  ],
  [
    "an attached CSV file",
    (port, targetPath) => downloadCsv({ ...throughProxy(port), fileId: csvFile, targetPath, chunkSize: 8000 }),
    () => csvText,
  ],
];

describe.each(DOWNLOADS)("%s", (_name, download, content) => {
  test("is whole or absent after faults at every message and at random bytes", async () => {
    const honest = join(target, "honest");
    const traffic = await recordTraffic(server.port, (port) => download(port, honest));
    expect(readFileSync(honest).equals(content())).toBe(true);
    rmSync(honest);
    const faults = [
      ...faultsAtBoundaries(traffic, KINDS, traffic.toServer.length),
      ...faultsWithin(traffic, KINDS, 15, traffic.toClient.length),
    ];
    const outcomes: Record<string, number> = {};
    for (let first = 0; first < faults.length; first += 4) {
      const some = faults.slice(first, first + 4).map((fault, index) => check(fault, `file ${first + index}`));
      for (const outcome of await Promise.all(some)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    console.log(`${faults.length} faults:`, outcomes);
    expect(outcomes.whole).toBeGreaterThan(faults.length / 3);
    await expectQuiet(server);
  });

  async function check(fault: Fault, name: string): Promise<string> {
    const path = join(target, name);
    const outcome = await outcomeOf(withFault(server, fault, (port) => download(port, path)));
    const left = readdirSync(target).filter((file) => file.includes(name));
    if ("value" in outcome) {
      expect([describeFault(fault), left]).toEqual([describeFault(fault), [name]]);
      expect(readFileSync(path).equals(content()), describeFault(fault)).toBe(true);
      rmSync(path);
      return "whole";
    }
    expect([describeFault(fault), left]).toEqual([describeFault(fault), []]);
    expect(outcome.error.code).toMatch(/^CONNECTION_/);
    return outcome.error.code;
  }
});

test("an attached file that was interrupted goes on where it stopped", async () => {
  const path = join(target, "resumed.csv");
  const login = { fileId: csvFile, targetPath: path, chunkSize: 4000 };
  await using proxy = await FaultProxy.start(server.port);
  const options = throughProxy(proxy.port, { reconnectTimeout: 0 });
  const seen: number[] = [];
  const interrupted = downloadFile({
    ...options,
    ...login,
    onProgress: ({ done }) => {
      seen.push(done);
      if (done < csvText.length / 2) return;
      proxy.behaviour.refuse = true;
      proxy.cutAll();
    },
  });
  await expect(interrupted).rejects.toMatchObject({ name: "ConnectionError" });
  expect(readdirSync(target)).toEqual([expect.stringMatching(/^\.resumed\.csv\.[0-9a-f]{16}\.part$/)]);
  proxy.behaviour.refuse = false;
  const received = proxy.bytes.toClient;
  let first: number | undefined;
  const onProgress = ({ done }: { done: number }) => {
    first ??= done;
  };
  expect(await downloadFile({ ...options, ...login, onProgress })).toBe(csvText.length);
  expect(first).toBeGreaterThanOrEqual(csvText.length / 2);
  expect(proxy.bytes.toClient - received).toBeLessThan(csvText.length);
  expect(readdirSync(target)).toEqual(["resumed.csv"]);
  expect(sha1(readFileSync(path))).toBe(sha1(csvText));
  await expectQuiet(server);
});

test("an attached file damaged between two parts is fetched anew", async () => {
  const path = join(target, "resumed.csv");
  const connection = await connectToOmero(throughProxy(server.port));
  const part = join(target, `.resumed.csv.${sha1(csvText).slice(0, 16)}.part`);
  const damaged = Buffer.from(csvText.subarray(0, 20_000));
  damaged[10_000]! ^= 1;
  await writeFile(part, damaged);
  expect(await downloadFile({ connection, fileId: csvFile, targetPath: path })).toBe(csvText.length);
  expect(readdirSync(target)).toEqual(["resumed.csv"]);
  expect(sha1(readFileSync(path))).toBe(sha1(csvText));
  await connection.close();
});

function sha1(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}
