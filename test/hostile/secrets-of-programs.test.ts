/** Passwords, session keys and tokens stay out of all that programs print and log. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { rstring } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { TestClient } from "../server/client.js";
import { callTo } from "../support/calls.js";
import { Ears } from "./ears.js";
import { ManglingProxy, withBody } from "./mangling-proxy.js";
import { KEY, listening, PASSWORD, TOKEN, WRONG_PASSWORD } from "./marked-secrets.js";

let server: OmeroServer;
let ears: Ears;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
  server = await startServer({ tables: "memory", users: [{ name: "ana", password: PASSWORD, groups: ["lab"] }] });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  ears = new Ears();
  ears.keepSecret(PASSWORD, WRONG_PASSWORD, KEY, TOKEN);
  ears.listen();
});
afterEach(() => {
  ears.stopListening();
  expect(ears.secretsHeard()).toEqual([]);
  expect(ears.amount).toBeGreaterThan(0);
});

const address = (port = server.port) => `tcp://127.0.0.1:${port}`;

test("the command line prints none", async () => {
  const program = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  const table = ["--user", "ana", "--file-id", "5"];
  const runs: [string[], Record<string, string>][] = [
    [["columns", "--server", address(), ...table], { OMERO_PASSWORD: WRONG_PASSWORD }],
    [["columns", "--server", address(), ...table], { OMERO_PASSWORD: PASSWORD }],
    [["columns", "--server", "tcp://127.0.0.1:9", ...table], { OMERO_PASSWORD: PASSWORD }],
    [["columns", "--server", `ana:${PASSWORD}@127.0.0.1`, ...table], {}],
    [
      ["columns", "--server", address(), "--session-key", KEY, "--file-id", "5"],
      { DEBUG: "*", NODE_DEBUG: "net,stream" },
    ],
    [["columns", ...table, `--password=${PASSWORD}`], {}],
    [["columns", ...table, `-w${PASSWORD}`], {}],
    [["head", `--sesion-key=${KEY}`], {}],
    [[`--password=${PASSWORD}`, "columns"], {}],
    [["delete", "--session-key", KEY, "--file-id", "5", "--server", "tcp://127.0.0.1:9"], {}],
    [
      ["upload", "/nowhere.csv", "t", "--link", "Image:1", "--server", address(), "--user", "ana"],
      { OMERO_PASSWORD: PASSWORD },
    ],
    ...["columns", "upload"].map((command): [string[], Record<string, string>] => [
      ["help", command, "no such command"],
      { OMERO_PASSWORD: PASSWORD, OMERO_SESSION: KEY },
    ]),
  ];
  const printed = runs.map(async ([args, env]) => {
    const home = { HOME: folder, PATH: process.env.PATH };
    const child = spawn(process.execPath, ["--import", "tsx", program, ...args], { env: { ...home, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        output += text;
      });
    }
    const [code] = (await once(child, "close")) as [number];
    expect(output).not.toBe("");
    if (args[0] !== "help") expect(code).toBeGreaterThan(0);
    ears.hear(output);
  });
  await Promise.all(printed);
});

test("a process that waits shows none to those who list processes", async () => {
  const program = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  await using silent = await listening(() => {});
  const args = ["columns", "--server", address(silent.port), "--user", "ana", "--file-id", "5"];
  const env = { HOME: folder, PATH: process.env.PATH, OMERO_PASSWORD: PASSWORD };
  const child = spawn(process.execPath, ["--import", "tsx", program, ...args], { env });
  ears.hear(child.spawnargs);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const listed = spawn("ps", ["-o", "args=", "-p", String(child.pid)]);
  let output = "";
  listed.stdout.on("data", (text) => {
    output += text;
  });
  await once(listed, "close");
  expect(output).toContain("columns");
  ears.hear(output);
  child.kill();
  await once(child, "close");
});

test("a server is printed without its users' passwords, and tells nobody a new one", async () => {
  const changed = "marked-changed-password-93aa";
  ears.keepSecret(changed);
  await using printed = await startServer({
    tables: "memory",
    users: [
      { name: "ana", password: PASSWORD, groups: ["lab"] },
      { name: "root", password: WRONG_PASSWORD },
    ],
    log: ears.hear,
  });
  ears.hear(printed, { ...printed }, await printed.contents());
  const [ana, root] = [
    await TestClient.logIn(printed, { user: "ana", password: PASSWORD }),
    await TestClient.logIn(printed, { user: "root", password: WRONG_PASSWORD }),
  ];
  ears.keepSecret(ana.sessionUuid, root.sessionUuid);
  const everywhere = { context: { "omero.group": "-1" } };
  await (await ana.admin()).changePasswordWithOldPassword(rstring(PASSWORD), rstring(changed)).catch(ears.hear);
  // An administrator sees sessions, whose keys are no secret to him; of passwords he sees nothing either.
  for (const type of ["Experimenter", "IObject", "Event"]) {
    const query = await root.query();
    ears.hear(await query.findAllByQuery(`from ${type} o`, null, everywhere).catch((error) => error));
  }
  ears.hear(await (await root.admin()).lookupExperimenters());
  for (const client of [ana, root]) await client[Symbol.asyncDispose]();
  ears.hear(printed, await printed.contents());
});

test("a server's log has neither passwords nor keys", async () => {
  await using logging = await startServer({
    tables: "memory",
    users: [{ name: "ana", password: PASSWORD, groups: ["lab"] }],
    log: ears.hear,
  });
  for (const password of [PASSWORD, WRONG_PASSWORD]) {
    await TestClient.logIn(logging, { user: "ana", password }).then(
      async (client) => {
        ears.keepSecret(client.sessionUuid);
        const store = await client.rawFileStore();
        await store.setFileId(77n).catch(() => {});
        await (await client.query()).findAllByQuery(`from ${PASSWORD}`, null).catch(() => {});
        await client.ice.invoke(callTo(client.factoryProxy, "getByName", 1, new Uint8Array(2))).catch(() => {});
        await client[Symbol.asyncDispose]();
      },
      () => {},
    );
  }
  await TestClient.logIn(logging, { user: KEY, password: KEY }).catch(() => {});
  // A log-in cut short in the middle of the password.
  await using proxy = await ManglingProxy.start(logging.port, (message, direction) => {
    const at = message.indexOf(PASSWORD);
    return direction === "toServer" && at > 0 ? withBody(message, message.subarray(14, at + 5)) : message;
  });
  await TestClient.logIn({ host: "127.0.0.1", port: proxy.port } as OmeroServer, {
    user: "ana",
    password: PASSWORD,
  }).catch(ears.hear);
  ears.hear(await logging.contents());
});
