/** Programs whose connections fail in one way or another: nothing of ours keeps them running, no handle and no timer is left. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroServer } from "../../src/server/index.js";
import { USER } from "../connect/embedded.js";
import { expectQuiet, startFaultLab, storeTable } from "./lab.js";
import { type Fault, FaultProxy, type ProxyBehaviour } from "./proxy.js";

let server: OmeroServer;
let fileId: number;
let folder: string;
beforeAll(async () => {
  server = await startFaultLab({ tables: "hdf5" });
  fileId = await storeTable(server, 2000);
  folder = mkdtempSync(join(tmpdir(), "exit-"));
});
afterAll(async () => {
  await expectQuiet(server);
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const INDEX = new URL("../../src/index.ts", import.meta.url).href;

/**
 * What a program does, `login` and `fileId` being given. Timers are counted as they are made and end, those included
 * that do not keep a process alive.
 */
function programOf(work: string, port: number): string {
  const login = { server: `tcp://127.0.0.1:${port}`, ...USER, interactive: false, allowToken: false };
  return `import { createHook } from "node:async_hooks";
    const timers = new Set();
    const init = (id, type) => type === "Timeout" && timers.add(id);
    createHook({ init, destroy: (id) => timers.delete(id) }).enable();
    const { connectToOmero, readBatches, readArrow, downloadTable, uploadTable } = await import(${JSON.stringify(INDEX)});
    const login = { ...${JSON.stringify(login)}, connectTimeout: 10_000, reconnectTimeout: 1000, stallTimeout: 1000 };
    const fileId = ${fileId}n;
    const path = ${JSON.stringify(folder)} + "/" + process.pid;
    const turns = async () => { for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve)); };
    const held = () => process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY|FSReq)/.test(name));
    const fails = async (work) => { try { await work; } catch (error) { return error.code; } return "no failure"; };
    const told = await (async () => { ${work} })();
    await turns();
    console.log(JSON.stringify({ told, held: held(), timers: timers.size }));`;
}

interface Ended {
  readonly report: { told?: unknown; held: string[]; timers: number };
  /** Seconds from the report to the end. */
  readonly seconds: number;
  readonly code: number | null;
}

/** Runs a program that is to end by itself. */
async function run(work: string, port: number): Promise<Ended> {
  const args = ["--import", "tsx", "--input-type=module", "-e", programOf(work, port)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  let reported = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    reported ||= performance.now();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const killing = setTimeout(() => child.kill("SIGKILL"), 30_000);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(killing);
  expect(errors).toBe("");
  return { report: JSON.parse(output), seconds: (performance.now() - reported) / 1000, code };
}

const first = (fault: Fault): ProxyBehaviour => ({ faultOf: (number) => (number === 0 ? fault : undefined) });
/** In the middle of the rows. */
const LATER = { direction: "toClient", after: 30_000 } as const;
const SELECTION = 'fileId, route: "service", chunkSize: 100';

const CLOSED: [string, string, ProxyBehaviour, unknown][] = [
  ["a connection", "const connection = await connectToOmero(login); await connection.close();", {}, undefined],
  [
    "a connection that is refused",
    "return fails(connectToOmero({ ...login, server: 'tcp://127.0.0.1:1' }));",
    {},
    "CONNECTION_REFUSED",
  ],
  ["a wrong password", "return fails(connectToOmero({ ...login, password: 'wrong' }));", {}, "WRONG_CREDENTIALS"],
  [
    "a server that never speaks",
    "return fails(connectToOmero({ ...login, connectTimeout: 300 }));",
    { ignore: true },
    "CONNECTION_TIMEOUT",
  ],
  [
    "a silence at log-in",
    "return fails(connectToOmero(login));",
    first({ kind: "silence", direction: "toClient", after: 2, unit: "messages" }),
    expect.stringMatching(/^(CONNECTION_LOST|TIMEOUT)$/),
  ],
  [
    "a read that was aborted",
    `const controller = new AbortController();
     const onProgress = () => controller.abort();
     return fails(readArrow({ ...login, ${SELECTION}, signal: controller.signal, onProgress }));`,
    {},
    "ABORTED",
  ],
  [
    "a loop that was left",
    `for await (const batch of readBatches({ ...login, ${SELECTION} })) return batch.rowCount;`,
    {},
    100,
  ],
  [
    "a read that went on over another connection",
    `return (await readArrow({ ...login, ${SELECTION}, timeout: 60_000 })).numRows;`,
    first({ kind: "reset", ...LATER }),
    2000,
  ],
  [
    "a read that went on after a silence",
    `return (await readArrow({ ...login, ${SELECTION}, keepAlive: false })).numRows;`,
    first({ kind: "silence", ...LATER }),
    2000,
  ],
  [
    "a download that failed",
    `return fails(downloadTable({ ...login, ${SELECTION}, targetPath: path, timeout: 200, stallTimeout: 5000 }));`,
    first({ kind: "silence", ...LATER }),
    "TIMEOUT",
  ],
  [
    "an upload that failed",
    `const image = Array.from({ length: 3000 }, (_, row) => row);
     return fails(uploadTable({ image }, "left", { ...login, parentId: 1, chunkSize: 100, onWarning: () => {} }));`,
    first({ kind: "reset", direction: "toServer", after: 12_000 }),
    "UPLOAD_FAILED",
  ],
];

describe.concurrent("nothing is left, and the process ends, after", () => {
  test.each(CLOSED)("%s", async (_name, work, behaviour, told) => {
    await using proxy = await FaultProxy.start(server.port, behaviour);
    const { report, seconds, code } = await run(work, proxy.port);
    expect(report).toEqual({ ...(told === undefined ? {} : { told }), held: [], timers: 0 });
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(2);
  });
});

const OPEN: [string, string, ProxyBehaviour][] = [
  ["a connection", "await connectToOmero(login);", {}],
  [
    "an iterator that nobody goes on with",
    `globalThis.batches = readBatches({ ...login, ${SELECTION} }); await globalThis.batches.next();`,
    {},
  ],
  [
    "a silent connection, and a call on it that nobody waits for",
    `const connection = await connectToOmero({ ...login, keepAlive: false });
     connection.getQueryService().find("Image", 1).catch(() => {});`,
    first({ kind: "silence", direction: "toClient", after: 14, unit: "messages" }),
  ],
];

describe.concurrent("a process ends although it leaves open", () => {
  test.each(OPEN)("%s", async (_name, work, behaviour) => {
    await using proxy = await FaultProxy.start(server.port, behaviour);
    const { code, seconds } = await run(work, proxy.port);
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(6);
  });
});
