import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { OmeroServer } from "../../src/server/index.js";
import { startLabServer, USER } from "./embedded.js";

let server: OmeroServer;
beforeAll(async () => {
  server = await startLabServer();
});
afterAll(() => server.close());

const CONNECT = new URL("../../src/connect/index.ts", import.meta.url).href;

/** Runs a program that connects; once it has said "ready" it is sent a signal. */
async function run(program: string, tls: boolean, signal?: NodeJS.Signals) {
  const address = tls ? `127.0.0.1:${server.tlsPort}` : `tcp://127.0.0.1:${server.port}`;
  const options = JSON.stringify({ server: address, ...USER, interactive: false });
  const script = `import { connectToOmero } from ${JSON.stringify(CONNECT)};
    const connection = await connectToOmero(${options});
    ${program}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
    if (signal && output.includes("ready")) child.kill(signal);
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const started = performance.now();
  const [code, endedBy] = await once(child, "close");
  return { code, endedBy, output, seconds: (performance.now() - started) / 1000 };
}

/** All sessions have ended. */
const noSessions = () =>
  vi.waitFor(async () => expect((await server.contents()).sessions).toEqual([]), { timeout: 5000 });

describe.each([
  ["tcp", false],
  ["TLS", true],
])("a program that leaves its connection open over %s", (_name, tls) => {
  test("ends by itself, and so does its session", async () => {
    const { code, output, seconds } = await run("await connection.getUser();", tls);
    expect([code, output]).toEqual([0, ""]);
    expect(seconds).toBeLessThan(10);
    await noSessions();
  });

  test("and calls process.exit has its session end", async () => {
    const { code } = await run("process.exit(3);", tls);
    expect(code).toBe(3);
    await noSessions();
  });

  test("and is terminated has its session end", async () => {
    const { endedBy } = await run('setInterval(() => {}, 1000); console.log("ready");', tls, "SIGTERM");
    expect(endedBy).toBe("SIGTERM");
    await noSessions();
  });

  test("and fails has its session end", async () => {
    const { code, output } = await run('throw new Error("failed program");', tls);
    expect(code).toBe(1);
    expect(output).toContain("failed program");
    expect(output).not.toContain(USER.password);
    await noSessions();
  });
});
