/** Sessions and profiles: logging in once, and whom to log in as. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type OmeroServer, startServer } from "../../../../src/server/index.js";
import { commandLine } from "../../command-line.js";

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

let server: OmeroServer;
let folder: string;
let run: ReturnType<typeof commandLine>;
const NOBODY = { OMERO_HOST: "", OMERO_USER: "", OMERO_PASSWORD: "" };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sessions-"));
  server = await startServer();
  run = commandLine(server, folder);
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("login keeps a session that later commands join, and logout ends it", async () => {
  expect(await run(["login"])).toMatchObject({ code: 0, output: expect.stringContaining("as user, group ") });
  const base = join(folder, "sessions");
  const host = encodeURIComponent("tcp://127.0.0.1");
  const [key] = readdirSync(join(base, host, "user")).filter((name) => !name.startsWith("."));
  const kept = join(base, host, "user", key!);
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  expect(readFileSync(kept, "utf8")).toBe(
    `omero.host=tcp://127.0.0.1\nomero.user=user\nomero.sess=${key}\nomero.port=${server.port}\n`,
  );
  expect(readFileSync(join(base, "._LASTHOST_"), "utf8")).toBe("tcp://127.0.0.1");

  const address = `tcp://127.0.0.1:${server.port}`;
  expect(JSON.parse((await run(["sessions", "--json"], NOBODY)).output)).toEqual({
    server: address,
    user: "user",
    group: "",
    state: "lives",
  });
  expect(await run(["files", "ls", "Image:1"], NOBODY)).toMatchObject({ code: 0 });
  expect(await run(["logout", "--user", "other"], NOBODY)).toMatchObject({
    code: 0,
    errors: "omero2frame: no session is kept\n",
  });
  expect((await run(["logout"], NOBODY)).output).toBe("1 session forgotten, 1 of which still lived\n");
  expect(await run(["files", "ls", "Image:1"], NOBODY)).toMatchObject({ code: 4 });
  expect(await run(["sessions"], NOBODY)).toMatchObject({ code: 1 });
});

test("a profile says the server and the user, unless the command line does", async () => {
  const config = join(folder, ".config", "omero2frame");
  mkdirSync(config, { recursive: true });
  const write = (profiles: object, more = {}) =>
    writeFileSync(join(config, "config.json"), JSON.stringify({ profiles, ...more }));
  const lab = { server: `tcp://127.0.0.1:${server.port}`, user: "user" };
  const password = { ...NOBODY, OMERO_PASSWORD: "pass" };
  write({ lab, other: { server: "tcp://127.0.0.1:1" } }, { default: "lab" });
  expect((await run(["files", "ls", "Image:1", "--profile", "lab"], { ...password, OMERO_PASSWORD: "" })).code).toBe(4);
  expect(await run(["login", "--profile", "lab", "--password"], password)).toMatchObject({ code: 2 });
  const named = await run(["files", "ls", "Image:1", "--profile", "other", "--session-key", "x"], password);
  expect(named).toMatchObject({ code: 1, errors: expect.stringContaining("127.0.0.1:1") });
  const overruled = await run(["files", "ls", "Image:1", "--profile", "other", "-s", lab.server, "-k", "x"], password);
  expect(overruled.errors).not.toContain("127.0.0.1:1 ");
  const chosen = await run(["files", "ls", "Image:1", "-k", "x"], password);
  expect(chosen.errors).toContain(String(server.port));
  const missing = await run(["files", "ls", "Image:1", "--profile", "labb"], password);
  expect(missing).toMatchObject({ code: 1, errors: expect.stringContaining('did you mean "lab"?') });
  write({ lab: { ...lab, password: "secret" } });
  const refused = await run(["files", "ls", "Image:1", "--profile", "lab"], password);
  expect(refused.errors).toMatch(/profile "lab" has "password"; there are server, port, user, group, verify/);
  expect(refused.errors).not.toContain("secret");
});
