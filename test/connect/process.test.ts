import { type ChildProcess, spawn } from "node:child_process";
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

/** Runs a program that connects; once it has said "ready", `onReady` is done with it. */
async function run(program: string, tls: boolean, onReady: (child: ChildProcess) => unknown = () => {}) {
  const address = tls ? `127.0.0.1:${server.tlsPort}` : `tcp://127.0.0.1:${server.port}`;
  const options = JSON.stringify({ server: address, ...USER, interactive: false });
  const script = `import { connectToOmero } from ${JSON.stringify(CONNECT)};
    const connection = await connectToOmero(${options});
    ${program}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
  let output = "";
  child.stdout.on("data", (chunk) => {
    const wasReady = output.includes("ready");
    output += chunk;
    if (!wasReady && output.includes("ready")) onReady(child);
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

test("a program whose server has gone ends by itself", async () => {
  await using mortal = await startLabServer();
  const kept = server;
  server = mortal;
  const program = 'console.log("ready"); await new Promise((resolve) => setTimeout(resolve, 500));';
  const ended = run(`connection.on("lost", () => console.log("lost")); ${program}`, false, () => mortal.kill());
  server = kept;
  const { code, output } = await ended;
  expect([code, output]).toEqual([0, "ready\nlost\n"]);
});

test.each([
  ["lets the process end", "", "given up\n"],
  [
    "is waited for by the next",
    "await store.service.exists().catch(() => console.log('answered'));",
    "given up\nanswered\n",
  ],
])("a call to a service with a state that was given up %s", async (_name, next, output) => {
  await using slow = await startLabServer({
    beforeCall: ({ operation }) =>
      operation === "getFileId"
        ? new Promise((resolve) => setTimeout(resolve, next === "" ? 60_000 : 1500))
        : undefined,
  });
  const kept = server;
  server = slow;
  const ended = run(
    `const store = connection.openStateful("::omero::api::RawFileStore");
    const signal = AbortSignal.timeout(200);
    await store.service.getFileId({ signal }).catch(() => console.log("given up"));
    ${next}`,
    false,
  );
  server = kept;
  expect(await ended).toMatchObject({ code: 0, output });
  expect((await ended).seconds).toBeLessThan(30);
});

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
    const { endedBy } = await run('setInterval(() => {}, 1000); console.log("ready");', tls, (child) =>
      child.kill("SIGTERM"),
    );
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
