/** omero2pandas and this package ask a web server for the same things, and agree on the paths of remote tables. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { remotePaths } from "../../src/write/destinations/remote-paths.js";
import { type RegisterOptions, registerTable } from "../../src/write/index.js";
import { type Certificates, makeCertificates } from "../connect/ice/certificates.js";
import { type Answer, connectionOf, json, type RecordedRequest, ScriptedWeb } from "../write/remote/scripted-web.js";
import { PythonError, PythonSession } from "./python-session.js";

const SESSION = "6a0ff0b8-3b1f-4a56-9d8e-7c1d2e3f4a5b";
const TOKEN = "Wq3nV0yTz-8Kc5Rb1Lx_7HdPs2Jm9Gf4Ae6Uo0Ii_Yk";

/** What a test needs of omero2pandas, with no OMERO server: a connection only has a host and a session. */
const PREPARE = `
  import os
  import omero2pandas.remote as registering

  class Connector:
      def __init__(self, server, session):
          self.server = server
          self.session = session
      def getSessionId(self):
          return self.session

  registering.get_connection = lambda client: client
  register_table = registering.register_table

  def paths(table_name, local_path, remote_path):
      seen = []
      registering.create_tiledb = lambda source, path, chunk_size: seen.append(os.path.abspath(path))
      registering.register_table = lambda connector, path, *others, **options: seen.append(str(path))
      registering.create_remote_table(None, table_name, local_path, remote_path=remote_path)
      return seen
`;

let folder: string;
let certificates: Certificates;
let python: PythonSession;
let web: ScriptedWeb;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "registration-requests-"));
  certificates = makeCertificates();
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, certificates.authority.cert);
  python = await PythonSession.start(PREPARE, { REQUESTS_CA_BUNDLE: authority });
  web = await ScriptedWeb.start(certificates.localhost);
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await python[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Headers that say which program asks, not what for. */
const OF_THE_PROGRAM = ["user-agent", "accept", "accept-encoding", "connection", "content-length"];

function meaning({ method, target, headers, body }: RecordedRequest): object {
  const asked = Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_PROGRAM.includes(name)));
  return {
    method,
    target,
    headers: asked,
    body: body === "" ? "" : JSON.parse(body),
    order: Object.keys(toObject(body)),
  };
}

function toObject(body: string): object {
  return body === "" ? {} : (JSON.parse(body) as object);
}

interface Registered {
  readonly name: string;
  readonly remotePath: string;
  readonly links: [string, number][];
  readonly prefix?: string;
  /** `Set-Cookie` of the first answer. */
  readonly cookies?: string[];
}

const CASES: Record<string, Registered> = {
  plain: { name: "cells", remotePath: "/data/cells.tiledb", links: [["Image", 101]] },
  "several objects": {
    name: "cells",
    remotePath: "/data/cells.tiledb",
    links: [
      ["Image", 101],
      ["Dataset", 2],
      ["Roi", 9007199254740991],
    ],
  },
  "names of any language": { name: 'Meßwerte "1" 🔬', remotePath: "/data/ü b/🔬.tiledb", links: [["Well", 1]] },
  "a Windows path": { name: "cells", remotePath: "C:\\tables\\a b.tiledb", links: [["Plate", 1]] },
  "a prefix without a slash": { name: "a", remotePath: "/a", links: [["Image", 1]], prefix: "omero" },
  "a prefix with slashes": { name: "a", remotePath: "/a", links: [["Image", 1]], prefix: "/lab/omero/" },
  "several cookies": {
    name: "a",
    remotePath: "/a",
    links: [["Image", 1]],
    cookies: ["csrftoken=abc; Path=/; Max-Age=31449600; Secure; SameSite=Lax", "route=node-1; Path=/; HttpOnly"],
  },
  "cookies taken back or of elsewhere": {
    name: "a",
    remotePath: "/a",
    links: [["Image", 1]],
    cookies: [
      "csrftoken=abc; Path=/",
      "old=1; Max-Age=0; Path=/",
      "other=1; Path=/elsewhere",
      "new=2; Path=/omero_plus",
    ],
  },
  "no cookies": { name: "a", remotePath: "/a", links: [["Image", 1]], cookies: [] },
};

describe("register_table", () => {
  it.each(Object.keys(CASES))("sends the same requests: %s", async (name) => {
    const table = CASES[name]!;
    const cookies = table.cookies ?? ["csrftoken=abc; Path=/; Secure"];
    web.answers.GET = json({ data: "M".repeat(64) }, 200, { "Set-Cookie": cookies });
    web.answers.POST = json({ data: { file_annotation: 77 } });

    web.requests.length = 0;
    const inputs = {
      ...table,
      prefix: table.prefix ?? "",
      server: `localhost:${web.port}`,
      session: SESSION,
      token: TOKEN,
    };
    const theirs = await python.run(
      `
      links = [tuple(link) for link in links]
      result = register_table(Connector(server, session), remotePath, name, links, token, prefix=prefix)
      `,
      inputs,
    );
    const their = web.requests.splice(0).map(meaning);
    const ours = await registerTable(connectionOf("localhost", SESSION), table.remotePath, ourOptions(table));
    expect(web.requests.map(meaning)).toEqual(their);
    expect(their.length).toBe(2);
    expect([theirs, ours]).toEqual([77, 77]);
  });

  it.each<[string, Answer]>([
    ["404", { status: 404, body: "no" }],
    ["403", json({ message: "no" }, 403)],
    ["302", { status: 302, headers: { Location: "/login" } }],
    ["500", { status: 500 }],
    ["another JSON", json({})],
    ["no JSON", { body: "<html>" }],
  ])("fails in both where the server answers with %s", async (_, answer) => {
    web.answers.GET = json({ data: "M".repeat(64) });
    web.answers.POST = answer;
    web.requests.length = 0;
    const inputs = { server: `localhost:${web.port}`, session: SESSION, token: TOKEN };
    const theirs = python.run(
      'result = register_table(Connector(server, session), "/a", "a", [("Image", 1)], token)',
      inputs,
    );
    await expect(theirs).rejects.toThrow(PythonError);
    const their = web.requests.splice(0).map(meaning);
    const table = { name: "a", remotePath: "/a", links: [["Image", 1]] as [string, number][] };
    await expect(registerTable(connectionOf("localhost", SESSION), "/a", ourOptions(table))).rejects.toThrow();
    expect(web.requests.map(meaning)).toEqual(their);
  });
});

function ourOptions({ name, links, prefix }: Registered): RegisterOptions {
  const server = `localhost:${web.port}`;
  return { tableName: name, links, token: TOKEN, prefix, server, ca: certificates.authority.cert };
}

describe("the paths of a remote table", () => {
  /** Table name, local path below the folder, remote path. */
  const SAME: [name: string, local: string, remote: string | undefined][] = [
    ["cells", "", undefined],
    ["cells", "", "/data"],
    ["cells", "", "/data/"],
    ["cells", "", "/"],
    ["cells", "", "relative/path"],
    ["cells", "", "/data/.tiledb"],
    ["Meßwerte 1", "", "/data/ü b"],
    ["cells", "new.tiledb", undefined],
    ["cells", "new.tiledb", "/data"],
    ["cells", "new.tiledb", "/data/other.tiledb"],
    ["cells", "new.tiledb", "/data/other.tiledb/"],
    ["cells", "new", "/data"],
    ["cells", "new", undefined],
    ["cells", "folder.tiledb", "/data"],
    ["cells", "new.tiledb", "C:\\tables\\other.tiledb"],
    ["cells.tiledb", "", "/data"],
  ];
  beforeAll(() => mkdirSync(join(folder, "folder.tiledb")));

  it.each(SAME)("are the same: %s, %s, %s", async (name, local, remote) => {
    const path = join(folder, local);
    const [localPath, remotePath] = await python.run<string[]>("result = paths(name, path, remote)", {
      name,
      path,
      remote: remote ?? null,
    });
    expect(await remotePaths(name, path, remote)).toEqual({ localPath, remotePath });
  });

  /** Where omero2pandas cuts names at a dot, or takes a path for one of this system: what it makes, what we make. */
  const BETTER: [name: string, local: string, remote: string, theirs: [string, string], ours: [string, string]][] = [
    ["v1.5 cells", "", "/data", ["v1.tiledb", "/data/v1.tiledb"], ["v1.5 cells.tiledb", "/data/v1.5 cells.tiledb"]],
    [
      "cells",
      "",
      "C:\\tables",
      ["cells.tiledb", "C:\\tables/cells.tiledb"],
      ["cells.tiledb", "C:\\tables\\cells.tiledb"],
    ],
    [
      "cells",
      "",
      "s3://bucket",
      ["cells.tiledb", "s3:/bucket/cells.tiledb"],
      ["cells.tiledb", "s3://bucket/cells.tiledb"],
    ],
  ];
  it.each(BETTER)("differ where theirs lose something: %s, %s, %s", async (name, local, remote, theirs, ours) => {
    const path = join(folder, local);
    const their = await python.run<string[]>("result = paths(name, path, remote)", { name, path, remote });
    expect(their).toEqual([join(folder, theirs[0]), theirs[1]]);
    expect(await remotePaths(name, path, remote)).toEqual({ localPath: join(folder, ours[0]), remotePath: ours[1] });
  });
});
