/** `omero2frame clean` at a terminal: it shows what it would remove, asks, and does as it is told. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { field } from "../../../src/columns/batch.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { newTable } from "../../../src/gateway/tables/open-table.js";
import { listOrphanTables } from "../../../src/gateway/tables/orphan-tables.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer, USER } from "../../connect/embedded.js";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const QUESTION = "? yes or no [no]: ";

let server: OmeroServer;
let connection: OmeroConnection;
let other: OmeroConnection;
let folder: string;
/** Tables of this user that are attached to nothing. */
let orphans: number[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "clean-"));
  server = await startLabServer();
  connection = await connectPlain(server);
  other = await connectPlain(server, { username: "ben", password: "pass-ben" });
  await uploadTable({ a: [1] }, "attached", { connection, parentId: 1 });
  await lone(other, "another's");
});
afterAll(async () => {
  await connection.close();
  await other.close();
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  orphans = [await lone(connection, "lone"), await lone(connection, "wicked\u001b[2J")];
});

async function lone(on: OmeroConnection, name: string): Promise<number> {
  await using table = await newTable(on, name);
  await table.initialize([field("a", "Long")]);
  return table.file.id;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs it on a terminal of its own, and types the answer when it asks, or once `meanwhile` is done. */
async function clean(answer: string, { args = [] as string[], meanwhile = async () => {} } = {}) {
  const command = [process.execPath, "--import", "tsx", MAIN, "clean", "--older-than", "0", ...args];
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    TERM: "dumb",
    OMERO_HOST: `tcp://127.0.0.1:${server.port}`,
    OMERO_USER: USER.username,
    OMERO_PASSWORD: USER.password,
  };
  const terminal = ["--quiet", "--return", "--command", command.map(quoted).join(" "), "/dev/null"];
  const child = spawn("script", terminal, { env });
  let shown = "";
  let isAsked = false;
  child.stdout.on("data", async (text) => {
    shown += text;
    if (isAsked || !shown.includes(QUESTION)) return;
    isAsked = true;
    await meanwhile();
    child.stdin.write(answer);
  });
  const [code] = await once(child, "close");
  return { code, shown, isAsked };
}

async function left(): Promise<number[]> {
  return (await listOrphanTables({ connection, olderThan: 0 })).map(({ fileId }) => fileId);
}

/** Of the other user: the only table that is never to be removed. */
const others = () => listOrphanTables({ connection: other, olderThan: 0 });

test.each(["yes\r", "y\r", "YES\r"])("%j removes what was shown, and nothing else", async (answer) => {
  const { code, shown, isAsked } = await clean(answer);
  expect(shown).toContain(`file ${orphans[0]}`);
  expect(shown).toContain("wicked\\u001b[2J");
  expect(shown).not.toContain("another's");
  expect(shown).not.toContain("attached");
  expect(shown).toContain("Remove these 2 tables");
  expect(shown).toContain("2 removed");
  expect([code, isAsked]).toEqual([0, true]);
  expect(await left()).toEqual([]);
  expect(await others()).toHaveLength(1);
});

test.each(["no\r", "\r", "yess\r", "perhaps\r"])("%j removes nothing", async (answer) => {
  const { code, shown } = await clean(answer);
  expect(shown).toContain("nothing was removed");
  expect(code).toBe(0);
  expect(await left()).toEqual(expect.arrayContaining(orphans));
  await clean("", { args: ["--yes"] });
});

test("Ctrl-C at the question removes nothing, and says by its code that it was interrupted", async () => {
  const { code, shown } = await clean("\u0003");
  expect(shown).not.toContain("removed");
  expect(code).not.toBe(0);
  expect(await left()).toEqual(expect.arrayContaining(orphans));
  await clean("", { args: ["--yes"] });
});

test("--yes asks nothing", async () => {
  const { code, shown, isAsked } = await clean("", { args: ["--yes"] });
  expect([code, isAsked]).toEqual([0, false]);
  expect(shown).toContain("2 removed");
  expect(await left()).toEqual([]);
});

test("a table that was attached while it asked stays", async () => {
  const { shown } = await clean("yes\r", {
    meanwhile: async () => {
      const { createInstance } = await import("../../../src/connect/ice/schema/instance.js");
      const { rlong } = await import("../../../src/rtypes.js");
      const file = createInstance("::omero::model::OriginalFile", { id: rlong(orphans[0]!), loaded: false });
      const annotation = createInstance("::omero::model::FileAnnotation", { file, loaded: true });
      const parent = createInstance("::omero::model::Image", { id: rlong(1), loaded: false });
      const link = createInstance("::omero::model::ImageAnnotationLink", { parent, child: annotation, loaded: true });
      await connection.getUpdateService().saveAndReturnObject(link);
    },
  });
  expect(shown).toContain("1 removed");
  expect((await server.contents()).files.map(({ id }) => Number(id))).toContain(orphans[0]);
  expect(await left()).toEqual([]);
});
