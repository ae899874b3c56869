/** OMERO's own clients on the embedded server, and the same calls on it and on the reference server. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { ReferenceServer, runPython } from "./reference-server.js";

const script = (name: string) => fileURLToPath(new URL(`clients/${name}.py`, import.meta.url));

let server: OmeroServer;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-clients-"));
  server = await startServer({
    users: [
      { name: "user", password: "pass", groups: ["lab"] },
      { name: "root", password: "secret" },
    ],
    groups: [{ name: "lab", id: 5, permissions: "rwra--" }],
    optimisticLocks: false,
  });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

async function told(name: string, ...args: (string | number)[]): Promise<Record<string, unknown>> {
  const output = await runPython(script(name), args.map(String));
  return JSON.parse(output.trim().split("\n").at(-1)!.replaceAll("Infinity", "1e999"));
}

/**
 * What omero-py's servant lets through or calls an internal failure, and the embedded server refuses as the client's
 * mistake: the answers differ, and neither has an effect that the other lacks.
 */
const STRICTER: Record<string, [reference: unknown, embedded: unknown]> = {
  "where: text variable": ["InternalException", "ApiUsageException"],
  "where: kinds": ["InternalException", "ApiUsageException"],
};

describe("omero-py", () => {
  it("gets the same answers from the embedded server as from its own table servants", async () => {
    await using reference = await ReferenceServer.start();
    const [theirs, ours] = await Promise.all([
      told("table_interface", reference.port),
      told("table_interface", server.port),
    ]);
    expect(Object.keys(theirs).length).toBeGreaterThan(90);
    for (const [name, [expected, embedded]] of Object.entries(STRICTER)) {
      expect([name, theirs[name], ours[name]]).toEqual([name, expected, embedded]);
      delete theirs[name];
      delete ours[name];
    }
    expect(ours).toEqual(theirs);
    expect((await server.contents()).openTables.size).toBe(0);
  });
});

describe("BlitzGateway", () => {
  it("connects, finds, annotates, attaches, deletes, and acts as another user", async () => {
    expect(await told("gateway", server.tlsPort)).toEqual({
      user: ["user", "lab", false, true],
      images: ["Image 1", "Image 2"],
      missing: true,
      rights: [true, true, true, "user"],
      "by name": [3],
      page: [4, 5],
      groups: ["lab"],
      wells: [1, 2, 3, 4],
      annotations: [
        ["FileAnnotationWrapper", "test.csv"],
        ["MapAnnotationWrapper", "test.map"],
        ["TagAnnotationWrapper", null],
      ],
      file: [true, 40_000],
      map: [["key", "välue"]],
      counts: {
        TagAnnotation: 1,
        FileAnnotation: 1,
        CommentAnnotation: 0,
        LongAnnotation: 0,
        MapAnnotation: 1,
        OtherAnnotation: 0,
      },
      "by map": [1],
      "by tag": [1],
      "file annotations": [true],
      table: "from gateway",
      "table left": [null, null],
      children: ["Image 2"],
      parents: ["new"],
      shapes: [1.5],
      rois: 2,
      left: [0, true],
      root: [true, true],
      acting: ["user", "root"],
      plain: "Image 1",
    });
  });
});

describe("omero2pandas", () => {
  it("uploads, reads, queries and downloads tables and CSV files", async () => {
    const { "wide text": wide, "no table": noTable, ...rest } = await told("omero2pandas_all", server.port);
    expect(rest).toEqual({
      size: [20_000, 6],
      columns: ["image", "label", "value", "class", "good", "a b"],
      whole: true,
      "by file": true,
      rows: true,
      query: true,
      variables: [0, 1, 2, 3],
      downloaded: true,
      "from CSV": [20_000, 6],
      "read CSV": true,
      "download CSV": true,
      "no file": "AssertionError: OriginalFile with ID 12345 not found",
      "no image": "ValueError: Image #12345 not found",
    });
    expect(noTable).toMatch(/is not a valid OMERO.tables object/);
    expect(wide).toBe("ValidationException: Maximum string (byte) length in column s is 4");
    expect((await server.contents()).openTables.size).toBe(0);
  });
});

describe("ezomero", () => {
  it("posts and gets tables", async () => {
    expect(await told("ezomero_tables", server.tlsPort)).toEqual({
      frame: true,
      rows: [
        [1, 10.5, "e", true],
        [2, 30.25, "zz", false],
      ],
      missing: true,
      linked: true,
      group: 5,
    });
  });
});

describe("the omero command", () => {
  it("logs in, keeps its session, works in it and logs out", async () => {
    const sessions = join(directory, "sessions");
    process.env.OMERO_SESSIONDIR = sessions;
    const omero = (...args: string[]) => runPython(script("command_line"), args);
    const login = ["login", `user@127.0.0.1:${server.tlsPort}`, "-w", "pass"];
    await omero(...login);
    const stored = join(sessions, "127.0.0.1", "user");
    const [uuid] = (await readdir(stored)).filter((name) => !name.startsWith("."));
    expect(await readFile(join(stored, uuid!), "utf8")).toContain(`omero.sess=${uuid}`);
    await omero(...login);
    expect((await readdir(stored)).filter((name) => !name.startsWith("."))).toEqual([uuid]);
    expect(await omero("sessions", "list")).toContain("Logged in");
    await omero("sessions", "timeout", "1200");
    expect(await omero("sessions", "who")).toContain("20 min");
    const found = await omero("hql", "-q", "--style", "plain", "select i.id, i.name from Image i where i.id < 3");
    expect(found.trim().split("\n")).toEqual(["0,1,Image 1", "1,2,Image 2"]);
    const tag = (await omero("obj", "new", "TagAnnotation", "textValue=hello")).trim();
    expect(tag).toMatch(/^TagAnnotation:\d+$/);
    expect(await omero("delete", tag)).toContain("ok");
    await omero("logout");
    expect((await server.contents()).sessions.filter(({ user }) => user === "user")).toEqual([]);
    await omero("login", "--sudo", "root", `user@127.0.0.1:${server.tlsPort}`, "-w", "secret");
    expect(await omero("sessions", "group")).toContain("ExperimenterGroup:5");
    await omero("logout");
    delete process.env.OMERO_SESSIONDIR;
  });
});
