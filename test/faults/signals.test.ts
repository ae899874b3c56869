/** Signals to the command line in the midst of its work: it cleans up, says so by its exit code, and leaves the terminal as it was. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OmeroServer } from "../../src/server/index.js";
import { USER } from "../connect/embedded.js";
import { expectQuiet, lasting, numberedColumns, startFaultLab, storeTable } from "./lab.js";
import { FaultProxy } from "./proxy.js";

const ROWS = 30_000;
const CLI = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

let server: OmeroServer;
let tableFile: number;
let folder: string;
let csv: string;
let place: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "signals-"));
  server = await startFaultLab({ tables: "hdf5", idleTimeout: 60_000 });
  tableFile = await storeTable(server, ROWS);
  const { image, area, name } = numberedColumns(ROWS);
  csv = join(folder, "source.csv");
  writeFileSync(
    csv,
    `image,area,name\n${image!.map((value, row) => `${value},${area![row]},${name![row]}`).join("\n")}\n`,
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  place = mkdtempSync(join(folder, "place-"));
});

const download = () => ["download", join(place, "copy.csv"), "--file-id", String(tableFile), "--chunk-size", "500"];
const upload = () => ["upload", csv, "Cells", "--link", "Image:1", "--chunk-size", "500"];

function environment(password = USER.password) {
  return { ...process.env, HOME: folder, OMERO_USERDIR: folder, OMERO_PASSWORD: password };
}

/** Bytes of a transfer that is under way, and no more than begun. */
const UNDER_WAY = 250_000;

/** Runs the command line through a slow proxy; `strike` is called in the midst of the transfer. */
async function run(args: string[], strike: (child: ChildProcess) => void, before: string[] = []) {
  await using proxy = await FaultProxy.start(server.port, { bytesPerSecond: 400_000 });
  const login = ["--server", `tcp://127.0.0.1:${proxy.port}`, "--user", USER.username];
  const command = [...before, process.execPath, "--import", "tsx", CLI, ...args, ...login];
  const child = spawn(command[0]!, command.slice(1), { env: environment() });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  let struckAt = 0;
  proxy.onPiece = () => {
    if (struckAt > 0 || proxy.bytes.toClient + proxy.bytes.toServer < UNDER_WAY) return;
    struckAt = performance.now();
    strike(child);
  };
  const [code, signal] = await once(child, "close");
  expect(struckAt, output).toBeGreaterThan(0);
  return { code, signal, output, seconds: (performance.now() - struckAt) / 1000 };
}

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s", (name, code) => {
  test("ends a download: there is no file, no part of one, and no session", async () => {
    const ended = await run(download(), (child) => child.kill(name));
    expect(ended).toMatchObject({
      code,
      signal: null,
      output: "omero2frame: Reading the table was interrupted\n",
    });
    expect(ended.seconds).toBeLessThan(20);
    expect(readdirSync(place)).toEqual([]);
    await expectQuiet(server);
  });
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends an upload, and nothing of it is on the server", async (name, code) => {
  const held = lasting(await server.contents());
  const { output, ...ended } = await run(upload(), (child) => child.kill(name));
  expect(ended).toMatchObject({ code, signal: null });
  expect(output).toMatch(/^omero2frame: uploadTable was interrupted; what was made of it has been removed\n$/);
  await expectQuiet(server);
  expect(lasting(await server.contents())).toEqual(held);
});

test("a second signal does not wait", async () => {
  const ended = await run(upload(), (child) => {
    child.kill("SIGTERM");
    for (const time of [100, 200, 300]) setTimeout(() => child.kill("SIGTERM"), time);
  });
  expect(ended.code === 143 || ended.signal === "SIGTERM").toBe(true);
  expect(ended.seconds).toBeLessThan(15);
  await expectQuiet(server);
});

describe("on a terminal", () => {
  /** A command in a terminal of its own, followed by what the terminal is set to then. */
  const inTerminal = (command: string) => [
    "script",
    "--quiet",
    "--return",
    "--command",
    `trap : INT; ${command}; echo "code $?"; stty --all`,
    "/dev/null",
  ];
  const quoted = (words: string[]) => words.map((word) => `'${word}'`).join(" ");

  test("Ctrl-C clears the progress bar and leaves the terminal as it was", async () => {
    await using proxy = await FaultProxy.start(server.port, { bytesPerSecond: 400_000 });
    const login = ["--server", `tcp://127.0.0.1:${proxy.port}`, "--user", USER.username];
    const [program, ...args] = inTerminal(quoted([process.execPath, "--import", "tsx", CLI, ...download(), ...login]));
    const child = spawn(program!, args, { env: environment() });
    let output = "";
    child.stdout.on("data", (text) => {
      // Once the bar is seen.
      if (!output.includes(" rows") && `${output}${text}`.includes(" rows")) child.stdin.write("\x03");
      output += text;
    });
    await once(child, "close");
    expect(output).toContain("downloading [");
    expect(output).toContain("\r\x1b[Komero2frame: Reading the table was interrupted\r\ncode 130\r\n");
    expectSaneTerminal(output);
    expect(readdirSync(place)).toEqual([]);
    await expectQuiet(server);
  });

  test.each([
    ["Ctrl-C", 130],
    ["SIGTERM", 143],
  ])("%s at the password prompt leaves the terminal as it was", async (how, code) => {
    const login = ["--server", `tcp://127.0.0.1:${server.port}`, "--user", USER.username];
    const words = [process.execPath, "--import", "tsx", CLI, ...download(), ...login];
    const [program, ...args] = inTerminal(quoted(words));
    const { OMERO_PASSWORD: _, ...env } = environment();
    const child = spawn(program!, args, { env });
    let output = "";
    child.stdout.on("data", (text) => {
      if (!output.includes("Password of") && `${output}${text}`.includes("Password of")) {
        if (how === "Ctrl-C") setTimeout(() => child.stdin.write("\x03"), 200);
        else setTimeout(() => process.kill(childOf(child.pid!), "SIGTERM"), 200);
      }
      output += text;
    });
    await once(child, "close");
    expect(output).toContain(`code ${code}\r\n`);
    expectSaneTerminal(output);
    expect(readdirSync(place)).toEqual([]);
  });

  function expectSaneTerminal(output: string): void {
    const settings = output.slice(output.indexOf("speed"));
    for (const setting of ["echo", "icanon", "isig", "icrnl", "opost"]) {
      expect(settings.split(/[\s;]+/)).toContain(setting);
    }
  }

  /** The newest process below a process: the program that `script` has its shell run. */
  function childOf(parent: number): number {
    const parents = new Map<number, number>();
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      const found = parentOf(Number(name));
      if (found !== undefined) parents.set(found, Number(name));
    }
    let last = parent;
    while (parents.has(last)) last = parents.get(last)!;
    return last;
  }
});

function parentOf(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^PPid:\s+(\d+)/m.exec(status)![1]);
  } catch {
    return undefined;
  }
}
