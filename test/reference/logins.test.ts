/**
 * Logging in with OMERO's own programs on the embedded server, and sharing their sessions: `omero login`,
 * omero-user-token, omero-py, BlitzGateway, ezomero and every way in of omero2pandas; with what each user may do then.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectFrom } from "../../src/connect/connect-to-omero.js";
import type { Surroundings } from "../../src/connect/credentials/credentials.js";
import { createInstance } from "../../src/connect/ice/schema/instance.js";
import type { ConnectOptions, OmeroConnection } from "../../src/connect/index.js";
import { getTableSize, readArrow } from "../../src/read/index.js";
import { rstring } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { restoreCells } from "../support/stated-cells.js";
import { type Frame, PythonSession } from "./python-session.js";
import { runPython } from "./reference-server.js";

let server: OmeroServer;
let directory: string;
let python: PythonSession;
let user: OmeroConnection;
/** Of a table in the read-only group. */
let annotationId: number;
let fileId: number;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-logins-"));
  const environment = {
    HOME: directory,
    OMERO_SESSIONDIR: join(directory, "sessions"),
    OMERO_USER_TOKEN_DIR: join(directory, "token"),
  };
  Object.assign(process.env, environment);
  [server, python] = await Promise.all([
    startServer({
      users: [
        { name: "user", password: "pass", groups: ["lab", "notes"] },
        { name: "colleague", password: "word", groups: ["lab", "own"] },
        { name: "root", password: "secret" },
      ],
      groups: [
        { name: "lab", id: 5, permissions: "rwr---" },
        { name: "notes", id: 6, permissions: "rwra--" },
        { name: "own", id: 7, permissions: "rw----" },
      ],
    }),
    PythonSession.start(
      `
      import omero, omero.clients, omero.grid as grid, omero2pandas, ezomero, omero_user_token, os, pandas as pd
      from omero.gateway import BlitzGateway

      def size(**how):
          return omero2pandas.get_table_size(annotation_id=annotation, **how)
      `,
      environment,
    ),
  ]);
  user = await connect({ username: "user", password: "pass" });
  const columns = { n: [1, 2, 3], text: ["a", "é", ""] };
  const uploaded = await uploadTable(columns, "shared", { connection: user, parentId: 1 });
  annotationId = Number(uploaded.annotationId);
  fileId = Number(uploaded.fileId);
  await python.run("port, annotation, file = tls, a, f", { tls: server.tlsPort, a: annotationId, f: fileId });
});
afterAll(async () => {
  await user?.close();
  await python?.[Symbol.asyncDispose]();
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});

function connect(options: ConnectOptions): Promise<OmeroConnection> {
  return connectFrom(surroundings(), { server: `127.0.0.1:${server.tlsPort}`, interactive: false, ...options });
}

/** What of this process' surroundings is there in these tests, with nobody to ask. */
function surroundings(): Surroundings {
  return { env: process.env, home: directory, platform: process.platform, ask: undefined };
}

async function failure(work: Promise<OmeroConnection>): Promise<{ code: string; message: string }> {
  const connection = await work.catch((error) => error);
  expect(connection).toBeInstanceOf(Error);
  return connection;
}

const omero = (...args: string[]) =>
  runPython(fileURLToPath(new URL("clients/command_line.py", import.meta.url)), args);

describe("omero login", () => {
  const sessions = async (name: string) =>
    (await readdir(join(directory, "sessions", "127.0.0.1", name))).filter((file) => !file.startsWith("."));

  it("stores a session that is then ours too, and outlives our use of it", async () => {
    expect((await failure(connectFrom(surroundings(), { interactive: false }))).code).toBe("MISSING_CREDENTIALS");
    await omero("login", `user@127.0.0.1:${server.tlsPort}`, "-w", "pass", "-g", "notes");
    const [key] = await sessions("user");
    expect(await readFile(join(directory, "sessions", "127.0.0.1", "user", key!), "utf8")).toContain(
      "omero.group=notes",
    );

    for (const options of [{}, { server: "127.0.0.1", port: server.tlsPort }, { username: "user", group: "notes" }]) {
      await using joined = await connectFrom(surroundings(), { interactive: false, ...options });
      expect([joined.session.uuid, joined.session.userName, joined.session.groupName]).toEqual([key, "user", "notes"]);
      expect(await getTableSize({ connection: joined, annotationId })).toEqual([3, 2]);
    }
    expect(await omero("sessions", "who")).toContain("user");

    const elsewhere = await failure(connectFrom(surroundings(), { server: "127.0.0.1:1", interactive: false }));
    expect(elsewhere).toMatchObject({ code: "MISSING_CREDENTIALS", message: expect.stringMatching(/for port/) });
    const other = await failure(connect({ username: "colleague" }));
    expect(other.code).toBe("MISSING_CREDENTIALS");
    expect(`${elsewhere.message}${other.message}`).not.toContain(key);
  });

  it("ends with omero logout, and is not ours any more", async () => {
    const [key] = await sessions("user");
    await omero("logout");
    expect(await sessions("user")).toEqual([]);
    expect((await failure(connectFrom(surroundings(), { interactive: false }))).code).toBe("MISSING_CREDENTIALS");
    expect((await failure(connect({ sessionKey: key! }))).code).toBe("SESSION_EXPIRED");
  });
});

describe("the environment of omero-py and ezomero", () => {
  it("is ours", async () => {
    const env = {
      OMERO_HOST: "127.0.0.1",
      OMERO_PORT: String(server.tlsPort),
      OMERO_USER: "user",
      OMERO_GROUP: "notes",
    };
    for (const password of [{ OMERO_PASSWORD: "pass" }, { OMERO_PASS: "pass" }]) {
      const around = { ...surroundings(), env: { ...env, ...password } };
      await using connection = await connectFrom(around, { interactive: false });
      expect([connection.session.userName, connection.session.groupName]).toEqual(["user", "notes"]);
    }
    const ezomero = await python.run(
      `
      os.environ.update(env, OMERO_GROUP="lab", OMERO_PASS="pass", OMERO_SECURE="True")
      conn = ezomero.connect(config_path=directory)
      result = [conn.getUser().getName(), conn.getGroupFromContext().getName(), len(ezomero.get_table(conn, annotation))]
      conn.close()
      for name in ("OMERO_HOST", "OMERO_PORT", "OMERO_USER", "OMERO_GROUP", "OMERO_PASS", "OMERO_SECURE"):
          del os.environ[name]
      `,
      { env, directory },
    );
    expect(ezomero).toEqual(["user", "lab", 3]);
  });
});

describe("omero-user-token", () => {
  it("makes a token that is ours and omero2pandas'", async () => {
    const token = await python.run<string>(
      "result = omero_user_token.setter('127.0.0.1', port, 'user', 'pass', 3_600_000)",
    );
    const [key] = token.split("@");
    await using joined = await connectFrom(surroundings(), { interactive: false });
    expect([joined.session.uuid, joined.session.timeToIdle]).toEqual([key, 3_600_000]);
    expect(await getTableSize({ connection: joined, fileId })).toEqual([3, 2]);
    expect(await python.run("result = size()")).toEqual([3, 2]);
    expect(await python.run("result = omero_user_token.getter()")).toBe(token);
    const refused = await failure(connectFrom(surroundings(), { interactive: false, allowToken: false }));
    expect(refused.code).toBe("MISSING_CREDENTIALS");
    expect(refused.message).not.toContain(key);
  });

  it("whose session has ended is passed over, and named", async () => {
    await python.run(`
      key = omero_user_token.get_token().split("@")[0]
      client = omero.client("127.0.0.1", port)
      client.joinSession(key)
      client.killSession()
    `);
    const refused = await failure(connectFrom(surroundings(), { interactive: false }));
    expect(refused).toMatchObject({ code: "MISSING_CREDENTIALS", message: expect.stringMatching(/user token/) });
    await rm(join(directory, "token", "token"));
  });
});

describe("omero2pandas", () => {
  it("reads with credentials, a session key, a client or a gateway", async () => {
    const found = await python.run<Record<string, unknown>>(
      `
      login = {"server": "127.0.0.1", "port": port, "username": "user", "password": "pass"}
      client = omero.client("127.0.0.1", port)
      client.createSession("user", "pass")
      by_key = omero2pandas.connect_to_omero(server="127.0.0.1", port=port, session_key=key, interactive=False)
      result = {
          "credentials": size(**login),
          "columns": omero2pandas.get_table_columns(file_id=file, **login),
          "frame": omero2pandas.read_table(file_id=file, **login),
          "key": size(omero_connector=by_key),
          "client": size(omero_connector=client),
          "gateway": size(omero_connector=BlitzGateway(client_obj=client)),
          "connected": omero2pandas.connect_to_omero(interactive=False, **login).connected,
          "refused": omero2pandas.connect_to_omero(interactive=False, **dict(login, password="no")).connected,
      }
      by_key.shutdown()
      client.closeSession()
      `,
      { key: user.session.uuid },
    );
    const { frame, ...rest } = found as { frame: Frame };
    expect(rest).toEqual({
      credentials: [3, 2],
      columns: ["n", "text"],
      key: [3, 2],
      client: [3, 2],
      gateway: [3, 2],
      connected: true,
      refused: false,
    });
    expect(restoreCells(frame)).toEqual([
      [1n, 2n, 3n],
      ["a", "é", ""],
    ]);
    expect((await user.getSessionInfo()).userName).toBe("user");
  });

  it("asks on the terminal for what is missing", async () => {
    expect(
      await python.run(`
        import builtins, getpass
        answers = ["127.0.0.1", str(port), "user"]
        before = builtins.input, getpass.getpass
        builtins.input, getpass.getpass = lambda prompt: answers.pop(0), lambda prompt: "pass"
        try:
            asked = omero2pandas.connect_to_omero(allow_token=False)
            result = [asked.connected, size(omero_connector=asked), answers]
        finally:
            builtins.input, getpass.getpass = before
        asked.shutdown()
      `),
    ).toEqual([true, [3, 2], []]);
  });

  it("uploads and downloads with credentials alone", async () => {
    const target = join(directory, "download.csv");
    const source = join(directory, "upload.csv");
    await writeFile(source, "image,area\n1,0.5\n2,1.5\n");
    const made = await python.run<{ annotation: number; csv: Frame }>(
      `
      login = {"server": "127.0.0.1", "port": port, "username": "user", "password": "pass"}
      annotation_made = omero2pandas.upload_table(source, "theirs", 2, links=[("dataset", 1), ("Roi", 1)], **login)
      omero2pandas.download_table(target, annotation_id=annotation_made, **login)
      conn = BlitzGateway("user", "pass", host="127.0.0.1", port=port, secure=True)
      conn.connect()
      attached = conn.createFileAnnfromLocalFile(source, mimetype="text/csv")
      csv = omero2pandas.read_csv(annotation_id=attached.getId(), column_names=["area"], chunk_size=7, **login)
      omero2pandas.download_csv(target + ".raw", annotation_id=attached.getId(), chunk_size=5, **login)
      conn.close()
      result = {"annotation": annotation_made, "csv": csv}
      `,
      { source, target },
    );
    expect(await readFile(target, "utf8")).toBe(",image,area\n0,1,0.5\n1,2,1.5\n");
    expect(await readFile(`${target}.raw`, "utf8")).toBe(await readFile(source, "utf8"));
    expect(restoreCells(made.csv)).toEqual([[0.5, 1.5]]);
    const arrow = await readArrow({ connection: user, annotationId: made.annotation });
    expect(arrow.toArray().map((row) => row!.toJSON())).toEqual([
      { image: 1n, area: 0.5 },
      { image: 2n, area: 1.5 },
    ]);
    const { links } = await server.contents();
    const parents = links.filter(({ child }) => child.id === made.annotation).map(({ parent }) => parent.type);
    expect(parents.sort()).toEqual(["Dataset", "Image", "Roi"]);
  });
});

describe("omero-py", () => {
  it("joins our session, gives us its own, leaves TLS, moves files", async () => {
    const theirs = await python.run<{ joined: string; own: string; plain: boolean; same: boolean }>(
      `
      ours = omero.client("127.0.0.1", port)
      ours.joinSession(key)
      ours.getSession().detachOnDestroy()
      joined = ours.sf.getAdminService().getEventContext().userName
      mine = omero.client("127.0.0.1", port)
      mine.createSession("user", "pass")
      plain = mine.createClient(False)
      path = os.path.join(directory, "moved.bin")
      with open(path, "wb") as out:
          out.write(bytes(range(256)) * 5000)
      uploaded = plain.upload(path)
      plain.download(uploaded, path + ".back")
      with open(path, "rb") as before, open(path + ".back", "rb") as after:
          same = before.read() == after.read()
      result = {"joined": joined, "own": mine.getSessionId(), "plain": not plain.isSecure(), "same": same}
      ours.closeSession()
      `,
      { key: user.session.uuid, directory },
    );
    expect(theirs).toMatchObject({ joined: "user", plain: true, same: true });
    await using joined = await connect({ sessionKey: theirs.own });
    expect(await getTableSize({ connection: joined, fileId })).toEqual([3, 2]);
    expect((await user.getSessionInfo()).userName).toBe("user");
    await python.run("plain.closeSession(); mine.closeSession()");
  });

  it("is refused with a wrong password, and joins no session that is not there", async () => {
    expect(
      await python.run(`
        def refusal(call):
            try:
                call()
            except Exception as e:
                return type(e).__name__
        client = omero.client("127.0.0.1", port)
        result = [
            refusal(lambda: client.createSession("user", "wrong")),
            refusal(lambda: client.createSession("nobody", "pass")),
            refusal(lambda: client.joinSession("00000000-0000-0000-0000-000000000000")),
        ]
      `),
    ).toEqual(["PermissionDeniedException", "PermissionDeniedException", "PermissionDeniedException"]);
  });

  it("may do with others' tables what their group allows", async () => {
    const own = await connect({ username: "colleague", password: "word" });
    const hidden = await own.withGroup("own", async (connection) => {
      const tag = createInstance("::omero::model::TagAnnotation", { textValue: rstring("private"), loaded: true });
      return (await connection.getUpdateService().saveAndReturnObject(tag))!.id!.val;
    });
    await own.close();
    expect(
      await python.run(
        `
        def attempt(call):
            try:
                return call()
            except Exception as e:
                return type(e).__name__
        conn = BlitzGateway("colleague", "word", host="127.0.0.1", port=port, secure=True)
        conn.connect()
        image = conn.getObject("Image", 1)
        table = conn.c.sf.sharedResources().openTable(omero.model.OriginalFileI(file, False))
        rows = table.getNumberOfRows()
        link = omero.model.ImageAnnotationLinkI()
        link.setParent(omero.model.ImageI(1, False))
        link.setChild(omero.model.TagAnnotationI())
        link.child.textValue = omero.rtypes.rstring("mine")
        root = BlitzGateway("root", "secret", host="127.0.0.1", port=port, secure=True)
        root.connect()
        root.SERVICE_OPTS.setOmeroGroup("-1")
        user = BlitzGateway("user", "pass", host="127.0.0.1", port=port, secure=True)
        user.connect()
        user.SERVICE_OPTS.setOmeroGroup("-1")
        result = {
            "rights": [image.canEdit(), image.canAnnotate(), image.canDelete(), image.canLink()],
            "rows": rows,
            "add": attempt(lambda: table.addData([grid.LongColumn("n", "", [4]), grid.StringColumn("text", "", 2, ["x"])])),
            "metadata": attempt(lambda: table.setMetadata("a", omero.rtypes.rlong(1))),
            "annotate": attempt(lambda: conn.getUpdateService().saveObject(link)),
            "delete": attempt(lambda: conn.deleteObjects("OriginalFile", [file], wait=True)),
            "group": attempt(lambda: conn.getQueryService().find("Image", 1, {"omero.group": "6"})),
            "hidden from user": user.getObject("TagAnnotation", hidden) is None,
            "seen by root": root.getObject("TagAnnotation", hidden).getValue(),
            "ezomero": ezomero.post_table(conn, [["a"], [1]], "Image", 12345),
        }
        table.close()
        for each in (conn, root, user):
            each.close()
        `,
        { hidden: Number(hidden) },
      ),
    ).toEqual({
      rights: [false, false, false, false],
      rows: 3,
      add: "SecurityViolation",
      metadata: "SecurityViolation",
      annotate: "SecurityViolation",
      delete: "CmdError",
      group: "SecurityViolation",
      "hidden from user": true,
      "seen by root": "private",
      ezomero: null,
    });
    expect(await getTableSize({ connection: user, fileId })).toEqual([3, 2]);
  });
});
